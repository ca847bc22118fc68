// The figures at the top: the answer rate as a gauge against the goal, and what else is judged. Each says how it is defined.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { EverySecond, Watching } from "../core/watching";
import { t } from "../core/words";
import { clock, secondsSince, span } from "../core/written";
import type { Floor } from "./floor";
import type { Tally } from "./shapes";

/** Figures come every five seconds; so old ones are from before the database was lost. */
const STALE_S = 30;

/** From here on callers, too, hear no number any more. */
const LONG_S = 1800;

@customElement("figures-bar")
export class FiguresBar extends LitElement {
  @property({ attribute: false }) floor!: Floor;

  constructor() {
    super();
    new Watching(this, () => this.floor);
    new EverySecond(this);
  }

  static override styles = [
    base,
    css`
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .figure {
        flex: 1 0 auto;
        max-width: 290px;
        padding: 6px 10px;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: var(--round);
      }
      .rate {
        min-width: 220px;
      }
      dt {
        font-size: 0.8125rem;
        color: var(--ink-soft);
        white-space: nowrap;
      }
      dd {
        font-size: 1.375rem;
        font-weight: 700;
        line-height: 1.35;
        white-space: nowrap;
      }
      dd .small {
        font-weight: 400;
        margin-left: 6px;
      }
      .below {
        color: var(--trouble);
      }
      .gauge {
        position: relative;
        height: 10px;
        margin: 4px 0 2px;
        border: 1px solid var(--field-line);
        border-radius: 5px;
        background: var(--paper);
      }
      .gauge svg {
        display: block;
        overflow: visible;
      }
    `,
  ];

  override render() {
    const { floor } = this;
    const { figures } = floor;
    const queues = [...floor.queues.values()];
    const longest = Math.max(0, ...floor.line.map((call) => secondsSince(call.waiting_since, Date.now())));
    const expected = queues.map((queue) => queue.expected_wait_s ?? null);
    const { promised, overdue } = floor.callbacks;
    const talking = [...floor.calls.values()].filter((call) => call.state === "talking").length;
    const late = overdue
      ? html`<span class="small below">！${t("figure.overdue", { count: overdue })}</span>`
      : nothing;
    return html`<dl>
        ${this.rate("today", figures?.today)} ${this.rate("month", figures?.month)}
        ${this.figure("service_level", "figure.level", percent(figures?.today.service_level))}
        ${this.figure("longest_wait", "figure.longest", longest ? span(longest) : "–")}
        ${this.figure("expected_wait", "figure.expected", expectation(expected))}
        ${this.figure("", "figure.talking", t("figure.count", { count: talking }))}
        ${this.figure("callbacks", "figure.callbacks", html`${t("figure.count", { count: promised })}${late}`)}
        ${this.figure("deliveries", "figure.undelivered", figures ? t("figure.count", { count: figures.undelivered }) : "–")}
      </dl>
      ${this.stale()}`;
  }

  private figure(definition: string, words: string, value: unknown) {
    return html`<div class="figure" title=${this.floor.definitions[definition] ?? ""}>
      <dt>${t(words)}</dt>
      <dd>${value}</dd>
    </div>`;
  }

  private rate(which: "today" | "month", tally: Tally | undefined) {
    const goal = this.floor.figures?.goal ?? 0;
    const rate = tally?.answer_rate ?? null;
    const title = this.floor.definitions.answer_rate ?? "";
    const head = html`<dt>${t(`figure.rate.${which}`)}　${goal ? t("figure.goal", { goal }) : ""}</dt>`;
    if (!tally || rate === null) {
      return html`<div class="figure rate" title=${title}>${head}<dd><span class="soft">${t("figure.none")}</span></dd></div>`;
    }
    const under = tally.may_be_lost < 0;
    return html`<div class="figure rate ${which}" title=${title}>
      ${head}
      <dd class=${under ? "below" : ""}>
        ${under ? "！" : ""}${percent(rate)}<span class="small">${left(tally)}</span>
        <div
          class="gauge"
          role="meter"
          aria-label=${t(`figure.rate.${which}`)}
          aria-valuemin="0"
          aria-valuemax="100"
          aria-valuenow=${rate.toFixed(1)}
          aria-valuetext="${percent(rate)} ${left(tally)}"
        >
          <svg width="100%" height="100%" aria-hidden="true">
            <rect width="${rate}%" height="100%" rx="4" fill=${under ? "var(--trouble)" : "var(--ready)"} />
            <rect x="${goal}%" width="3" height="100%" fill="var(--ink)" />
          </svg>
        </div>
      </dd>
    </div>`;
  }

  private stale() {
    const at = this.floor.figures?.as_of;
    if (!at || secondsSince(at, Date.now()) < STALE_S || this.floor.link.state !== "open") return nothing;
    return html`<p class="small below" role="status">${t("figure.stale", { time: clock(new Date(at)) })}</p>`;
  }
}

export function percent(rate: number | null | undefined): string {
  return rate === null || rate === undefined ? "–" : `${(Math.floor(rate * 10) / 10).toFixed(1)}%`;
}

function left(tally: Tally): string {
  const count = Math.abs(tally.may_be_lost);
  return t(tally.may_be_lost < 0 ? "figure.back" : "figure.left", { count });
}

/** The longest that anybody would wait; a queue without anybody at work has none. */
function expectation(of: (number | null)[]): string {
  const known = of.filter((seconds) => seconds !== null);
  if (!known.length) return t("figure.nobody");
  const longest = Math.max(...known);
  if (longest >= LONG_S) return t("figure.long");
  return longest < 1 ? span(0) : span(Math.ceil(longest / 10) * 10);
}
