// Outreach calls: one target at a time, the number once the call is counted, the outcome. The centre rings one's own
// phone and then the target. What is typed is kept in this browser until the outcome is recorded.

import { type Api, Problem } from "../core/api";
import { Asking } from "../core/asking";
import type { Call, NotReached } from "../core/shapes";

export const OUTCOMES = [
  "requested",
  "interested",
  "declined",
  "no-answer",
  "busy",
  "call-later",
  "wrong-number",
  "do-not-call",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Gate {
  why_not: string | null;
  made: number;
  left: number;
  cap: number;
  definition: string;
}

export interface Target {
  id: number;
  name: string;
  phone_written: string;
  kind_title: string;
  address: string | null;
  contact: string | null;
  notes: string | null;
  attempts: number;
  open_call: number | null;
  script: string[];
  gate: Gate;
}

/** What is typed of one target. *key* makes counting the call one, however often it is sent. */
interface Draft {
  target: number;
  key: string;
  note: string;
  outcome: Outcome | null;
  retryAt: string;
}

interface Counted {
  left: number;
  call: number;
}

const KEPT = "madoguchi.outreach";

export class Outreach extends Asking {
  open = false;
  gate: Gate | null = null;
  target: Target | null = null;
  dialled = false;
  draft: Draft | null = null;
  /** The live call's state: "dialling" (one's own phone rings), "reaching", "talking"; null when there is none. */
  calling: string | null = null;
  /** Why the call reached nobody. */
  result: string | null = null;
  /** How a call ended whose number in the list the answer to our request has yet to tell. */
  private early: NotReached | null = null;

  constructor(
    private readonly api: Api,
    private readonly phone: { answer(): void; drop(): void },
  ) {
    super();
  }

  // --- what the desk says ---

  /** After a reload in mid-call the page for it opens by itself. */
  takeCall(call: Call): void {
    this.calling = call.state;
    if (this.open) this.changed();
    else void this.toggle();
  }

  endCall(): void {
    this.calling = null;
    this.changed();
  }

  /** What the telephone knows is chosen already; what the operator has chosen stays. */
  takeResult(told: NotReached): void {
    const { outreach, result, proposed } = told;
    if (this.target?.open_call === null) this.early = told;
    if (this.target?.open_call !== outreach) return;
    this.result = result;
    const known = OUTCOMES.find((each) => each === proposed);
    if (known && this.draft && !this.draft.outcome) this.edit({ outcome: known });
    this.changed();
  }

  // --- what the operator does ---

  /** Open the page for it, with one's target in hand or the next one; or close it and give the target back. */
  async toggle(): Promise<void> {
    this.open = !this.open;
    this.changed();
    if (this.open) await this.attempt(() => this.take());
    else if (this.target && !this.dialled) await this.release();
  }

  /** Count the call and place it; with a phone that is none of the centre's (*other*) only count it. */
  async dial(other = false): Promise<void> {
    const { target, draft } = this;
    if (!target || !draft) return;
    if (!other) this.phone.answer();
    const counted = await this.attempt(async () => {
      const path = `/api/outreach/${target.id}/dial`;
      const wish = { phone: other ? "other" : "own" };
      const { left, call } = await this.api.send<Counted>("POST", path, wish, draft.key);
      if (this.gate) this.gate = { ...this.gate, left, made: this.gate.made + 1 };
      target.open_call = call;
      this.dialled = true;
      if (this.early) this.takeResult(this.early);
    });
    if (!counted) this.phone.drop();
  }

  /** Choose the *number*-th outcome; false where there is nothing to choose. */
  pick(number: number): boolean {
    const outcome = OUTCOMES[number - 1];
    if (!this.open || !this.dialled || !outcome) return false;
    this.edit({ outcome });
    return true;
  }

  edit(change: Partial<Draft>): void {
    if (!this.draft) return;
    Object.assign(this.draft, change);
    localStorage.setItem(KEPT, JSON.stringify(this.draft));
    this.changed();
  }

  /** Record what came of the call, and take the next target. */
  async settle(): Promise<void> {
    const { target, draft } = this;
    if (!target || !draft?.outcome) return;
    const retry = draft.outcome === "call-later" && draft.retryAt;
    const wish = {
      outcome: draft.outcome,
      ...(draft.note.trim() ? { note: draft.note.trim() } : {}),
      ...(retry ? { retry_at: `${draft.retryAt}:00+09:00` } : {}),
    };
    await this.attempt(async () => {
      await this.api.send("POST", `/api/outreach/${target.id}/result`, wish);
      localStorage.removeItem(KEPT);
      await this.take();
    });
  }

  private async take(): Promise<void> {
    this.target = this.draft = this.result = this.early = null;
    this.dialled = false;
    this.gate = await this.api.get<Gate>("/api/outreach/gate");
    const target = await this.next();
    if (!target) return;
    this.target = target;
    this.gate = target.gate;
    this.dialled = target.open_call !== null;
    this.draft = kept(target.id) ?? fresh(target.id);
  }

  /** The target in hand, also of a call behind which the gate has closed; null while nobody may be called. */
  private async next(): Promise<Target | null> {
    try {
      return await this.api.send<Target>("POST", "/api/outreach/next");
    } catch (error) {
      if (error instanceof Problem && error.code === "outreach-closed") return null;
      throw error;
    }
  }

  private async release(): Promise<void> {
    const id = this.target?.id;
    await this.attempt(async () => {
      await this.api.send("POST", `/api/outreach/${id}/release`);
      this.target = this.draft = null;
    });
  }
}

function fresh(target: number): Draft {
  return { target, key: crypto.randomUUID(), note: "", outcome: null, retryAt: "" };
}

/** What was typed of *target* before the page was loaded again. */
function kept(target: number): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(KEPT) ?? "null") as Draft | null;
    return draft?.target === target ? draft : null;
  } catch {
    return null;
  }
}
