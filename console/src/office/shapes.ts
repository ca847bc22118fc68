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
  recording: { seconds: number | null } | null;
}

/** One record whole, with all that happened in it. */
export interface OneRecord extends Recorded {
  timeline: { at: string; kind: string; text?: string }[];
}

export type ReportKind = "daily" | "monthly";
export type Cell = string | number | null;

export interface ReportTable {
  name: string;
  title: string;
  columns: { name: string; title: string }[];
  rows: Cell[][];
}

export interface Report {
  kind: ReportKind;
  title: string;
  since: string;
  until: string;
  made_at: string;
  complete: boolean;
  figures: { name: string; title: string; value: Cell }[];
  tables: ReportTable[];
  definitions: Record<string, string>;
}

export interface Criterion {
  name: string;
  title: string;
  most: number;
  hint: string;
}

export interface Mark {
  id: number;
  at_s: number;
  text: string;
  by: string;
}

export interface Scorecard {
  call: string;
  agent: string;
  by: string;
  scored_at: string;
  points: { name: string; title: string; points: number | null; most: number }[];
  reached: number;
  most: number;
  percent: number;
  comment: string | null;
}

/** What is known of one call's quality; *recording_s* is null while its recording cannot be played. */
export interface CallQuality {
  call: string;
  agent: string | null;
  recording_s: number | null;
  form: Criterion[];
  marks: Mark[];
  scorecards: Scorecard[];
}

export interface ScorecardList {
  scorecards: Scorecard[];
  averages: { agent: string; scorecards: number; percent: number }[];
}
