// The page of the city and of the manager: today in one sentence, what waits for them, the records.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Api } from "../core/api";
import { base } from "../core/base";
import type { Session } from "../core/shapes";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import { clock, dayAndTime } from "../core/written";
import { Affairs } from "./affairs";
import "./case-card";
import "./office-bar";
import "./records-list";
import type { Case } from "./shapes";

@customElement("office-page")
export class OfficePage extends LitElement {
  @property({ attribute: false }) api!: Api;
  @property({ attribute: false }) session!: Session;
  private affairs: Affairs | null = null;

  constructor() {
    super();
    new Watching(this, () => this.affairs);
  }

  static override styles = [
    base,
    css`
      main {
        padding: 16px;
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1.2fr);
        gap: 16px 24px;
        max-width: 1600px;
        margin: 0 auto;
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
        main {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  /** An element that was there before its code has its properties only from here on. */
  override willUpdate(): void {
    if (this.affairs) return;
    this.affairs = new Affairs(this.api, this.session);
    this.affairs.start();
  }

  override disconnectedCallback(): void {
    this.affairs?.stop();
    this.affairs = null;
    super.disconnectedCallback();
  }

  override render() {
    const { affairs } = this;
    if (!affairs) return nothing;
    return html`<office-bar .session=${this.session}></office-bar>
      <main>
        <h1 class="sr">${t("app.name")}</h1>
        ${affairs.fault ? html`<p class="today box trouble" role="alert">${affairs.fault}</p>` : nothing}
        <p class="today panel" role="status" title=${t("office.today.help")}>${this.today(affairs)}</p>
        <section class="cases" aria-label=${t("case.title")}>
          ${this.cases("case.waiting", affairs.waiting, true)} ${this.cases("case.others", affairs.others, false)}
        </section>
        <section aria-label=${t("records.title")}><records-list .affairs=${affairs}></records-list></section>
      </main>`;
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
