// The one place of commands: what will be done, in words, before it is done; then what was done, and the way back
// from the latest few.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { focused } from "../core/deep";
import { Keys } from "../core/keys";
import { EverySecond, Watching } from "../core/watching";
import { t } from "../core/words";
import type { Command } from "./commands";
import type { Deed, Floor } from "./floor";

@customElement("command-strip")
export class CommandStrip extends LitElement {
  @property({ attribute: false }) floor!: Floor;
  private asked: Command | null = null;
  private cameFrom: HTMLElement | null = null;

  constructor() {
    super();
    new Watching(this, () => this.floor);
    new EverySecond(this);
    new Keys(this, ({ key }) => this.onKey(key));
  }

  static override styles = [
    base,
    css`
      .strip {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: center;
        min-height: 72px;
      }
      .strip p {
        flex: 1 1 300px;
      }
      button.primary {
        width: auto;
        min-height: 44px;
        padding: 4px 24px;
      }
      .hint {
        padding: 10px 14px;
        border: 1px dashed var(--line);
        border-radius: var(--round);
      }
      .both {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: stretch;
      }
      .both > div {
        flex: 1 1 320px;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
      }
      li button {
        max-width: 340px;
      }
      .label {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .asks {
        border-color: var(--primary);
        border-width: 2px;
      }
    `,
  ];

  override render() {
    const { asked, deeds } = this.floor;
    return html`<section class="both" aria-label=${t("command.place")}>
      <div aria-live="polite">${asked ? this.question(asked) : this.said()}</div>
      ${
        asked || !deeds.length
          ? nothing
          : html`<ul aria-label=${t("command.back")}>
            ${deeds.map((deed, place) => html`<li>${this.wayBack(deed, place === 0)}</li>`)}
          </ul>`
      }
    </section>`;
  }

  /** The focus goes to the question, and back to where it came from. */
  override updated(): void {
    const { asked } = this.floor;
    if (asked === this.asked) return;
    if (asked) {
      if (!this.asked) this.cameFrom = focused() as HTMLElement | null;
      this.renderRoot.querySelector<HTMLElement>("[data-primary]")?.focus();
    } else this.cameFrom?.focus();
    this.asked = asked;
  }

  private said() {
    const { said } = this.floor;
    if (!said || said.until < Date.now()) {
      return html`<div class="strip hint"><p class="soft">${t("command.hint")}</p></div>`;
    }
    return html`<div class="strip box ${said.level === "problem" ? "trouble" : "ready"}"><p>${said.text}</p></div>`;
  }

  private question(command: Command) {
    const { floor } = this;
    return html`<div class="strip panel asks">
      <p>${command.says}</p>
      <button class="primary" data-primary @click=${() => void floor.confirm()}>
        ${command.label} <kbd>Enter</kbd>
      </button>
      <button @click=${() => floor.cancel()}>${t("command.cancel")} <kbd>Esc</kbd></button>
    </div>`;
  }

  private wayBack(deed: Deed, latest: boolean) {
    const seconds = Math.ceil((deed.until - Date.now()) / 1000);
    const { label } = deed.command;
    return html`<button title=${label} @click=${() => void this.floor.undo(deed)}>
      <span class="label">${t("command.undo", { label })}</span>
      <span>${t("command.undo.left", { seconds })}</span>${latest ? html` <kbd>U</kbd>` : nothing}
    </button>`;
  }

  private onKey(key: string): boolean {
    const { floor } = this;
    if (key === "Escape" && floor.asked) floor.cancel();
    else if (key === "u" && !floor.asked && floor.deeds.length) void floor.undo();
    else return false;
    return true;
  }
}
