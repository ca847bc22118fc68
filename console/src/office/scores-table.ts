// The scorecards of this month: each operator's average, and the latest cards, which lead to their calls.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import { dayAndTime } from "../core/written";
import type { Quality } from "./quality";
import type { Scorecard } from "./shapes";
import { tables } from "./tables";

/** The latest; all of them are with their calls. */
const SHOWN = 10;

@customElement("scores-table")
export class ScoresTable extends LitElement {
  @property({ attribute: false }) quality!: Quality;

  constructor() {
    super();
    new Watching(this, () => this.quality);
  }

  static override styles = [
    base,
    tables,
    css`
      :host {
        margin-top: 16px;
      }
      .both {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(360px, 100%), 1fr));
        gap: 16px;
        align-items: start;
        margin-top: 8px;
      }
    `,
  ];

  override render() {
    const { scored } = this.quality;
    if (!scored?.scorecards.length) return nothing;
    return html`<h2>${t("scores.title")}</h2>
      <div class="both">
        ${this.table(
          "scores.averages",
          ["records.agent", "scores.count", "scores.percent"],
          scored.averages.map(
            ({ agent, scorecards, percent }) => html`<tr>
              <th scope="row">${this.quality.titleOf(agent)}</th>
              <td>${scorecards}</td>
              <td>${percent}%</td>
            </tr>`,
          ),
        )}
        ${this.table(
          "scores.latest",
          ["records.agent", "scores.at", "scores.percent", "records.more"],
          scored.scorecards.slice(0, SHOWN).map((card) => this.card(card)),
        )}
      </div>`;
  }

  private table(title: string, heads: string[], rows: unknown[]) {
    return html`<div class="panel scroll">
      <table aria-label=${t(title)}>
        <thead>
          <tr>
            ${heads.map((head) => html`<th scope="col">${t(head)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
  }

  private card({ call, agent, scored_at, percent }: Scorecard) {
    const at = dayAndTime(new Date(scored_at));
    return html`<tr>
      <th scope="row">${this.quality.titleOf(agent)}</th>
      <td>${at}</td>
      <td>${percent}%</td>
      <td>
        <button @click=${() => void this.quality.choose(call)}>${t("records.show")}<span class="sr"> ${at}</span></button>
      </td>
    </tr>`;
  }
}
