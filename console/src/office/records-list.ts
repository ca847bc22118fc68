// The records of one day. In the list the city sees no whole number; a record that is opened shows all of it.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Problem } from "../core/api";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import { clock, mobile, span } from "../core/written";
import type { Affairs } from "./affairs";
import type { Listening } from "./listening";
import "./listening-place";
import type { OneRecord, Recorded } from "./shapes";
import { tables } from "./tables";

@customElement("records-list")
export class RecordsList extends LitElement {
  @property({ attribute: false }) affairs!: Affairs;
  @state() private open: OneRecord | null = null;
  private listening: Listening | null = null;
  @state() private fault = "";

  constructor() {
    super();
    new Watching(this, () => this.affairs);
  }

  static override styles = [
    base,
    tables,
    css`
      .day {
        display: flex;
        align-items: center;
        gap: 12px;
        margin: 8px 0;
      }
      .day input {
        width: auto;
      }
      .scroll {
        max-height: 60vh;
      }
      ol {
        font-size: 0.875rem;
      }
    `,
  ];

  override render() {
    const { on, records } = this.affairs;
    return html`<h2>${t("records.title")}</h2>
      <div class="day">
        <label for="day">${t("records.day")}</label>
        <input id="day" type="date" .value=${on} @change=${this.turn} />
        <span role="status">${records ? t("records.count", { count: records.length }) : t("app.loading")}</span>
      </div>
      ${this.fault ? html`<p class="fault" role="alert">${this.fault}</p>` : nothing}
      ${records?.length ? this.table(records) : nothing}`;
  }

  private table(records: Recorded[]) {
    const heads = ["at", "caller", "outcome", "agent", "waited", "talked", "more"];
    return html`<div class="scroll panel" tabindex="0" role="group" aria-label=${t("records.title")}>
      <table>
        <thead>
          <tr>
            ${heads.map((head) => html`<th scope="col">${t(`records.${head}`)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${records.map((each) => this.row(each))}
        </tbody>
      </table>
    </div>`;
  }

  private row(it: Recorded) {
    const open = this.open?.id === it.id ? this.open : null;
    const seconds = (value: number | null) => (value === null ? "—" : span(value));
    return html`<tr>
        <td><time datetime=${it.started_at}>${clock(new Date(it.started_at))}</time></td>
        <td>${mobile((open ?? it).caller ?? t("call.withheld"))}</td>
        <td>${it.disposition ?? t(`outcome.${it.outcome ?? "none"}`)}</td>
        <td>${it.agent ?? "—"}</td>
        <td>${seconds(it.waited_s)}</td>
        <td>${seconds(it.talked_s)}</td>
        <td>
          <button aria-expanded=${open !== null} @click=${() => void this.toggle(it.id)}>
            ${t("records.show")}<span class="sr"> ${clock(new Date(it.started_at))}</span>
          </button>
        </td>
      </tr>
      ${open ? html`<tr><td colspan="7">${this.timeline(open)}${this.sound(open)}</td></tr>` : nothing}`;
  }

  /** What happened in it, in the order in which it did; steps that only the machine cares for are left out. */
  private timeline(record: OneRecord) {
    const told = record.timeline.filter(({ kind }) => t(`event.${kind}`));
    return html`<ol>
      ${told.map(
        ({ at, kind, text }) =>
          html`<li><time>${clock(new Date(at))}</time> ${t(`event.${kind}`)} ${text ?? ""}</li>`,
      )}
    </ol>`;
  }

  private sound(record: OneRecord) {
    if (!record.recording || !this.listening) return nothing;
    return html`<listening-place .listening=${this.listening}></listening-place>`;
  }

  private async toggle(id: string): Promise<void> {
    this.fault = "";
    try {
      this.open = this.open?.id === id ? null : await this.affairs.one(id);
      this.listening = this.open && this.affairs.listening(id);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.fault = error.message;
    }
  }

  private readonly turn = (event: Event) => {
    const day = (event.target as HTMLInputElement).value;
    if (day) void this.affairs.turnTo(day);
  };
}
