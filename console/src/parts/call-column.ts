// The call: always on the left, never anywhere else. An offer, a conversation and its after-call work are the
// same place at different times, with one thing to do next.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { base } from "../core/base";
import type { Sheet } from "../core/sheet";
import { EverySecond, Watching } from "../core/watching";
import { t } from "../core/words";
import type { Workplace } from "../core/workplace";
import { clock, running, secondsSince, span } from "../core/written";
import "./call-notes";
import "./call-outcome";
import "./transfer-place";
import type { TransferPlace } from "./transfer-place";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

@customElement("call-column")
export class CallColumn extends LitElement {
  @property({ attribute: false }) place!: Workplace;
  @state() private keypad = false;
  @query("transfer-place") private transfers?: TransferPlace;

  constructor() {
    super();
    new Watching(this, () => this.place);
    new EverySecond(this);
  }

  static override styles = [
    base,
    css`
      section {
        display: flex;
        flex-direction: column;
        gap: 10px;
      }
      .who {
        font-size: 1.5rem;
        font-weight: 700;
        line-height: 1.3;
        overflow-wrap: anywhere;
      }
      .clock {
        font-size: 1.75rem;
        font-weight: 700;
        line-height: 1.2;
      }
      .ringing {
        border: 3px solid var(--waiting);
        background: var(--waiting-soft);
        color: var(--waiting);
        border-radius: var(--round);
        padding: 12px;
      }
      .talking {
        border-left: 6px solid var(--talking);
        padding-left: 10px;
      }
      .after {
        border-left: 6px solid var(--after);
        padding-left: 10px;
      }
      .after .clock {
        color: var(--after);
      }
      .tools {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
      }
      .keypad {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: 6px;
      }
      .rec::before {
        content: "●";
        color: var(--trouble);
        margin-right: 4px;
      }
      .empty {
        padding: 24px 8px;
        text-align: center;
      }
    `,
  ];

  /** The place to transfer from, while there is a talk. */
  get transfer(): TransferPlace | null {
    return this.transfers ?? null;
  }

  override render() {
    return html`<section aria-label=${t("call.title")}>
      <h2>${t("call.title")}</h2>
      ${this.now()}
    </section>`;
  }

  private now(): TemplateResult {
    const { sheet, offer, agent } = this.place;
    if (!sheet) return this.nobody();
    if (offer) return this.offered(sheet);
    if (agent?.state === "talking") return this.talking(sheet);
    return this.afterwards(sheet);
  }

  private nobody() {
    const { line } = this.place.phone;
    if (this.place.call?.outreach) return this.outreach();
    if (line === "ringing" || line === "answering") return this.asked();
    if (line === "up") return this.joinedAnother();
    const state = this.place.agent?.state;
    const waits = state === "ready";
    // An outreach call in hand comes first: then its next step is the page's one.
    const calling = this.place.outreach.open;
    const toReady = html`<button class=${calling ? "" : "primary"} ?data-primary=${!calling} @click=${() => this.place.setState("ready")}>
      ${t("state.to.ready")} ${calling ? nothing : html`<kbd>Enter</kbd>`}
    </button>`;
    return html`<div class="panel empty">
        <p>${t("call.none")}</p>
        ${waits ? html`<p class="small soft">${t("call.none.ready")}</p>` : nothing}
        ${state === "not-responding" ? html`<p class="fault">${t("state.missed")}</p>` : nothing}
      </div>
      ${waits || !state ? nothing : toReady}`;
  }

  /** A colleague asks this person to join a call: there is no offer, the phone alone rings. */
  private asked() {
    return html`<div class="ringing" role="alert"><p><strong>${t("join.asked")}</strong></p></div>
      ${this.answerButton()}
      <button @click=${() => this.place.phone.hangUp()}>${t("call.reject")}</button>`;
  }

  /** An outreach call: whom, and how it stands, say the page's other column. */
  private outreach() {
    const { place } = this;
    const talking = place.agent?.state === "talking";
    const ringing = place.usesDeskPhone
      ? html`<p class="box waiting">${t("call.answer.desk")}</p>`
      : this.answerButton();
    const reject = html`<button @click=${() => place.reject()}>${t("call.reject")} <kbd>X</kbd></button>`;
    return html`<div class="talking"><p class="who">${place.call?.caller_written ?? ""}</p></div>
      ${talking ? html`<div class="tools">${this.tools(place.call?.recording_paused ?? false, false)}</div>` : html`${ringing}${reject}`}
      ${talking && this.keypad ? this.pad() : nothing}`;
  }

  private joinedAnother() {
    return html`<p class="box ready" role="status">${t("join.now")}</p>
      <button class="danger" @click=${() => this.place.phone.hangUp()}>${t("call.hangup")}</button>`;
  }

  private caller(sheet: Sheet) {
    const callback = sheet.callback
      ? html`<p>${t("call.callback", { at: clock(new Date(sheet.callback.asked_at)) })}</p>`
      : nothing;
    return html`<p class="who">${sheet.withheld ? t("call.withheld") : sheet.callerWritten}</p>
      ${sheet.queueTitle ? html`<p>${sheet.queueTitle}</p>` : nothing} ${callback}`;
  }

  // --- an offer ---

  private offered(sheet: Sheet) {
    const { place } = this;
    return html`<div class="ringing" role="alert">
        <p><strong>${t("call.incoming")}</strong></p>
        ${this.caller(sheet)}
        <p>${t("call.waited", { time: span(sheet.waited) })}</p>
      </div>
      ${place.usesDeskPhone ? html`<p class="box waiting">${t("call.answer.desk")}</p>` : this.answerButton()}
      <button @click=${() => place.reject()}>${t("call.reject")} <kbd>X</kbd></button>`;
  }

  private answerButton() {
    const { phone } = this.place;
    const able = phone.state === "ready" && phone.line !== "answering";
    return html`<button class="primary" data-primary ?disabled=${!able} @click=${() => this.place.answer()}>
      ${phone.line === "answering" ? t("call.connecting") : t("call.answer")} <kbd>Enter</kbd>
    </button>`;
  }

  // --- the conversation ---

  private talking(sheet: Sheet) {
    const { call } = this.place;
    const paused = call?.recording_paused ?? false;
    const silent =
      paused || (call?.consultation?.some((each) => each.joined && each.mode === "consult") ?? false);
    return html`<div class="talking">
        ${this.caller(sheet)}
        <p class="clock" role="timer">${running(secondsSince(sheet.answeredAt, Date.now()))}</p>
        <p class="small ${silent ? "" : "rec"}">${t(silent ? "call.paused" : "call.recording")}</p>
        <p class="small soft">${t("call.waited.after", { time: span(sheet.waited) })}</p>
      </div>
      ${this.warnings()}
      <div class="tools">${this.tools(paused)}</div>
      ${this.keypad ? this.pad() : nothing}
      <transfer-place .place=${this.place}></transfer-place>
      <call-notes .place=${this.place}></call-notes>`;
  }

  private warnings() {
    const { phone, usesDeskPhone } = this.place;
    if (usesDeskPhone) return html`<p class="small soft">${t("call.at-the-phone")}</p>`;
    if (phone.line === "none") return html`<p class="box trouble">${t("call.no-sound")}</p>`;
    const words = [phone.held ? t("call.held") : "", phone.muted ? t("call.muted") : ""].filter(Boolean);
    return words.map((each) => html`<p class="box waiting" role="status">${each}</p>`);
  }

  private tools(paused: boolean, sendsOn = true) {
    const { place } = this;
    const mine = !place.usesDeskPhone;
    const { phone } = place;
    return html`${mine ? this.tool("H", "call.hold", phone.held, () => phone.hold()) : nothing}
      ${mine ? this.tool("M", "call.mute", phone.muted, () => phone.mute()) : nothing}
      <button aria-pressed=${paused} @click=${() => place.record(paused)}>
        ${t(paused ? "call.record.on" : "call.record.off")} <kbd>R</kbd>
      </button>
      ${mine ? html`<button aria-expanded=${this.keypad} @click=${() => (this.keypad = !this.keypad)}>${t("call.keypad")}</button>` : nothing}
      ${sendsOn ? html`<button @click=${() => void this.transfer?.toggle()}>${t("call.transfer")} <kbd>T</kbd></button>` : nothing}
      <button class="danger" @click=${() => place.hangUp()}>${t("call.hangup")} <kbd>Shift+E</kbd></button>`;
  }

  private tool(key: string, word: string, on: boolean, act: () => void) {
    return html`<button aria-pressed=${on} @click=${act}>${t(on ? `${word}.off` : word)} <kbd>${key}</kbd></button>`;
  }

  private pad() {
    return html`<div class="keypad">
      ${KEYS.map((key) => html`<button @click=${() => this.place.phone.press(key)}>${key}</button>`)}
    </div>`;
  }

  // --- after it ---

  private afterwards(sheet: Sheet) {
    const { agent } = this.place;
    const left = agent?.acw_until ? (Date.parse(agent.acw_until) - Date.now()) / 1000 : null;
    const more = html`<button @click=${() => this.place.setState("after-call")}>${t("call.more-time")}</button>`;
    return html`<div class="after">
        ${this.caller(sheet)}
        <p>${t("call.ended")}</p>
        ${left === null ? nothing : html`<p class="clock" role="timer">${t("call.time-left", { time: running(left) })}</p>`}
      </div>
      <call-outcome .place=${this.place}></call-outcome>
      ${left === null ? nothing : more}
      <call-notes .place=${this.place}></call-notes>`;
  }
}
