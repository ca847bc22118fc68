// What the floor's stream says, as docs/interface.md has it.

import type { Agent, Alert, Call, Queue, Reason } from "../core/shapes";

/** Calls of some time that have ended; rates in percent, null without calls. */
export interface Tally {
  offered: number;
  answered: number;
  answer_rate: number | null;
  service_level: number | null;
  may_be_lost: number;
}

export interface Figures {
  as_of: string;
  goal: number;
  today: Tally;
  month: Tally;
  undelivered: number;
}

export interface Notice {
  text: string;
  by?: string;
}

interface Changes {
  seq: number;
  calls?: Call[];
  agents?: Agent[];
  queues?: Queue[];
  alerts?: Alert[];
  figures?: Figures | null;
  notices?: Notice[];
}

export type FloorMessage =
  | (Changes & { type: "delta" })
  | (Changes & { type: "snapshot"; definitions: Record<string, string>; pause_reasons: Reason[] });
