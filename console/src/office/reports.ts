// The reports of a day or a month, as the server makes them: figures to show, and where each form can be had.

import type { Api } from "../core/api";
import { Asking } from "../core/asking";
import { isoDay } from "../core/written";
import type { Report, ReportKind } from "./shapes";

export type Form = "page" | "csv" | "xlsx";

export class Reports extends Asking {
  kind: ReportKind = "daily";
  /** Which day (2026-12-08) or month (2026-12). */
  on = isoDay(new Date());
  report: Report | null = null;

  constructor(private readonly api: Api) {
    super();
  }

  /** Show the report of another day or month. */
  async turnTo(kind: ReportKind, on: string): Promise<void> {
    this.kind = kind;
    this.on = kind === "daily" ? on : on.slice(0, 7);
    this.report = null;
    this.changed();
    const asked = this.on;
    await this.attempt(async () => {
      const report = await this.api.get<Report>(`/api/reports/${kind}`, { for: asked });
      if (this.kind === kind && this.on === asked) this.report = report;
    });
  }

  /** The other kind, for the same time: the month of a day; of this month today, else a month's first day. */
  turnKind(kind: ReportKind): Promise<void> {
    const today = isoDay(new Date());
    const day = today.startsWith(this.on) ? today : `${this.on}-01`;
    return this.turnTo(kind, kind === "daily" && this.on.length === 7 ? day : this.on);
  }

  /** The day or month *steps* later; earlier below zero. */
  step(steps: number): Promise<void> {
    const [year = 0, month = 1, day = 1] = this.on.split("-").map(Number);
    const there = this.kind === "daily" ? [month - 1, day + steps] : [month - 1 + steps, 1];
    const at = new Date(Date.UTC(year, ...(there as [number, number])));
    return this.turnTo(this.kind, at.toISOString().slice(0, 10));
  }

  /** Where the report can be had in *form*. */
  address(form?: Form): string {
    return `/api/reports/${this.kind}${form ? `/${form}` : ""}?for=${this.on}`;
  }

  /** Where every single call of the time can be had as a table. */
  get calls(): string {
    if (!this.report) return "";
    const { since, until } = this.report;
    return `/api/export/calls?${new URLSearchParams({ since, until })}`;
  }
}
