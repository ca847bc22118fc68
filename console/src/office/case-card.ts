// One case: whom it is about, what is wanted and by when, and the next step for whoever has to take it.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { base } from "../core/base";
import { t } from "../core/words";
import { dayAndTime } from "../core/written";
import type { Affairs } from "./affairs";
import type { Case } from "./shapes";

@customElement("case-card")
export class CaseCard extends LitElement {
  @property({ attribute: false }) affairs!: Affairs;
  @property({ attribute: false }) it!: Case;
  /** Whether the reader has to act. */
  @property({ type: Boolean }) mine = false;
  @state() private closing = false;
  @query("#note") private note!: HTMLTextAreaElement | null;

  static override styles = [
    base,
    css`
      article {
        display: grid;
        gap: 6px;
        padding: 10px 14px;
        background: var(--panel);
        border: 1px solid var(--line);
        border-left: 6px solid var(--waiting);
        border-radius: var(--round);
        overflow-wrap: anywhere;
      }
      article.seen,
      article.others {
        border-left-color: var(--line);
      }
      .head,
      .acts {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 4px 14px;
      }
      .late {
        color: var(--trouble);
        font-weight: 700;
      }
      .what {
        white-space: pre-wrap;
      }
      form {
        display: grid;
        gap: 8px;
      }
    `,
  ];

  override render() {
    const { it } = this;
    const { name, kana, content } = it.details;
    return html`<article class="${it.state} ${this.mine ? "" : "others"}">
      <div class="head">
        <strong>${it.kind_title} ${it.number}</strong>
        <span>${it.state_title}</span>
        ${this.due()}
      </div>
      <p>
        ${name ? html`<strong>${name}</strong> ` : nothing}${kana ? html`<span class="soft small">${kana}</span> ` : nothing}
        ${it.caller_written}
      </p>
      <p class="what">${content ?? it.summary}</p>
      <p class="small soft">${t("case.opened", { at: dayAndTime(new Date(it.opened_at)) })}</p>
      ${this.mine ? this.acts() : nothing}
    </article>`;
  }

  private due() {
    const { due_at, overdue } = this.it;
    if (!due_at) return nothing;
    const words = t("case.due", { at: dayAndTime(new Date(due_at)) });
    return html`<span class=${overdue ? "late" : ""}>${overdue ? t("case.late") : ""}${words}</span>`;
  }

  private acts() {
    if (this.closing) return this.form();
    const { it } = this;
    const about = html`<span class="sr">${it.number}</span>`;
    return html`<div class="acts">
      ${it.state === "open" ? html`<button @click=${() => void this.affairs.move(it, "seen", "")}>${t("case.see")}${about}</button>` : nothing}
      <button @click=${this.begin}>${t("case.do")}${about}</button>
    </div>`;
  }

  private form() {
    return html`<form novalidate @submit=${this.close}>
      <div>
        <label for="note">${t("case.note")}</label>
        <textarea id="note" rows="2" maxlength="2000"></textarea>
      </div>
      <div class="acts">
        <button class="primary">${t("case.done")}</button>
        <button type="button" @click=${() => (this.closing = false)}>${t("citizen.back")}</button>
      </div>
    </form>`;
  }

  private readonly begin = () => {
    this.closing = true;
    void this.updateComplete.then(() => this.note?.focus());
  };

  private readonly close = async (event: SubmitEvent) => {
    event.preventDefault();
    const note = this.note?.value.trim() ?? "";
    if (await this.affairs.move(this.it, "done", note)) this.closing = false;
  };
}
