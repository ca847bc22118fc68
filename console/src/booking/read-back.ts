// What the citizen must be told, one breath at a time: Space says "told" and goes on to the next.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import type { Workplace } from "../core/workplace";
import { inThrees } from "../core/written";

@customElement("read-back")
export class ReadBackList extends LitElement {
  @property({ attribute: false }) place!: Workplace;

  constructor() {
    super();
    new Watching(this, () => this.place);
  }

  static override styles = [
    base,
    css`
      .done {
        color: var(--ready);
        background: var(--ready-soft);
        border: 1px solid currentcolor;
        border-radius: var(--round);
        padding: 8px 14px;
        font-weight: 700;
      }
      .number {
        font-size: 1.5rem;
        line-height: 1.4;
      }
      .box {
        margin-top: 8px;
      }
      h3 {
        margin: 12px 0 4px;
        font-size: 0.875rem;
      }
      label {
        display: flex;
        align-items: flex-start;
        gap: 12px;
        padding: 8px 12px;
        margin-bottom: 6px;
        border: 1px solid var(--line);
        border-radius: var(--round);
        font-size: 1rem;
        font-weight: 400;
        line-height: 1.6;
      }
      label.now {
        border: 2px solid var(--primary);
        background: var(--chosen);
      }
      input {
        flex: none;
        width: 22px;
        min-height: 22px;
        height: 22px;
        margin: 2px 0 0;
      }
      span span {
        display: block;
      }
    `,
  ];

  override focus(): void {
    const told = this.place.sheet?.readBack?.told ?? 0;
    const boxes = this.renderRoot.querySelectorAll<HTMLElement>("input");
    if (boxes[told]) boxes[told].focus();
    else this.renderRoot.querySelector<HTMLElement>("button")?.blur();
  }

  override render() {
    const readBack = this.place.sheet?.readBack;
    if (!readBack) return nothing;
    const { steps, told, reservation, what } = readBack;
    const others = reservation.duplicates ?? [];
    return html`<div class="done" role="status">
        <p>${t(`booking.${what === "booked" ? "made" : what}`)}</p>
        <p class="number">${t("booking.number")} ${reservation.number}</p>
      </div>
      ${others.length ? html`<p class="box waiting">${t("booking.duplicates", { numbers: others.map(inThrees).join("、") })}</p>` : nothing}
      <h3>${t("booking.tell", { key: "Space" })}</h3>
      ${steps.map((step, at) => this.step(step, at, told))}
      ${told >= steps.length ? html`<p class="box ready" role="status">${t("booking.told")}</p>` : nothing}
      <button class="plain" @click=${() => this.dispatchEvent(new CustomEvent("another"))}>
        ${t("booking.another")}
      </button>`;
  }

  private step(step: string[], at: number, told: number) {
    return html`<label class=${at === told ? "now" : ""}>
      <input
        type="checkbox"
        .checked=${at < told}
        @change=${(event: Event) => this.tick(at, (event.target as HTMLInputElement).checked)}
      />
      <span>${step.map((sentence) => html`<span>${sentence}</span>`)}</span>
    </label>`;
  }

  /** Told is told in order: taking a tick back takes those after it back, too. */
  private tick(at: number, on: boolean): void {
    this.place.booking.tell(on ? Math.max(at + 1, this.place.sheet?.readBack?.told ?? 0) : at);
    void this.updateComplete.then(() => {
      const all = this.renderRoot.querySelectorAll<HTMLInputElement>("input");
      const next = [...all].find((box) => !box.checked);
      if (next) next.focus();
      else (this.renderRoot as ShadowRoot).querySelector<HTMLElement>(":focus")?.blur();
    });
  }
}
