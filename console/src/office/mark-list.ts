// Remarks on moments of a recording: each leads to its moment, and a new one is made where the recording stands.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import { running } from "../core/written";
import type { Quality } from "./quality";
import type { Mark } from "./shapes";

@customElement("mark-list")
export class MarkList extends LitElement {
  @property({ attribute: false }) quality!: Quality;
  @query("#remark") private remark!: HTMLInputElement | null;

  constructor() {
    super();
    new Watching(this, () => this.quality);
    new Watching(this, () => this.quality.listening);
  }

  static override styles = [
    base,
    css`
      li {
        display: flex;
        gap: 8px;
        align-items: baseline;
        padding: 4px 0;
        border-bottom: 1px solid var(--line);
      }
      li p {
        flex: 1;
        overflow-wrap: anywhere;
      }
      .by {
        display: inline-block;
      }
      li button {
        min-height: 32px;
      }
      form {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 8px;
        margin-top: 8px;
      }
      form div {
        flex: 1 1 220px;
      }
    `,
  ];

  override render() {
    const { judged, draft } = this.quality;
    return html`<h3>${t("mark.title")}</h3>
      ${judged?.marks.length ? nothing : html`<p class="soft small">${t("mark.none")}</p>`}
      <ul>
        ${judged?.marks.map((mark) => this.mark(mark))}
      </ul>
      <form novalidate @submit=${this.make}>
        <div>
          <label for="remark">${t("mark.text")} <kbd>M</kbd></label>
          <input id="remark" maxlength="500" autocomplete="off" .value=${draft.remark} @input=${this.write} />
        </div>
        <button ?disabled=${!draft.remark.trim()}>${t("mark.make", { at: running(this.at) })}</button>
      </form>`;
  }

  override focus(): void {
    this.remark?.focus();
  }

  private get at(): number {
    return this.quality.listening?.at ?? 0;
  }

  private mark({ id, at_s, text, by }: Mark) {
    const { quality } = this;
    const about = html`<span class="sr"> ${running(at_s)}</span>`;
    return html`<li>
      <button @click=${() => quality.listening?.wind(at_s)}>${running(at_s)}<span class="sr"> ${t("mark.hear")}</span></button>
      <p>${text} <span class="by soft small">${quality.titleOf(by)}</span></p>
      ${
        quality.mayRemove(by)
          ? html`<button @click=${() => void quality.unmark(id)}>${t("mark.remove")}${about}</button>`
          : nothing
      }
    </li>`;
  }

  private readonly write = (event: Event) => {
    this.quality.write({ remark: (event.target as HTMLInputElement).value });
  };

  private readonly make = async (event: SubmitEvent) => {
    event.preventDefault();
    if (this.quality.draft.remark.trim()) await this.quality.mark(this.at);
  };
}
