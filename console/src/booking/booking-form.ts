// Who comes: name, kana, phone, how many, the notice's number. Faults stand at their fields; nothing typed is lost.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { base } from "../core/base";
import type { Form } from "../core/sheet";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import type { Workplace } from "../core/workplace";

type Text = Exclude<keyof Form, "people">;

const FIELDS: { name: Text; word: string; mode?: string }[] = [
  { name: "name", word: "booking.name" },
  { name: "kana", word: "booking.kana" },
  { name: "phone", word: "booking.phone", mode: "tel" },
  { name: "notice_number", word: "booking.notice" },
];

@customElement("booking-form")
export class BookingForm extends LitElement {
  @property({ attribute: false }) place!: Workplace;

  constructor() {
    super();
    new Watching(this, () => this.place);
  }

  static override styles = [
    base,
    css`
      form {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
      }
      .wide {
        grid-column: 1 / -1;
      }
    `,
  ];

  /** The first field that wants something: at fault, else empty, else the button. */
  override focus(): void {
    const fields = [...this.renderRoot.querySelectorAll<HTMLInputElement>("input")];
    const wanting =
      fields.find((field) => field.getAttribute("aria-invalid") === "true") ??
      fields.find((field) => field.required && !field.value) ??
      this.renderRoot.querySelector<HTMLElement>("[data-primary]");
    wanting?.focus();
  }

  override render() {
    const { booking, sheet } = this.place;
    if (!sheet) return nothing;
    const moving = sheet.moving !== null;
    const word = booking.duplicate ? "booking.confirm.twice" : "booking.confirm";
    return html`<form novalidate @submit=${this.submit}>
      ${moving ? nothing : this.fields(sheet.form)}
      ${booking.duplicate ? html`<p class="wide box waiting" role="alert">${booking.duplicate}</p>` : nothing}
      ${booking.instead ? this.instead() : nothing}
      <button class="primary wide" data-primary ?disabled=${booking.busy}>
        ${t(moving ? "booking.confirm.move" : word)} <kbd>Enter</kbd>
      </button>
    </form>`;
  }

  private fields(form: Form) {
    return html`${FIELDS.map(({ name, word, mode }) => this.text(name, word, form[name], mode))}
      <div>
        <label for="people">${t("booking.people")}</label>
        <input
          id="people"
          type="number"
          min="1"
          max=${this.place.booking.places.most_people}
          .value=${live(String(form.people))}
          @change=${this.people}
        />
        ${this.fault("people")}
      </div>`;
  }

  private text(name: Text, word: string, value: string, mode = "text") {
    const wrong = this.place.booking.faults[name];
    return html`<div class=${name === "name" || name === "kana" ? "wide" : ""}>
      <label for=${name}>${t(word)}</label>
      <input
        id=${name}
        inputmode=${mode}
        autocomplete="off"
        maxlength="100"
        ?required=${name !== "notice_number"}
        aria-invalid=${wrong ? "true" : "false"}
        aria-describedby=${`${name}-fault`}
        .value=${live(value)}
        @input=${(event: InputEvent) => this.type(name, event)}
      />
      ${this.fault(name)}
    </div>`;
  }

  private fault(name: string) {
    return html`<p class="fault" id=${`${name}-fault`}>${this.place.booking.faults[name] ?? ""}</p>`;
  }

  private instead() {
    const { booking } = this.place;
    const slot = booking.instead;
    if (!slot) return nothing;
    return html`<button class="wide" type="button" @click=${() => void booking.keepSlot(slot)}>
      ${t("booking.take-next", { written: `${slot.written} ${slot.venue_title}` })}
    </button>`;
  }

  private type(name: Text, event: InputEvent): void {
    const sheet = this.place.sheet;
    if (!sheet) return;
    sheet.form[name] = (event.target as HTMLInputElement).value;
    this.place.keep();
  }

  private readonly people = (event: Event) => {
    const sheet = this.place.sheet;
    const people = Number((event.target as HTMLInputElement).value);
    if (!sheet || !Number.isInteger(people) || people < 1) return;
    sheet.form.people = people;
    this.place.keep();
    void this.place.booking.keepFor(people);
  };

  private readonly submit = async (event: SubmitEvent) => {
    event.preventDefault();
    await this.place.booking.confirm();
    await this.updateComplete;
    if (this.place.sheet?.readBack) this.dispatchEvent(new CustomEvent("made"));
    else this.focus();
  };
}
