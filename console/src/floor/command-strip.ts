// The one place of commands: what will be done, in words, before it is done; then what was done, and the way back.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { focused } from "../core/deep";
import { EverySecond, Watching } from "../core/watching";
import { t } from "../core/words";
import type { Command } from "./commands";
import type { Floor } from "./floor";

@customElement("command-strip")
export class CommandStrip extends LitElement {
  @property({ attribute: false }) floor!: Floor;
  private asked: Command | null = null;
  private cameFrom: HTMLElement | null = null;

  constructor() {
    super();
    new Watching(this, () => this.floor);
    new EverySecond(this);
  }

  static override styles = [
    base,
    css`
      .strip {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: center;
        min-height: 62px;
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
      .asks {
        border-color: var(--primary);
        border-width: 2px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.onKey);
  }

  override disconnectedCallback(): void {
    document.removeEventListener("keydown", this.onKey);
    super.disconnectedCallback();
  }

  override render() {
    return html`<section aria-label=${t("command.place")} aria-live="polite">${this.content()}</section>`;
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

  private content() {
    const { floor } = this;
    if (floor.asked) return this.question(floor.asked);
    const left = floor.done ? Math.ceil((floor.done.until - Date.now()) / 1000) : 0;
    if (floor.done && left > 0) return this.wayBack(floor.done.command, left);
    if (!floor.said) return html`<div class="strip hint"><p class="soft">${t("command.hint")}</p></div>`;
    const look = floor.said.level === "problem" ? "trouble" : "ready";
    return html`<div class="strip box ${look}"><p>${floor.said.text}</p></div>`;
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

  private wayBack(command: Command, seconds: number) {
    const { floor } = this;
    return html`<div class="strip box ready">
      <p>${t("command.done", { label: command.label })}</p>
      ${
        command.undo
          ? html`<button @click=${() => void floor.undo()}>${t("command.undo", { seconds })} <kbd>U</kbd></button>`
          : nothing
      }
    </div>`;
  }

  private readonly onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const { floor } = this;
    if (event.key === "Escape" && floor.asked) floor.cancel();
    else if (event.key === "u" && floor.done?.command.undo) void floor.undo();
    else return;
    event.preventDefault();
  };
}
