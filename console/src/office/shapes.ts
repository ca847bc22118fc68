// What the pages of the city and of the manager read, as docs/interface.md has it.

export interface Day {
  open: boolean;
  hours: { opens: string; closes: string }[];
  reason: string;
  next_opening: string | null;
}

export interface Case {
  number: string;
  kind: string;
  kind_title: string;
  caller: string | null;
  caller_written: string;
  state: "open" | "seen" | "done";
  state_title: string;
  waits_for: "city" | "centre" | null;
  opened_at: string;
  due_at: string | null;
  overdue: boolean;
  summary: string;
  details: { name?: string; kana?: string; content?: string; report?: string };
  version: number;
}

export interface Recorded {
  id: string;
  caller: string | null;
  started_at: string;
  outcome: string | null;
  disposition: string | null;
  agent: string | null;
  waited_s: number | null;
  talked_s: number | null;
  direction: "inbound" | "outbound";
}

/** One record whole, with all that happened in it. */
export interface OneRecord extends Recorded {
  timeline: { at: string; kind: string; text?: string }[];
}
