// Where a recording is heard: first why, then the sound with its moments.

import { css, html, LitElement, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import { running } from "../core/written";
import { Listening, STEP_S } from "./listening";

@customElement("listening-place")
export class ListeningPlace extends LitElement {
  @property({ attribute: false }) listening!: Listening;
  /** Moments that somebody remarked on, in seconds. */
  @property({ attribute: false }) moments: number[] = [];
  /** Whether the keys of its buttons work here. */
  @property({ type: Boolean }) keys = false;

  private shown: Listening["state"] = "closed";

  constructor() {
    super();
    new Watching(this, () => this.listening);
  }

  static override styles = [
    base,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 8px;
      }
      .row > div {
        flex: 1 1 220px;
      }
      .track {
        display: grid;
        margin: 8px 0 4px;
      }
      input[type="range"] {
        min-height: 28px;
        padding: 0;
        accent-color: var(--primary);
      }
      svg {
        display: block;
        overflow: visible;
        fill: var(--waiting);
      }
      .time {
        align-self: center;
        min-width: 7.5em;
        font-size: 1.125rem;
        font-weight: 700;
      }
    `,
  ];

  override disconnectedCallback(): void {
    this.listening.stop();
    super.disconnectedCallback();
  }

  /** Whoever asked for the sound has its button next. */
  override updated(): void {
    const { state } = this.listening;
    if (state === "open" && this.shown === "opening") this.focus();
    this.shown = state;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("#reason, .play")?.focus();
  }

  override render() {
    const { state, fault } = this.listening;
    return html`${state === "open" ? this.player() : this.door()}
    ${fault ? html`<p class="fault" role="alert">${fault}</p>` : nothing}`;
  }

  private door() {
    const opening = this.listening.state === "opening";
    return html`<form class="row" novalidate @submit=${this.open}>
      <div>
        <label for="reason">${t("listen.reason")}</label>
        <input id="reason" maxlength="200" list="reasons" autocomplete="off" .value=${Listening.lastReason} />
        <datalist id="reasons">
          ${["check", "complaint", "training"].map((each) => html`<option value=${t(`listen.reason.${each}`)}></option>`)}
        </datalist>
      </div>
      <button ?disabled=${opening}>${t(opening ? "listen.opening" : "listen.open")}</button>
    </form>`;
  }

  private player() {
    const { listening } = this;
    const { at, length } = listening;
    const key = (name: string) => (this.keys ? html`<kbd>${name}</kbd>` : nothing);
    const wind = (by: number, words: string, name: string) =>
      html`<button @click=${() => listening.wind(at + by)}>${t(words, { seconds: STEP_S })} ${key(name)}</button>`;
    return html`<div class="track">
        <input
          type="range"
          aria-label=${t("listen.moment")}
          aria-valuetext=${running(at)}
          min="0"
          max=${Math.ceil(length)}
          step="1"
          .value=${String(Math.floor(at))}
          @input=${this.wind}
        />
        ${this.ticks(length)}
      </div>
      <div class="row">
        <span class="time">${running(at)} / ${running(length)}</span>
        <button class="play" @click=${() => listening.toggle()}>
          ${t(listening.playing ? "listen.stop" : "listen.play")} ${key("P")}
        </button>
        ${wind(-STEP_S, "listen.back", "←")} ${wind(STEP_S, "listen.on", "→")}
        <button @click=${() => listening.faster()}>${t("listen.speed", { speed: listening.speed })} ${key("F")}</button>
      </div>`;
  }

  private ticks(length: number) {
    if (!length || !this.moments.length) return nothing;
    return html`<svg width="100%" height="8" aria-hidden="true">
      ${this.moments.map((at) => svg`<rect x="${(100 * at) / length}%" width="4" height="8" />`)}
    </svg>`;
  }

  private readonly open = (event: SubmitEvent) => {
    event.preventDefault();
    this.listening.open(this.renderRoot.querySelector<HTMLInputElement>("#reason")?.value.trim() ?? "");
  };

  private readonly wind = (event: Event) => {
    this.listening.wind(Number((event.target as HTMLInputElement).value));
  };
}
