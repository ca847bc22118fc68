// What the city and the manager look after: today, the cases that wait, the records of a day.

import type { Api } from "../core/api";
import { Asking } from "../core/asking";
import type { Session } from "../core/shapes";
import { isoDay } from "../core/written";
import { Listening } from "./listening";
import type { Case, Day, OneRecord, Recorded } from "./shapes";

const LOOK_EVERY_MS = 30_000;
/** Calls outside hours and in a disaster reach nobody on purpose. */
const NOT_RECEIVED = ["closed", "emergency"];
const DAY_MS = 86_400_000;

export class Affairs extends Asking {
  today: Day | null = null;
  received = 0;
  answered = 0;
  cases: Case[] | null = null;
  on = isoDay(new Date());
  records: Recorded[] | null = null;
  private looking = 0;

  constructor(
    private readonly api: Api,
    private readonly session: Session,
  ) {
    super();
  }

  start(): void {
    this.looking = window.setInterval(() => void this.look(), LOOK_EVERY_MS);
    void this.look();
    void this.turnTo(this.on);
  }

  stop(): void {
    window.clearInterval(this.looking);
  }

  /** Cases that the reader has to act on next. */
  get waiting(): Case[] {
    const mine = this.session.role === "city" ? "city" : "centre";
    return (this.cases ?? []).filter((each) => each.waits_for === mine);
  }

  get others(): Case[] {
    const waiting = new Set(this.waiting);
    return (this.cases ?? []).filter((each) => !waiting.has(each));
  }

  /** Show the records of another day (2026-12-08). */
  async turnTo(day: string): Promise<void> {
    this.on = day;
    this.records = null;
    await this.attempt(async () => {
      const records = await this.recordsOf(day);
      if (this.on === day) this.records = records;
    });
  }

  one(id: string): Promise<OneRecord> {
    return this.api.get<OneRecord>(`/api/calls/${encodeURIComponent(id)}`);
  }

  /** The recording of a call, to be asked for. */
  listening(id: string): Listening {
    return new Listening(this.api, id);
  }

  /** Move a case on, with a note of what was done. */
  async move(it: Case, state: Case["state"], note: string): Promise<boolean> {
    const wish = { version: it.version, state, ...(note ? { note } : {}) };
    const done = await this.attempt(async () => {
      await this.api.send("PATCH", `/api/cases/${it.number}`, wish);
    });
    await this.look(this.fault);
    return done;
  }

  private async look(fault = ""): Promise<void> {
    await this.attempt(async () => {
      const view = this.session.role === "city" ? "city" : undefined;
      const [day, found, calls] = await Promise.all([
        this.api.get<Day>("/api/hours"),
        this.api.get<{ cases: Case[] }>("/api/cases", { state: "unfinished", view }),
        this.recordsOf(isoDay(new Date())),
      ]);
      const received = calls.filter(
        (call) => call.direction === "inbound" && !NOT_RECEIVED.includes(call.outcome ?? ""),
      );
      this.today = day;
      this.cases = found.cases;
      this.received = received.length;
      this.answered = received.filter((call) => call.outcome === "answered").length;
    });
    this.fault ||= fault;
    this.changed();
  }

  private async recordsOf(day: string): Promise<Recorded[]> {
    const until = isoDay(new Date(Date.parse(`${day}T00:00:00+09:00`) + DAY_MS));
    return (await this.api.get<{ calls: Recorded[] }>("/api/calls", { since: day, until })).calls;
  }
}
