// What the server says about itself and its configuration, as docs/interface.md has it.

import { language } from "../core/words";

export type Health = "ok" | "warning" | "red";

export interface Finding {
  what: string;
  health: Health;
  said: string;
  mend: string;
  japanese: { said: string; mend: string };
}

export interface Status {
  version: string;
  asterisk: string;
  since: string;
  emergency: string | null;
  standby: string | null;
  spool_depth: number;
  calls: Record<string, number>;
  agents: Record<string, number>;
  alerts: { key: string; severity: "warning" | "critical"; text: string }[];
}

/** File name → text; `centre.toml` among the operations staff's own dialplan files. */
export type Files = Record<string, string>;

export interface Config {
  version: number;
  centre: string;
  custom: Files;
  edited: { centre: string; custom: Files; differs: boolean };
}

/** Something wrong; line 0 is the whole file. */
export interface Mistake {
  file: string;
  line: number;
  sentence: string;
  /** Null where there is English alone. */
  japanese: string | null;
}

/** What is wrong, in the language of the page. */
export function told({ sentence, japanese }: Mistake): string {
  return (language() === "ja" && japanese) || sentence;
}

export interface Differences {
  files: Files;
  sources: Files;
}

export interface Applied {
  version: number;
  changed: string[];
  at_next_start: string[];
  restarts: boolean;
}

export interface Version {
  version: number;
  state: "applied" | "taken-back" | "applying";
  at: string;
  by: string;
  why: string;
  rollback_to: number | null;
  reason: string | null;
}

export interface Replay {
  on: string;
  calls: number;
  elsewhere: { id: string; at: string; before: string; after: string }[];
}
