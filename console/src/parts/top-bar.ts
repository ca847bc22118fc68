// The bar at the top: what I am, who waits, my day so far, whether the telephone works, my menu.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { base } from "../core/base";
import { menuKey } from "../core/menu";
import type { Agent, AgentState } from "../core/shapes";
import { EverySecond, Watching } from "../core/watching";
import { language, speak, t } from "../core/words";
import type { Workplace } from "../core/workplace";
import { running, secondsSince, span } from "../core/written";
import "./state-mark";

interface Choice {
  state: AgentState;
  reason?: string;
  label: string;
}

@customElement("top-bar")
export class TopBar extends LitElement {
  @property({ attribute: false }) place!: Workplace;
  @state() private open: "state" | "me" | null = null;
  @query("#state") private stateButton!: HTMLButtonElement;

  constructor() {
    super();
    new Watching(this, () => this.place);
    new EverySecond(this);
  }

  static override styles = [
    base,
    css`
      :host {
        background: var(--panel);
        border-bottom: 1px solid var(--line);
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 20px;
        padding: 6px 16px;
      }
      .at {
        position: relative;
      }
      .age {
        font-weight: 700;
        min-width: 3.6em;
      }
      a {
        color: var(--link);
      }
      .grow {
        flex: 1;
      }
      .menu {
        position: absolute;
        z-index: 2;
        top: 100%;
        left: 0;
        min-width: 260px;
        padding: 6px;
        background: var(--panel);
        border: 1px solid var(--field-line);
        border-radius: var(--round);
      }
      .right .menu {
        left: auto;
        right: 0;
      }
      .menu button {
        width: 100%;
        justify-content: flex-start;
        border-color: transparent;
      }
      .count {
        font-weight: 700;
      }
      .count.some {
        color: var(--waiting);
        background: var(--waiting-soft);
        border: 1.5px solid currentcolor;
        border-radius: 999px;
        padding: 0 10px;
      }
      .phone {
        font-weight: 700;
        font-size: 0.875rem;
      }
      .phone.ok {
        color: var(--ready);
      }
      .phone.bad {
        color: var(--trouble);
      }
    `,
  ];

  override render() {
    const agent = this.place.agent;
    return html`<header>
      ${agent ? this.myState(agent) : nothing}
      <span class="grow"></span>
      ${this.waiting()} ${this.today()}
      <span class="grow"></span>
      ${agent ? this.phone(agent) : nothing} ${this.toFloor()} ${this.me()}
    </header>`;
  }

  /** Open the menu of states; the key that does it is the page's. */
  showStates(): void {
    this.toggle("state");
  }

  private myState(agent: Agent) {
    const why = this.place.reasons.find((reason) => reason.name === agent.reason)?.title;
    return html`<div class="at">
      <button
        id="state"
        aria-haspopup="menu"
        aria-expanded=${this.open === "state"}
        @click=${() => this.toggle("state")}
      >
        <span class="sr">${t("state.change")}</span>
        <state-mark .state=${agent.state}></state-mark>
        ${t(`state.${agent.state}`)}${why ? html`（${why}）` : nothing}
        <span class="age">${running(secondsSince(agent.since, Date.now()))}</span>
        <kbd>S</kbd>
      </button>
      ${agent.pending_pause ? html`<span class="small soft">${t("state.later")}</span>` : nothing}
      ${this.open === "state" ? this.menu(this.choices()) : nothing}
    </div>`;
  }

  private choices(): Choice[] {
    const away = this.place.reasons.map((reason) => ({
      state: "paused" as const,
      reason: reason.name,
      label: t("state.to.away", { reason: reason.title }),
    }));
    const ready = { state: "ready" as const, label: t("state.to.ready") };
    return [ready, ...away, { state: "logged-out", label: t("state.to.logged-out") }];
  }

  private menu(choices: Choice[]) {
    return html`<div class="menu" role="menu" aria-label=${t("state.change")} @keydown=${this.onKey}>
      ${choices.map(
        (choice, place) => html`<button role="menuitem" @click=${() => this.choose(choice)}>
          <kbd>${place + 1}</kbd> ${choice.label}
        </button>`,
      )}
    </div>`;
  }

  private choose(choice: Choice): void {
    this.toggle(null);
    this.place.setState(choice.state, choice.reason);
    this.stateButton?.focus();
  }

  private readonly onKey = (event: KeyboardEvent) => {
    menuKey(event, [...this.renderRoot.querySelectorAll<HTMLElement>(".menu button")], () =>
      this.toggle(null),
    );
  };

  private toggle(which: "state" | "me" | null): void {
    const opening = which !== null && this.open !== which;
    if (!opening && this.open === "state") this.stateButton?.focus();
    this.open = opening ? which : null;
    if (opening) void this.updateComplete.then(() => this.focusMenu());
  }

  private focusMenu(): void {
    this.renderRoot.querySelector<HTMLElement>(".menu button")?.focus();
  }

  private waiting() {
    const queues = [...this.place.queues.values()];
    const count = queues.reduce((sum, queue) => sum + queue.waiting, 0);
    const longest = Math.max(0, ...queues.map((queue) => secondsSince(queue.longest_wait_since, Date.now())));
    const time = count
      ? html`<span class="small">${t("top.longest", { time: span(longest) })}</span>`
      : nothing;
    return html`<span><span class="count ${count ? "some" : ""}">${t("top.waiting", { count })}</span> ${time}</span>`;
  }

  private today() {
    const { answered, averageTalk } = this.place.figures;
    const average = averageTalk === null ? "" : t("top.average", { time: running(averageTalk) });
    return html`<span class="small" title=${t("top.today.help")}>
      ${t("top.today", { count: answered })} ${average}
    </span>`;
  }

  private phone(agent: Agent) {
    const { phone, usesDeskPhone } = this.place;
    const ok = usesDeskPhone ? agent.registered : phone.state === "ready";
    const words = usesDeskPhone
      ? t("phone.desk")
      : t(`phone.${phone.state === "off" ? "starting" : phone.state}`);
    return html`<span class="phone ${ok ? "ok" : "bad"}" role="status">${ok ? "●" : "！"} ${words}</span>`;
  }

  private toFloor() {
    return this.place.session.role === "supervisor" ? html`<a href="#floor">${t("floor.back")}</a>` : nothing;
  }

  private me() {
    return html`<div class="at right">
      <button aria-haspopup="menu" aria-expanded=${this.open === "me"} @click=${() => this.toggle("me")}>
        <span class="sr">${t("top.menu")}</span>
        ${this.place.session.title} ▾
      </button>
      ${this.open === "me" ? this.myMenu() : nothing}
    </div>`;
  }

  private myMenu() {
    const { place } = this;
    const desk = place.usesDeskPhone;
    const ask = (name: string) => () =>
      this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true }));
    const item = (label: string, act: () => void) => html`<button
      role="menuitem"
      @click=${() => {
        this.toggle(null);
        act();
      }}
    >
      ${label}
    </button>`;
    return html`<div class="menu" role="menu" aria-label=${t("top.menu")} @keydown=${this.onKey}>
      ${place.agent ? item(t(desk ? "top.use-browser" : "top.use-desk"), () => place.useDeskPhone(!desk)) : nothing}
      ${item(t("top.password"), ask("change-password"))}
      ${item(t("app.language"), () => this.otherLanguage())} ${item(t("app.sign-out"), ask("sign-out"))}
    </div>`;
  }

  private otherLanguage(): void {
    speak(language() === "ja" ? "en" : "ja");
    this.dispatchEvent(new CustomEvent("language", { bubbles: true, composed: true }));
  }
}
