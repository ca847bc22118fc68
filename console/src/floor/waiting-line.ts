// Who waits, in the order in which they are served: since when, why, and what comes next for them.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { base } from "../core/base";
import type { Call } from "../core/shapes";
import { EverySecond, Watching } from "../core/watching";
import { t } from "../core/words";
import { running, secondsSince, span } from "../core/written";
import { moveTo, toFront } from "./commands";
import type { Floor } from "./floor";

/** More than this nobody reads; how many others there are is said below. */
const SHOWN = 60;

@customElement("waiting-line")
export class WaitingLine extends LitElement {
  @property({ attribute: false }) floor!: Floor;
  @state() private open: string | null = null;

  constructor() {
    super();
    new Watching(this, () => this.floor);
    new EverySecond(this);
  }

  static override styles = [
    base,
    css`
      h2 {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
      }
      .count {
        font-size: 1.125rem;
        color: var(--ink);
      }
      .count.some {
        color: var(--waiting);
      }
      li {
        margin-top: 8px;
        background: var(--panel);
        border: 1px solid var(--line);
        border-left: 6px solid var(--waiting);
        border-radius: var(--round);
      }
      li.calling {
        border-left-color: var(--talking);
      }
      .person {
        width: 100%;
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 0 8px;
        padding: 6px 12px;
        text-align: left;
        border: 0;
        background: none;
      }
      .who {
        font-weight: 700;
        overflow-wrap: anywhere;
      }
      .waited {
        font-size: 1.125rem;
        font-weight: 700;
        color: var(--waiting);
      }
      .why {
        grid-column: 1 / -1;
        font-size: 0.875rem;
        color: var(--ink-soft);
        overflow-wrap: anywhere;
      }
      .commands {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        padding: 0 12px 10px;
      }
      .empty {
        margin-top: 8px;
      }
    `,
  ];

  override render() {
    const { line } = this.floor;
    const rest = line.length - SHOWN;
    return html`<h2 id="waiting">
        ${t("line.title")}
        <span class="count ${line.length ? "some" : ""}">${t("figure.people", { count: line.length })}</span>
      </h2>
      ${line.length ? nothing : html`<p class="panel soft empty">${t("line.empty")}</p>`}
      <ol aria-labelledby="waiting">
        ${line.slice(0, SHOWN).map((call) => this.person(call))}
      </ol>
      ${rest > 0 ? html`<p class="soft empty">${t("line.more", { count: rest })}</p>` : nothing}`;
  }

  private person(call: Call) {
    const opened = this.open === call.id;
    const ringing = call.state === "offered" || call.state === "summoning" || call.state === "calling";
    return html`<li class=${ringing ? "calling" : ""}>
      <button class="person" aria-expanded=${opened} @click=${() => this.toggle(call.id)}>
        <span class="who">${call.caller_written ?? ""}</span>
        <span class="waited">${running(secondsSince(call.waiting_since, Date.now()))}</span>
        <span class="why">${this.queue(call)}　${this.why(call)}</span>
        ${this.next(call)}
      </button>
      ${opened ? this.commands(call) : nothing}
    </li>`;
  }

  private queue(call: Call): string {
    return this.floor.queues.get(call.queue ?? "")?.title ?? "";
  }

  private why(call: Call): string {
    if (call.state === "offered" || call.state === "summoning" || call.state === "calling") {
      const ringing = [...this.floor.agents.values()].find((agent) => agent.call === call.id);
      return ringing ? t("line.ringing", { name: ringing.title }) : t("line.soon");
    }
    if (call.callback) return t("line.callback");
    const doing = t(`line.${call.state}`);
    if (doing) return doing;
    const queue = this.floor.queues.get(call.queue ?? "");
    if (!queue || queue.ready > 0) return t("line.soon");
    return t(queue.expected_wait_s === null ? "line.nobody" : "line.busy");
  }

  private next(call: Call) {
    const { line } = call;
    if (!line) return nothing;
    const told = line.choices.length ? t("line.choices", { choices: line.choices.join("・") }) : "";
    const coming = [
      { what: t("line.tier"), at: line.tier_opens_at },
      { what: t("line.step"), at: line.step_comes_at },
    ].flatMap(({ what, at }) => {
      const left = at ? (Date.parse(at) - Date.now()) / 1000 : -1;
      return left > 0 ? [{ what, left }] : [];
    });
    const soonest = coming.sort((one, other) => one.left - other.left)[0];
    const soon = soonest ? t("line.next", { what: soonest.what, time: span(soonest.left) }) : "";
    const words = [told, soon].filter(Boolean).join("　");
    return words ? html`<span class="why">${words}</span>` : nothing;
  }

  private commands(call: Call) {
    const { floor } = this;
    const others = [...floor.queues.values()].filter((queue) => queue.name !== call.queue);
    return html`<div class="commands">
      <button @click=${() => floor.ask(toFront(floor, call))}>${t("line.first")}</button>
      ${others.map(
        (queue) => html`<button @click=${() => floor.ask(moveTo(floor, call, queue))}>
          ${t("line.move.to")}：${queue.title}
        </button>`,
      )}
    </div>`;
  }

  private toggle(call: string): void {
    this.open = this.open === call ? null : call;
  }
}
