// One thing that a search found and that can be given on a call: an agreed answer, or a place to refer to.
// Closed it is one line; open it says all. Enter opens it, and once more notes on the call that it was given.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import type { Workplace } from "../core/workplace";

export abstract class FoundItem extends LitElement {
  @property({ attribute: false }) place!: Workplace;
  @state() private open = false;

  constructor() {
    super();
    new Watching(this, () => this.place);
  }

  static override styles = [
    base,
    css`
      .line {
        display: flex;
        width: 100%;
        justify-content: flex-start;
        text-align: left;
        font-weight: 700;
        overflow-wrap: anywhere;
      }
      .head {
        flex: 1;
      }
      .state {
        font-size: 0.875rem;
        font-weight: 400;
        white-space: nowrap;
      }
      .more {
        padding: 6px 12px 10px;
        border: 1px solid var(--line);
        border-top: none;
        display: grid;
        gap: 6px;
      }
      .said {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .given {
        color: var(--ready);
        font-weight: 700;
        font-size: 0.875rem;
        white-space: nowrap;
      }
      .number {
        font-size: 1.25rem;
        font-weight: 700;
      }
    `,
  ];

  /** How the sheet and the server know it. */
  abstract get given(): { mark: string; path: string };
  abstract head(): TemplateResult | string;
  abstract content(): TemplateResult;
  abstract get giveWord(): string;

  override render() {
    const marked = this.isGiven ? html`<span class="given">${t("search.used")}</span>` : nothing;
    return html`<button class="line" aria-expanded=${this.open} @click=${this.toggle} @keydown=${this.onKey}>
        ${this.open ? "▾" : "▸"} <span class="head">${this.head()}</span> ${marked}
      </button>
      ${this.open ? html`<div class="more">${this.content()} ${this.button()}</div>` : nothing}`;
  }

  /** Open it and have the focus on it. */
  async show(): Promise<void> {
    this.open = true;
    await this.updateComplete;
    this.focusLine();
  }

  focusLine(): void {
    this.renderRoot.querySelector<HTMLElement>(".line")?.focus();
  }

  private button() {
    if (!this.place.sheet || this.isGiven) return nothing;
    return html`<button @click=${() => void this.give()}>${t(this.giveWord)} <kbd>Enter</kbd></button>`;
  }

  private get isGiven(): boolean {
    return this.place.sheet?.given.includes(this.given.mark) ?? false;
  }

  private readonly toggle = () => {
    this.open = !this.open;
  };

  private readonly onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || this.place.offer) return;
    event.preventDefault();
    if (!this.open) void this.show();
    else if (this.place.sheet && !this.isGiven) void this.give();
    else this.open = false;
  };

  private async give(): Promise<void> {
    const { sheet } = this.place;
    if (!sheet) return;
    try {
      await this.place.api.send("POST", this.given.path, { call: sheet.call });
      sheet.given = [...sheet.given, this.given.mark];
      this.place.keep();
      this.focusLine();
    } catch (error) {
      this.place.complain(error);
    }
  }
}
