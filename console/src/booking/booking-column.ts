// The booking: always on the right. The week, then the form for the slot that is kept, then what must be told.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { base } from "../core/base";
import type { Slot } from "../core/shapes";
import type { Kept } from "../core/sheet";
import { EverySecond, Watching } from "../core/watching";
import { t } from "../core/words";
import type { Workplace } from "../core/workplace";
import { dayAndTime, running, shortDay } from "../core/written";
import type { BookingForm } from "./booking-form";
import "./booking-form";
import type { ReadBackList } from "./read-back";
import "./read-back";
import type { WeekTable } from "./week-table";
import "./week-table";

@customElement("booking-column")
export class BookingColumn extends LitElement {
  @property({ attribute: false }) place!: Workplace;
  @query("week-table") private table!: WeekTable | null;
  @query("booking-form") private form!: BookingForm | null;
  @query("read-back") private readBack!: ReadBackList | null;
  @query(".venues button") private firstVenue!: HTMLElement | null;

  constructor() {
    super();
    new Watching(this, () => this.place);
    new EverySecond(this);
  }

  static override styles = [
    base,
    css`
      section {
        display: flex;
        flex-direction: column;
        gap: 10px;
      }
      .row {
        display: grid;
        grid-template-columns: 2fr 3fr;
        gap: 8px;
      }
      .week {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      .week span {
        flex: 1;
        text-align: center;
        font-weight: 700;
      }
      .venues {
        display: grid;
        gap: 6px;
      }
      .venues button {
        justify-content: flex-start;
        text-align: left;
      }
      .venues .free {
        margin-left: auto;
      }
      .slot {
        border: 2px solid var(--primary);
        border-radius: var(--round);
        background: var(--chosen);
        padding: 10px 14px;
      }
      .when {
        font-size: 1.25rem;
        font-weight: 700;
        line-height: 1.4;
      }
    `,
  ];

  /** Where the work goes on from here: the field, the list to read, or the next free slot. */
  async go(): Promise<void> {
    const sheet = this.place.sheet;
    if (sheet?.readBack) return this.readBack?.focus();
    if (sheet?.kept) return this.form?.focus();
    await this.place.booking.toNext();
    await this.updateComplete;
    this.table?.focusNext();
  }

  /** One step back; false when there is none. */
  back(): boolean {
    const { booking, sheet } = this.place;
    if (booking.choosing.length) void booking.open([]).then(() => this.table?.focusNext());
    else if (sheet?.kept || sheet?.moving) void booking.release().then(() => this.go());
    else return false;
    return true;
  }

  /** Take the venue with this number, if venues are shown. */
  pick(number: number): boolean {
    const slot = this.place.booking.choosing[number - 1];
    if (slot) void this.keep(slot);
    return slot !== undefined;
  }

  override render() {
    return html`<section aria-label=${t("booking.title")}>
      <h2>${t("booking.title")}</h2>
      ${this.now()}
    </section>`;
  }

  private now(): TemplateResult {
    const sheet = this.place.sheet;
    if (sheet?.readBack)
      return html`<read-back .place=${this.place} @another=${() => this.another()}></read-back>`;
    if (sheet?.kept) return this.filling(sheet.kept);
    return this.looking();
  }

  // --- looking for a slot ---

  private looking() {
    const { booking, sheet } = this.place;
    const moving = sheet?.moving;
    return html`${moving ? html`<p class="box waiting">${t("booking.moving", { number: moving.number, written: moving.written })}</p>` : nothing}
      <div class="row">
        ${this.select("venue", [{ name: "", title: t("booking.anywhere") }, ...booking.places.venues], booking.venue)}
        ${this.select("service", booking.places.services, booking.service)}
      </div>
      ${sheet ? this.start() : nothing}
      ${booking.choosing.length ? this.venues(booking.choosing) : this.weekOf()}`;
  }

  private select(which: "venue" | "service", choices: { name: string; title: string }[], chosen: string) {
    const choose = (event: Event) =>
      this.place.booking.choose({ [which]: (event.target as HTMLSelectElement).value });
    return html`<div>
      <label for=${which}>${t(`booking.${which}`)}</label>
      <select id=${which} .value=${chosen} @change=${choose}>
        ${choices.map(({ name, title }) => html`<option value=${name} ?selected=${name === chosen}>${title}</option>`)}
      </select>
    </div>`;
  }

  private start() {
    const talking = this.place.agent?.state === "talking";
    return html`<button class=${talking ? "primary" : ""} ?data-primary=${talking} @click=${() => void this.go()}>
      ${t("booking.start")} <kbd>B</kbd>
    </button>`;
  }

  private weekOf() {
    const { booking } = this.place;
    if (!booking.loaded) return html`<p class="soft">${t("app.loading")}</p>`;
    const next = booking.next
      ? html`<button @click=${() => void this.go()}>${t("booking.next-free")}：${booking.next.written}</button>`
      : html`<p class="box waiting">${t("booking.no-free")}</p>`;
    return html`${next}
      <div class="week">
        <button aria-label=${t("booking.week.before")} @click=${() => booking.turn(-1)}>◀</button>
        <span>${t("booking.week", { from: shortDay(booking.monday) })}</span>
        <button aria-label=${t("booking.week.next")} @click=${() => booking.turn(1)}>▶</button>
      </div>
      <week-table
        .week=${booking.week}
        .next=${booking.next}
        @open-slots=${(event: CustomEvent<Slot[]>) => void this.open(event.detail)}
        @turn=${(event: CustomEvent<number>) => booking.turn(event.detail)}
      ></week-table>`;
  }

  private venues(slots: Slot[]) {
    const when = dayAndTime(new Date(slots[0]?.starts_at ?? 0));
    return html`<p><strong>${t("booking.which", { when })}</strong></p>
      <div class="venues">
        ${slots.map(
          (slot, at) => html`<button @click=${() => void this.keep(slot)}>
            <kbd>${at + 1}</kbd> ${slot.venue_title}
            <span class="free">${t("booking.free", { count: slot.free })}</span>
          </button>`,
        )}
      </div>
      <button class="plain" @click=${() => this.back()}>${t("citizen.back")} <kbd>Esc</kbd></button>`;
  }

  private async open(slots: Slot[]): Promise<void> {
    if (!this.place.sheet) return;
    await this.place.booking.open(slots);
    await this.updateComplete;
    if (this.place.booking.choosing.length) this.firstVenue?.focus();
    else this.form?.focus();
  }

  private async keep(slot: Slot): Promise<void> {
    await this.place.booking.keepSlot(slot);
    await this.updateComplete;
    if (this.place.sheet?.kept) this.form?.focus();
  }

  // --- the slot is kept ---

  private filling(kept: Kept) {
    const left = (Date.parse(kept.hold.until) - Date.now()) / 1000;
    const held = left > 0 ? t("booking.held", { time: running(left) }) : t("booking.held.over");
    return html`<div class="slot">
        <p class="when">${kept.written}</p>
        <p>${kept.venue}</p>
        <p class="small">${kept.service}</p>
        <p class="small" role="timer"><strong>${held}</strong></p>
        <button class="plain" @click=${() => this.back()}>${t("booking.other")} <kbd>Esc</kbd></button>
      </div>
      <booking-form .place=${this.place} @made=${() => void this.made()}></booking-form>`;
  }

  private async made(): Promise<void> {
    await this.updateComplete;
    this.readBack?.focus();
  }

  private another(): void {
    this.place.booking.another();
    void this.updateComplete.then(() => this.go());
  }
}
