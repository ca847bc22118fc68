// One operator: what state, since when, with whom; opened, the four steps into the call and what can be set.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import type { Agent, Call } from "../core/shapes";
import { EverySecond, Watching } from "../core/watching";
import { t } from "../core/words";
import { running, secondsSince } from "../core/written";
import "../parts/state-mark";
import { join, leave, MODES, setState } from "./commands";
import type { Floor } from "./floor";

/** Whoever takes calls already cannot be made ready. */
const CAN_BE_READY: ReadonlySet<string> = new Set(["paused", "logged-out", "not-responding", "after-call"]);

@customElement("agent-tile")
export class AgentTile extends LitElement {
  @property({ attribute: false }) floor!: Floor;
  @property({ attribute: false }) agent!: Agent;
  @property({ type: Boolean, reflect: true }) open = false;

  constructor() {
    super();
    new Watching(this, () => this.floor);
    new EverySecond(this);
    this.addEventListener("keydown", this.onKey);
  }

  static override styles = [
    base,
    css`
      :host {
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: var(--round);
        overflow: hidden;
      }
      :host([open]) {
        grid-column: span 2;
        border: 2px solid var(--ink);
      }
      .head {
        width: 100%;
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 8px;
        padding: 8px 10px;
        text-align: left;
        border: 0;
        background: none;
      }
      .name {
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
        overflow: hidden;
        font-weight: 700;
        overflow-wrap: anywhere;
      }
      .whole {
        display: inline-block;
        margin-right: 0.5em;
      }
      .age {
        font-weight: 700;
      }
      .what {
        grid-column: 1 / -1;
        font-size: 0.875rem;
        color: var(--ink-soft);
        overflow-wrap: anywhere;
      }
      .heard {
        color: var(--talking);
        font-weight: 700;
      }
      .off {
        color: var(--trouble);
        font-weight: 700;
      }
      .commands {
        padding: 0 10px 10px;
        display: grid;
        gap: 8px;
      }
      .switch,
      .states {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      .switch button {
        flex: 1;
        padding: 4px 6px;
      }
      .switch button[aria-pressed="true"] {
        color: var(--talking);
        background: var(--talking-soft);
        border-color: var(--talking);
      }
    `,
  ];

  override render() {
    const { agent } = this;
    const call = this.floor.calls.get(agent.call ?? "");
    return html`<button class="head" aria-expanded=${this.open} @click=${this.toggle}>
        <span class="name" title=${agent.title}>${agent.title}</span>
        <span class="age">${running(secondsSince(agent.since, Date.now()))}</span>
        <span class="what">
          <state-mark .state=${agent.state}></state-mark> ${this.what(call)}
          ${agent.registered || agent.state === "logged-out" ? nothing : html`<span class="off">${t("tiles.no-phone")}</span>`}
        </span>
        ${call?.supervision?.map(
          (each) => html`<span class="what heard">
            ${t("tiles.heard", { name: this.floor.titleOf(each.supervisor), mode: t(`mode.${each.mode}`) })}
          </span>`,
        )}
        ${call?.consultation?.map(
          (each) => html`<span class="what heard">
            ${t("tiles.heard", { name: this.floor.titleOf(each.operator), mode: t(each.joined ? `asked.${each.mode}` : "asked.rings") })}
          </span>`,
        )}
      </button>
      ${this.open ? html`<div class="commands">${this.steps(call)} ${this.states()}</div>` : nothing}`;
  }

  private what(call: Call | undefined) {
    const { agent, floor } = this;
    if (call && agent.state !== "after-call") {
      const queue = floor.queues.get(call.queue ?? "")?.title ?? "";
      return html`<span class="whole">${call.caller_written}</span><span class="whole">${queue}</span>`;
    }
    const reason = floor.reasons.find((each) => each.name === agent.reason)?.title;
    return reason ?? t("tiles.extension", { number: agent.extension });
  }

  /** The four steps into a call that is talked in; who is on it already changes in place. */
  private steps(call: Call | undefined) {
    const { floor, agent } = this;
    if (!call || agent.state !== "talking" || agent.name === floor.session.user) return nothing;
    const mine = floor.myMode(call);
    return html`<div class="switch" role="group" aria-label=${t("mode.title")}>
      ${MODES.map(
        (mode, place) => html`<button
          aria-pressed=${mine === mode}
          title=${t(`say.${mode}`, { name: agent.title })}
          @click=${() => floor.ask(join(floor, agent, call, mode))}
        >
          <kbd>${place + 1}</kbd> ${t(`mode.${mode}`)}
        </button>`,
      )}
      ${mine ? html`<button @click=${() => floor.ask(leave(floor, call))}><kbd>0</kbd> ${t("mode.leave")}</button>` : nothing}
    </div>`;
  }

  private states() {
    const { floor, agent } = this;
    const wish = (state: Agent["state"], reason?: Floor["reasons"][number]) => html`<button
      @click=${() => floor.ask(setState(floor, agent, state, reason))}
    >
      ${t(`do.${state}`, { reason: reason?.title ?? "" })}
    </button>`;
    return html`<div class="states">
      ${CAN_BE_READY.has(agent.state) ? wish("ready") : nothing} ${floor.reasons.map((reason) => wish("paused", reason))}
      ${agent.state === "logged-out" ? nothing : wish("logged-out")}
    </div>`;
  }

  private readonly onKey = (event: KeyboardEvent) => {
    if (!this.open || !/^[0-4]$/.test(event.key)) return;
    const buttons = this.renderRoot.querySelectorAll<HTMLElement>(".switch button");
    buttons[event.key === "0" ? MODES.length : Number(event.key) - 1]?.click();
    event.preventDefault();
  };

  private readonly toggle = () => this.dispatchEvent(new CustomEvent("toggle-tile"));
}
