// How calls went: which calls there are to hear, what was remarked and scored on one of them, and what is being written
// about it. What is written and not saved is kept in this browser.

import type { Api } from "../core/api";
import { Asking } from "../core/asking";
import type { Session } from "../core/shapes";
import { isoDay } from "../core/written";
import { Listening } from "./listening";
import type { CallQuality, Recorded, ScorecardList } from "./shapes";

const KEPT = "madoguchi.quality.";
const DAY_MS = 86_400_000;

/** A scorecard before it is saved: criterion → points, null for what did not come up. */
export interface Draft {
  points: Record<string, number | null>;
  comment: string;
  remark: string;
}

export class Quality extends Asking {
  on = isoDay(new Date());
  agent = "";
  agents: { name: string; title: string }[] = [];
  calls: Recorded[] | null = null;
  /** The scorecards of this month. */
  scored: ScorecardList | null = null;
  chosen: Recorded | null = null;
  judged: CallQuality | null = null;
  listening: Listening | null = null;
  draft: Draft = { points: {}, comment: "", remark: "" };
  /** What was saved last, as a key of words. */
  said = "";
  private wanted = "";

  constructor(
    private readonly api: Api,
    private readonly session: Session,
  ) {
    super();
  }

  start(): void {
    void this.find(this.on, "");
    void this.attempt(async () => {
      this.agents = (await this.api.get<{ agents: Quality["agents"] }>("/api/agents")).agents;
    });
    void this.count();
  }

  stop(): void {
    this.listening?.stop();
  }

  titleOf(name: string | null): string {
    if (name === this.session.user) return this.session.title;
    return this.agents.find((each) => each.name === name)?.title ?? name ?? "—";
  }

  mayRemove(by: string): boolean {
    return by === this.session.user || this.session.role === "manager";
  }

  /** List the recorded calls of a day and, unless it is empty, of one operator. */
  async find(day: string, agent: string): Promise<void> {
    this.on = day;
    this.agent = agent;
    this.calls = null;
    this.changed();
    const until = isoDay(new Date(Date.parse(`${day}T00:00:00+09:00`) + DAY_MS));
    const asked = { since: day, until, agent: agent || undefined };
    await this.attempt(async () => {
      const { calls } = await this.api.get<{ calls: Recorded[] }>("/api/calls", asked);
      if (this.on === day && this.agent === agent) this.calls = calls.filter((call) => call.recording);
    });
  }

  async choose(id: string): Promise<void> {
    this.listening?.stop();
    this.said = "";
    this.wanted = id;
    await this.attempt(async () => {
      const [chosen, judged] = await Promise.all([
        this.api.get<Recorded>(`/api/calls/${encodeURIComponent(id)}`),
        this.api.get<CallQuality>(this.path(id, "quality")),
      ]);
      if (this.wanted !== id) return; // somebody was quicker than the server
      this.chosen = chosen;
      this.judged = judged;
      this.draft = this.kept(judged);
      this.listening = new Listening(this.api, id);
    });
  }

  write(change: Partial<Draft>): void {
    Object.assign(this.draft, change);
    this.said = "";
    if (this.judged) localStorage.setItem(KEPT + this.judged.call, JSON.stringify(this.draft));
    this.changed();
  }

  /** Remark on a moment (seconds). */
  async mark(at: number): Promise<boolean> {
    const text = this.draft.remark.trim();
    const done = await this.change("POST", "marks", { at_s: Math.round(at * 10) / 10, text });
    if (done) this.write({ remark: "" });
    return done;
  }

  unmark(id: number): Promise<boolean> {
    return this.change("DELETE", `marks/${id}`, {});
  }

  async score(): Promise<void> {
    const { points, comment } = this.draft;
    const wish = { points, ...(comment.trim() ? { comment: comment.trim() } : {}) };
    if (!(await this.change("PUT", "scorecard", wish))) return;
    if (this.judged) localStorage.removeItem(KEPT + this.judged.call);
    this.said = "score.saved";
    await this.count();
  }

  private async change(method: "POST" | "DELETE" | "PUT", what: string, wish: unknown): Promise<boolean> {
    const call = this.judged?.call;
    if (!call) return false;
    return await this.attempt(async () => {
      await this.api.send(method, this.path(call, what), wish);
      const judged = await this.api.get<CallQuality>(this.path(call, "quality"));
      if (this.judged?.call === call) this.judged = judged;
    });
  }

  private async count(): Promise<void> {
    await this.attempt(async () => {
      const since = `${isoDay(new Date()).slice(0, 7)}-01`;
      this.scored = await this.api.get<ScorecardList>("/api/quality", { since });
    });
  }

  private path(call: string, what: string): string {
    return `/api/calls/${encodeURIComponent(call)}/${what}`;
  }

  /** What was being written about the call, else one's own scorecard of it. */
  private kept({ call, scorecards }: CallQuality): Draft {
    const own = scorecards.find(({ by }) => by === this.session.user);
    const points = Object.fromEntries((own?.points ?? []).map((each) => [each.name, each.points]));
    const plain = { points, comment: own?.comment ?? "", remark: "" };
    try {
      return { ...plain, ...(JSON.parse(localStorage.getItem(KEPT + call) ?? "{}") as Partial<Draft>) };
    } catch {
      return plain;
    }
  }
}
