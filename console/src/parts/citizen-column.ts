// Who it is: everything known before the first word, and what can be looked up. Shows the call's citizen, or
// what a search found.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { base } from "../core/base";
import type { EarlierCall, Reservation } from "../core/shapes";
import type { Sheet } from "../core/sheet";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import type { Workplace } from "../core/workplace";
import { dayAndTime, isoDay } from "../core/written";
import "../outreach/outreach-panel";
import "./call-script";
import "./reservation-card";
import type { SearchBox } from "./search-box";
import "./search-box";

/** Earlier calls that are shown; more would push the script away. */
const SHOWN = 4;

@customElement("citizen-column")
export class CitizenColumn extends LitElement {
  @property({ attribute: false }) place!: Workplace;
  @query("search-box") private box!: SearchBox;

  constructor() {
    super();
    new Watching(this, () => this.place);
  }

  static override styles = [
    base,
    css`
      section {
        display: flex;
        flex-direction: column;
        gap: 12px;
      }
      .name {
        font-size: 1.5rem;
        font-weight: 700;
        line-height: 1.35;
        overflow-wrap: anywhere;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        align-items: baseline;
      }
      .times {
        color: var(--waiting);
        font-weight: 700;
      }
      h3 {
        font-size: 0.875rem;
        margin: 6px 0 2px;
      }
      .cards {
        display: grid;
        gap: 8px;
      }
      .history li {
        display: flex;
        gap: 12px;
        font-size: 0.9375rem;
      }
      .history time {
        min-width: 9.5em;
      }
    `,
  ];

  search(): void {
    this.box.start();
  }

  showReferrals(): void {
    void this.box.showReferrals();
  }

  override render() {
    const sheet = this.place.sheet;
    return html`<section aria-label=${t("citizen.title")}>
      <h2>${t("citizen.title")}</h2>
      ${sheet ? this.card(sheet) : this.nobody()}
      <search-box .place=${this.place}></search-box>
      ${sheet ? html`<call-script .place=${this.place}></call-script>` : nothing}
    </section>`;
  }

  /** Before a call: outreach calls, for who has the time. */
  private nobody() {
    const { outreach } = this.place;
    if (outreach.open) return html`<outreach-panel .outreach=${outreach}></outreach-panel>`;
    return html`<div class="panel cards">
      <p class="soft">${t("citizen.before")}</p>
      <button @click=${() => void outreach.toggle()}>${t("outreach.open")} <kbd>O</kbd></button>
    </div>`;
  }

  private card(sheet: Sheet) {
    const known = sheet.history?.reservations?.[0];
    const words = sheet.historyState === "ready" ? "citizen.unknown" : `citizen.${sheet.historyState}`;
    const who = known
      ? html`<p class="name">${known.name}</p>
          <p class="soft">${known.kana}</p>`
      : html`<p class="soft">${t(words)}</p>`;
    return html`<div class="panel">
      <div class="head">${who} ${this.times(sheet)}</div>
      ${sheet.history ? this.known(sheet) : nothing}
    </div>`;
  }

  private times(sheet: Sheet) {
    const today = isoDay(new Date());
    const earlier = sheet.history?.calls ?? [];
    const count = earlier.filter(
      (call) => call.id !== sheet.call && isoDay(new Date(call.at)) === today,
    ).length;
    return count ? html`<p class="times">${t("citizen.today", { count: count + 1 })}</p>` : nothing;
  }

  private known(sheet: Sheet) {
    const booked = (sheet.history?.reservations ?? []).filter((each) => each.state === "booked");
    const earlier = (sheet.history?.calls ?? []).filter((call) => call.id !== sheet.call);
    return html`<h3>${t("citizen.reservations")}</h3>
      ${booked.length ? this.cards(booked) : html`<p class="soft small">${t("citizen.none")}</p>`}
      ${earlier.length ? html`<h3>${t("citizen.history")}</h3>${this.calls(earlier)}` : nothing}`;
  }

  private cards(reservations: Reservation[]) {
    return html`<div class="cards">
      ${repeat(
        reservations,
        (each) => each.id,
        (each) => html`<reservation-card .place=${this.place} .reservation=${each}></reservation-card>`,
      )}
    </div>`;
  }

  private calls(earlier: EarlierCall[]) {
    return html`<ul class="history">
      ${earlier.slice(0, SHOWN).map(
        (call) => html`<li>
          <time datetime=${call.at}>${dayAndTime(new Date(call.at))}</time>
          <span>${call.disposition ?? t(`outcome.${call.outcome ?? "none"}`)}</span>
        </li>`,
      )}
    </ul>`;
  }
}
