// Outreach calls: one target at a time, the number once the call is counted, the outcome. What is typed is kept
// in this browser until the outcome is recorded.

import type { Api } from "../core/api";
import { Asking } from "../core/asking";

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

const KEPT = "madoguchi.outreach";

export class Outreach extends Asking {
  open = false;
  gate: Gate | null = null;
  target: Target | null = null;
  dialled = false;
  draft: Draft | null = null;

  constructor(private readonly api: Api) {
    super();
  }

  /** Open the page for it, with one's target in hand or the next one; or close it and give the target back. */
  async toggle(): Promise<void> {
    this.open = !this.open;
    this.changed();
    if (this.open) await this.attempt(() => this.take());
    else if (this.target && !this.dialled) await this.release();
  }

  async dial(): Promise<void> {
    const { target, draft } = this;
    if (!target || !draft) return;
    await this.attempt(async () => {
      const path = `/api/outreach/${target.id}/dial`;
      const { left } = await this.api.send<{ left: number }>("POST", path, {}, draft.key);
      if (this.gate) this.gate = { ...this.gate, left, made: this.gate.made + 1 };
      this.dialled = true;
    });
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
    this.target = this.draft = null;
    this.dialled = false;
    this.gate = await this.api.get<Gate>("/api/outreach/gate");
    if (this.gate.why_not) return;
    const target = await this.api.send<Target>("POST", "/api/outreach/next");
    this.target = target;
    this.gate = target.gate;
    this.dialled = target.open_call !== null;
    this.draft = kept(target.id) ?? fresh(target.id);
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
