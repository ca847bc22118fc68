// Today in one sentence, the cases that wait, the records of a day.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import { clock, dayAndTime } from "../core/written";
import type { Affairs } from "./affairs";
import "./case-card";
import "./records-list";
import type { Case } from "./shapes";

@customElement("today-tab")
export class TodayTab extends LitElement {
  @property({ attribute: false }) affairs!: Affairs;

  constructor() {
    super();
    new Watching(this, () => this.affairs);
  }

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1.2fr);
        gap: 16px 24px;
        align-items: start;
      }
      .today {
        grid-column: 1 / -1;
        font-size: 1.25rem;
        font-weight: 700;
        line-height: 1.6;
      }
      .cases {
        display: grid;
        gap: 8px;
      }
      @media (max-width: 900px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  override render() {
    const { affairs } = this;
    return html`${affairs.fault ? html`<p class="today box trouble" role="alert">${affairs.fault}</p>` : nothing}
      <p class="today panel" role="status" title=${t("office.today.help")}>${this.today(affairs)}</p>
      <section class="cases" aria-label=${t("case.title")}>
        ${this.cases("case.waiting", affairs.waiting, true)} ${this.cases("case.others", affairs.others, false)}
      </section>
      <section aria-label=${t("records.title")}><records-list .affairs=${affairs}></records-list></section>`;
  }

  /** Today in one sentence. */
  private today({ today, received, answered, waiting }: Affairs): string {
    if (!today) return t("app.loading");
    const hours = today.hours
      .map(({ opens, closes }) => `${clock(new Date(opens))}〜${clock(new Date(closes))}`)
      .join("、");
    const next = today.next_opening ? dayAndTime(new Date(today.next_opening)) : "";
    const day = t(today.open ? "office.today.open" : "office.today.closed", {
      hours,
      why: today.reason,
      next,
    });
    const calls = t("office.today.calls", { received, answered });
    return `${day}${calls}${t(waiting.length ? "office.today.waiting" : "office.today.nothing", { count: waiting.length })}`;
  }

  private cases(title: string, cases: Case[], mine: boolean) {
    if (!cases.length && !mine) return nothing;
    return html`<h2>${t(title)}</h2>
      ${cases.length ? nothing : html`<p class="panel soft">${t("case.none")}</p>`}
      ${cases.map((it) => html`<case-card .affairs=${this.affairs} .it=${it} ?mine=${mine}></case-card>`)}`;
  }
}
