// An outreach call on the operator's page: whom to call, what to say, the number, what came of it.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import { OUTCOMES, type Outreach, type Target } from "./outreach";

@customElement("outreach-panel")
export class OutreachPanel extends LitElement {
  @property({ attribute: false }) outreach!: Outreach;

  constructor() {
    super();
    new Watching(this, () => this.outreach);
  }

  static override styles = [
    base,
    css`
      .panel {
        display: grid;
        gap: 10px;
        overflow-wrap: anywhere;
      }
      .name {
        font-size: 1.375rem;
        font-weight: 700;
        line-height: 1.4;
      }
      .number {
        font-size: 1.75rem;
        font-weight: 700;
      }
      .script {
        padding-left: 10px;
        border-left: 4px solid var(--line);
      }
      fieldset {
        margin: 0;
        padding: 8px 12px;
        border: 1px solid var(--line);
        border-radius: var(--round);
      }
      fieldset label {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 32px;
        font-weight: 400;
      }
      fieldset input {
        width: 18px;
        min-height: 18px;
        margin: 0;
      }
    `,
  ];

  override render() {
    const { outreach } = this;
    const { gate, target, fault } = outreach;
    return html`<div class="panel">
      <h2>${t("outreach.title")}</h2>
      ${fault ? html`<p class="box trouble" role="alert">${fault}</p>` : nothing}
      ${gate ? html`<p class="small" title=${gate.definition}>${gate.why_not ?? t("outreach.left", { made: gate.made, left: gate.left, cap: gate.cap })}</p>` : nothing}
      ${target ? this.who(target) : nothing}
      <button @click=${() => void outreach.toggle()}>${t("outreach.close")} <kbd>O</kbd></button>
    </div>`;
  }

  private who(target: Target) {
    const facts = [target.kind_title, target.address, target.contact, target.notes].filter(Boolean);
    return html`<p class="name">${target.name}</p>
      <p class="small">${facts.join("・")}</p>
      ${target.attempts ? html`<p class="small soft">${t("outreach.attempts", { count: target.attempts })}</p>` : nothing}
      <ul class="script">
        ${target.script.map((line) => html`<li>${line}</li>`)}
      </ul>
      ${this.outreach.dialled ? this.outcome(target) : this.dial()}`;
  }

  private dial() {
    return html`<button class="primary" data-primary @click=${() => void this.outreach.dial()}>
        ${t("outreach.dial")} <kbd>Enter</kbd>
      </button>
      <button @click=${() => void this.outreach.dial(true)}>${t("outreach.dial.other")}</button>`;
  }

  /** How the call stands, for eyes and screen readers. */
  private standing() {
    const { calling, result } = this.outreach;
    if (calling) return html`<p class="box ready" role="status">${t(`outreach.is.${calling}`)}</p>`;
    if (result) return html`<p class="box waiting" role="status">${t(`outreach.was.${result}`)}</p>`;
    return nothing;
  }

  private outcome({ phone_written }: Target) {
    const { draft } = this.outreach;
    const later = draft?.outcome === "call-later" ? this.retry() : nothing;
    return html`<p class="number">${phone_written}</p>
      ${this.standing()}
      <fieldset>
        <legend>${t("outreach.outcome")}</legend>
        ${OUTCOMES.map(
          (each, at) => html`<label>
            <input
              type="radio"
              name="outcome"
              .checked=${draft?.outcome === each}
              @change=${() => this.outreach.edit({ outcome: each })}
            />
            <kbd aria-hidden="true">${at + 1}</kbd> ${t(`outreach.${each}`)}
          </label>`,
        )}
      </fieldset>
      ${later}
      <div>
        <label for="outreach-note">${t("call.notes")}</label>
        <textarea
          id="outreach-note"
          rows="2"
          maxlength="500"
          .value=${draft?.note ?? ""}
          @input=${(event: Event) => this.outreach.edit({ note: (event.target as HTMLTextAreaElement).value })}
        ></textarea>
      </div>
      <button
        class="primary"
        data-primary
        ?disabled=${!draft?.outcome}
        @click=${() => void this.outreach.settle()}
      >
        ${t("outreach.settle")} <kbd>Enter</kbd>
      </button>`;
  }

  private retry() {
    return html`<div>
      <label for="retry">${t("outreach.retry")}</label>
      <input
        id="retry"
        type="datetime-local"
        .value=${this.outreach.draft?.retryAt ?? ""}
        @change=${(event: Event) => this.outreach.edit({ retryAt: (event.target as HTMLInputElement).value })}
      />
    </div>`;
  }
}
