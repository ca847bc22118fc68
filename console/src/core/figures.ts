// The operator's own figures of today, from the records of calls that ended.

import { type Api, Problem } from "./api";
import type { CallRecord } from "./shapes";
import { Watched } from "./watching";
import { isoDay } from "./written";

/** A record is in the database a moment after its call has ended. */
const SOON_MS = 3_000;

export class Figures extends Watched {
  answered = 0;
  averageTalk: number | null = null;

  constructor(
    private readonly api: Api,
    private readonly user: string,
  ) {
    super();
  }

  loadSoon(): void {
    window.setTimeout(() => void this.load(), SOON_MS);
  }

  async load(): Promise<void> {
    try {
      const today = { since: isoDay(new Date()), outcome: "answered", agent: this.user };
      const { calls } = await this.api.get<{ calls: CallRecord[] }>("/api/calls", today);
      const talked = calls.map((call) => call.talked_s).filter((seconds) => seconds !== null);
      this.answered = calls.length;
      this.averageTalk = talked.length ? talked.reduce((sum, each) => sum + each, 0) / talked.length : null;
      this.changed();
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // figures can wait; the page says elsewhere what is wrong
    }
  }
}
