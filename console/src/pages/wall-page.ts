// The wall: four numbers that are read from six metres away, and nothing else.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { EverySecond, Watching } from "../core/watching";
import { t } from "../core/words";
import { running, secondsSince } from "../core/written";
import { percent } from "../floor/figures-bar";
import type { Floor } from "../floor/floor";

@customElement("wall-page")
export class WallPage extends LitElement {
  @property({ attribute: false }) floor!: Floor;
  private lock: WakeLockSentinel | null = null;

  constructor() {
    super();
    new Watching(this, () => this.floor);
    new EverySecond(this);
  }

  static override styles = [
    base,
    css`
      :host {
        height: 100vh;
        position: relative;
      }
      main,
      dl {
        height: 100%;
      }
      dl {
        display: grid;
        grid-template: 1fr 1fr / 1fr 1fr;
        gap: 2px;
        background: var(--line);
      }
      div {
        display: flex;
        flex-direction: column;
        justify-content: center;
        text-align: center;
        background: var(--paper);
        overflow: hidden;
      }
      dt {
        font-size: min(6vh, 4.4vw);
        line-height: 1.2;
      }
      dd {
        font-size: min(24vh, 13.5vw);
        font-weight: 700;
        line-height: 1.1;
        white-space: nowrap;
      }
      .waiting dd {
        color: var(--waiting);
      }
      .trouble dd {
        color: var(--trouble);
      }
      .ready dd {
        color: var(--ready);
      }
      p {
        position: absolute;
        inset: auto 0 0;
        padding: 4px;
        text-align: center;
        font-size: min(4vh, 2.6vw);
        font-weight: 700;
        color: var(--trouble);
        background: var(--trouble-soft);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.stayAwake);
    this.stayAwake();
  }

  override disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.stayAwake);
    void this.lock?.release();
    super.disconnectedCallback();
  }

  override render() {
    const { floor } = this;
    const { line } = floor;
    const longest = Math.max(0, ...line.map((call) => secondsSince(call.waiting_since, Date.now())));
    const today = floor.figures?.today;
    const below = (today?.may_be_lost ?? 0) < 0;
    const ready = [...floor.agents.values()].filter(
      (agent) => agent.state === "ready" && agent.registered,
    ).length;
    const lost = floor.link.state === "lost" ? html`<p role="alert">${t("floor.lost")}</p>` : nothing;
    return html`<main>
      <h1 class="sr">${t("floor.wall")}</h1>
      <dl>
        ${number("wall.waiting", String(line.length), line.length ? "waiting" : "")}
        ${number("wall.longest", line.length ? running(longest) : "–", line.length ? "waiting" : "")}
        ${number("wall.rate", percent(today?.answer_rate), below ? "trouble" : "")}
        ${number("wall.ready", String(ready), ready ? "ready" : "")}
      </dl>
      ${lost}
    </main>`;
  }

  /** A screen that nobody touches would go dark; a browser that cannot keep it awake shows it all the same. */
  private readonly stayAwake = () => {
    if (document.visibilityState !== "visible") return;
    navigator.wakeLock?.request("screen").then(
      (lock) => (this.lock = lock),
      () => undefined,
    );
  };
}

function number(words: string, value: string, look: string) {
  return html`<div class=${look}>
    <dt>${look === "trouble" ? "！" : ""}${t(words)}</dt>
    <dd>${value}</dd>
  </div>`;
}
