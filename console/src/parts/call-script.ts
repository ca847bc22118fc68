// What to say and ask in this kind of call; ticks stay with the call.

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { scriptOf } from "../booking/scripts";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import type { Workplace } from "../core/workplace";

@customElement("call-script")
export class CallScript extends LitElement {
  @property({ attribute: false }) place!: Workplace;

  constructor() {
    super();
    new Watching(this, () => this.place);
  }

  static override styles = [
    base,
    css`
      .hello {
        margin: 4px 0 8px;
        padding-left: 10px;
        border-left: 4px solid var(--line);
      }
      label {
        display: flex;
        align-items: flex-start;
        gap: 10px;
        padding: 3px 0;
        font-size: 1rem;
        font-weight: 400;
        line-height: 1.6;
      }
      input {
        flex: none;
        width: 20px;
        min-height: 20px;
        height: 20px;
        margin: 3px 0 0;
      }
    `,
  ];

  override render() {
    const sheet = this.place.sheet;
    const script = scriptOf(sheet?.script ?? null);
    return html`<div class="panel">
      <h2>${t("script.title")}</h2>
      <p class="hello">${script.hello}</p>
      ${script.steps.map(
        (step) => html`<label>
          <input type="checkbox" .checked=${sheet?.ticks.includes(step) ?? false} @change=${() => this.tick(step)} />
          <span>${step}</span>
        </label>`,
      )}
    </div>`;
  }

  private tick(step: string): void {
    const sheet = this.place.sheet;
    if (!sheet) return;
    const there = sheet.ticks.includes(step);
    sheet.ticks = there ? sheet.ticks.filter((each) => each !== step) : [...sheet.ticks, step];
    this.place.keep();
  }
}
