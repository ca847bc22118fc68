// How the call went: chosen already from what was done; a digit changes it, Enter ends after-call work.

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import type { Workplace } from "../core/workplace";

@customElement("call-outcome")
export class CallOutcome extends LitElement {
  @property({ attribute: false }) place!: Workplace;

  constructor() {
    super();
    new Watching(this, () => this.place);
  }

  static override styles = [
    base,
    css`
      fieldset {
        margin: 0 0 10px;
        padding: 8px 12px;
        border: 1px solid var(--line);
        border-radius: var(--round);
      }
      legend {
        font-size: 0.875rem;
        font-weight: 700;
        padding: 0 4px;
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 32px;
        font-weight: 400;
        font-size: 0.9375rem;
      }
      label.chosen {
        font-weight: 700;
      }
      input {
        width: 18px;
        min-height: 18px;
        margin: 0;
      }
    `,
  ];

  override render() {
    const chosen = this.place.suggested();
    // A booking that is half filled in comes first: then its confirmation is the next step.
    const filling = this.place.sheet?.kept != null;
    return html`<fieldset>
        <legend>${t("outcome.title")}</legend>
        ${this.place.dispositions.map((each, at) => this.choice(each.title, at, each.title === chosen))}
        <p class="small soft">${t("outcome.suggested")}</p>
      </fieldset>
      <button class=${filling ? "" : "primary"} ?data-primary=${!filling} @click=${() => void this.place.finish()}>
        ${t("outcome.finish")} <kbd>Enter</kbd>
      </button>`;
  }

  private choice(title: string, at: number, chosen: boolean) {
    return html`<label class=${chosen ? "chosen" : ""}>
      <input type="radio" name="outcome" .checked=${chosen} @change=${() => this.choose(title)} />
      <kbd aria-hidden="true">${at + 1}</kbd> ${title}
    </label>`;
  }

  private choose(title: string): void {
    if (!this.place.sheet) return;
    this.place.sheet.outcome = title;
    this.place.keep();
  }
}
