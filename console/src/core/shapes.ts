// What the server says, as docs/interface.md has it. Only what the pages read.

export type Role = "operator" | "supervisor" | "manager" | "city" | "ops";
export type FirstStep = "change-password" | "enrol-totp";

export interface Session {
  user: string;
  title: string;
  role: Role;
  csrf_token: string;
  missing: FirstStep[];
}

export interface FieldFault {
  field: string;
  detail: string;
}

export type AgentState =
  | "logged-out"
  | "ready"
  | "offered"
  | "talking"
  | "after-call"
  | "paused"
  | "not-responding";

export interface Agent {
  name: string;
  title: string;
  extension: string;
  state: AgentState;
  reason: string | null;
  since: string;
  call: string | null;
  pending_pause: string | null;
  registered: boolean;
  acw_until: string | null;
  role?: Role;
}

/** A place that callers are referred to. */
export interface Referral {
  name: string;
  title: string;
  number_written: string;
  open_now: boolean;
  transfer: boolean;
}

export interface Supervision {
  supervisor: string;
  mode: Mode;
  since: string;
}

export type Mode = "listen" | "whisper" | "barge" | "takeover";

/** How far somebody who stands in line has come. */
export interface LinePlace {
  tier: number;
  tiers: number;
  tier_opens_at: string | null;
  step: number | null;
  steps: number;
  step_comes_at: string | null;
  choices: string[];
}

export interface Queue {
  name: string;
  title: string;
  waiting: number;
  longest_wait_since: string | null;
  ready: number;
  talking: number;
  paused: number;
  expected_wait_s: number | null;
  slope?: number;
}

export interface Callback {
  number_written: string;
  asked_at: string;
  attempts: number;
  due_by: string;
}

export interface EarlierCall {
  id: string;
  at: string;
  outcome: string | null;
  disposition: string | null;
  agent: string | null;
}

export interface History {
  calls: EarlierCall[];
  reservations: Reservation[] | null;
}

export type HistoryState = "ready" | "pending" | "unavailable" | "withheld";

export interface Known {
  history: History | null;
  history_state: HistoryState;
}

/** What somebody joins a call for. */
export type Joining = "consult" | "advise" | "conference" | "complete";

export interface Joined {
  operator: string;
  mode: Joining;
  joined: boolean;
}

/** A live call; in its last message only *id* and *state* ("ended") are left. */
export interface Call extends Partial<Known> {
  id: string;
  consultation?: Joined[];
  state: string;
  agent?: string | null;
  caller?: string | null;
  caller_written?: string;
  withheld?: boolean;
  queue?: string | null;
  menu_path?: string[];
  arrived_at?: string;
  waiting_since?: string | null;
  connected_at?: string | null;
  recording_paused?: boolean;
  callback?: Callback | null;
  priority?: number | null;
  supervision?: Supervision[];
  line?: LinePlace | null;
  outreach?: number | null;
}

export interface Offer extends Known {
  offer: string;
  call: string;
  queue?: string;
  queue_title?: string;
  script?: string | null;
  caller?: string | null;
  caller_written?: string;
  withheld?: boolean;
  menu_path?: string[];
  arrived_at?: string;
  waited_s?: number;
  callback?: Callback | null;
  outreach?: number | null;
}

/** An outreach call that has reached nobody: why, and what came of it where the telephone knows. */
export interface NotReached {
  call: string;
  outreach: number;
  result: string;
  proposed: string | null;
}

export interface Alert {
  key: string;
  severity: "warning" | "critical";
  text: string;
  closed_at: string | null;
}

export interface Reason {
  name: string;
  title: string;
}

export interface Snapshot {
  type: "snapshot";
  agent: Agent | null;
  offers: Offer[];
  call: (Call & Known) | null;
  queues: Queue[];
  alerts: Alert[];
  pause_reasons: Reason[];
  dispositions: Disposition[];
}

export interface Disposition {
  name: string;
  title: string;
  after: "booked" | "moved" | "cancelled" | "nothing" | null;
}

export interface Notice {
  type: "notice";
  level: "info" | "problem";
  code: string;
  text: string;
  ref: string | number | null;
}

export type DeskMessage = { seq: number; at: string } & (
  | Snapshot
  | ({ type: "offer" } & Offer)
  | { type: "offer_ended"; offer: string; call: string; result: string }
  | ({ type: "call"; call: Call } & Partial<Known>)
  | ({ type: "outreach" } & NotReached)
  | { type: "agent"; agent: Agent }
  | { type: "queue"; queue: Queue }
  | ({ type: "alert" } & Alert)
  | Notice
);

export interface Venue {
  name: string;
  title: string;
  address: string;
  walk_ins: boolean;
  note: string | null;
}

export interface Service {
  name: string;
  title: string;
  minutes: number;
  bring: string[];
  note: string | null;
}

export interface Places {
  venues: Venue[];
  services: Service[];
  most_people: number;
}

export interface Slot {
  id: string;
  venue: string;
  venue_title: string;
  service: string;
  service_title: string;
  starts_at: string;
  written: string;
  capacity: number;
  free: number;
  held: number;
}

export interface Hold {
  id: string;
  slot: string;
  until: string;
  people: number;
}

export interface Reservation {
  id: string;
  number: string;
  state: "booked" | "visited" | "no-show" | "cancelled";
  state_title: string;
  slot: string;
  venue_title: string;
  service: string;
  service_title: string;
  starts_at: string;
  written: string;
  people: number;
  name: string;
  kana: string;
  phone: string;
  phone_written: string;
  notice_number: string | null;
  notes: string | null;
  version: number;
  read_back: string[];
  duplicates?: string[];
}

/** An agreed answer, as it is in force today. */
export interface Answer {
  number: string;
  category: string;
  question: string;
  answer: string;
}

/** A place that callers are referred to. */
export interface Referral {
  name: string;
  title: string;
  number_written: string;
  when: string;
  hours_written: string;
  open_now: boolean;
  note: string | null;
}

export interface CallRecord {
  id: string;
  agent: string | null;
  outcome: string | null;
  talked_s: number | null;
}

export interface PhoneAccount {
  extension: string;
  realm: string;
  ha1: string;
  websocket: string;
}
