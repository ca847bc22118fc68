// Notes of the call. What is typed stays in this browser at once, and goes into the call's record when the
// field is left.

import { css, html, LitElement } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import type { Workplace } from "../core/workplace";

const LONGEST = 2000;

@customElement("call-notes")
export class CallNotes extends LitElement {
  @property({ attribute: false }) place!: Workplace;
  @query("textarea") private field!: HTMLTextAreaElement;

  constructor() {
    super();
    new Watching(this, () => this.place);
  }

  static override styles = [
    base,
    css`
      textarea {
        min-height: 7em;
        resize: vertical;
        line-height: 1.6;
      }
    `,
  ];

  override focus(): void {
    this.field.focus();
  }

  override render() {
    const sheet = this.place.sheet;
    const saved = sheet && sheet.notes.trim() !== "" && sheet.notes.trim() === sheet.notesSaved;
    return html`<label for="notes">${t("call.notes")} <kbd>N</kbd></label>
      <textarea
        id="notes"
        maxlength=${LONGEST}
        .value=${sheet?.notes ?? ""}
        @input=${this.type}
        @blur=${() => void this.place.saveNotes()}
      ></textarea>
      <p class="small soft" role="status">${t(saved ? "call.notes.saved" : "call.notes.kept")}</p>`;
  }

  private readonly type = () => {
    if (!this.place.sheet) return;
    this.place.sheet.notes = this.field.value;
    this.place.keep();
  };
}
