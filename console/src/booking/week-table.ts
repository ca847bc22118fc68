// The week: days across, times down; arrows move, Enter opens. One cell at a time can be reached by Tab.

import { css, html, LitElement } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { base } from "../core/base";
import type { Slot } from "../core/shapes";
import { t } from "../core/words";
import { clock, dayAndTime, isoDay, shortDay, weekday } from "../core/written";
import { type Cell, key, type Week } from "./week";

@customElement("week-table")
export class WeekTable extends LitElement {
  @property({ attribute: false }) week!: Week;
  @property({ attribute: false }) next: Slot | null = null;
  @state() private at: { day: number; time: number } | null = null;

  static override styles = [
    base,
    css`
      table {
        width: 100%;
        border-collapse: separate;
        border-spacing: 2px;
        table-layout: fixed;
      }
      th {
        font-size: 0.8125rem;
        font-weight: 700;
        padding: 2px 0;
      }
      th[scope="row"] {
        width: 3.4em;
        text-align: right;
        padding-right: 6px;
        color: var(--ink-soft);
      }
      col:first-child {
        width: 3.4em;
      }
      td {
        padding: 0;
      }
      td button {
        width: 100%;
        min-height: 28px;
        padding: 0;
        font-size: 0.875rem;
        border-color: var(--line);
        color: var(--ready);
        font-weight: 700;
      }
      td button.next {
        border: 2px solid var(--primary);
        background: var(--chosen);
        color: var(--link);
      }
      td .full {
        display: block;
        text-align: center;
        font-size: 0.8125rem;
        color: var(--ink-soft);
      }
    `,
  ];

  /** Put the cursor on the next free slot, or on the first cell that has room. */
  focusNext(): void {
    this.at = this.placeOf(this.next);
    void this.updateComplete.then(() => this.cursor()?.focus());
  }

  override render() {
    const { days, times } = this.week;
    return html`<table @keydown=${this.onKey}>
      <colgroup><col /></colgroup>
      <thead>
        <tr>
          <td></td>
          ${days.map((day) => html`<th scope="col">${weekday(day)}<br />${shortDay(day)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${times.map(
          (time, row) => html`<tr>
            <th scope="row">${time}</th>
            ${days.map((day, column) => this.cell(this.week.cells.get(key(day, time)), column, row))}
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private cell(cell: Cell | undefined, day: number, time: number) {
    if (!cell) return html`<td></td>`;
    if (!cell.free) return html`<td><span class="full">${t("booking.full")}</span></td>`;
    const at = this.at ?? this.placeOf(this.next);
    const here = at !== null && at.day === day && at.time === time;
    const when = dayAndTime(new Date(cell.at));
    return html`<td>
      <button
        class=${this.next?.starts_at === cell.at ? "next" : ""}
        tabindex=${here ? 0 : -1}
        data-at=${`${day},${time}`}
        aria-label=${t("booking.cell", { when, count: cell.free })}
        @focus=${() => (this.at = { day, time })}
        @click=${() => this.open(cell)}
      >
        ○${cell.free}
      </button>
    </td>`;
  }

  private open(cell: Cell): void {
    this.dispatchEvent(new CustomEvent<Slot[]>("open-slots", { detail: cell.slots }));
  }

  private cursor(): HTMLElement | null {
    const { at } = this;
    const there = at && this.renderRoot.querySelector<HTMLElement>(`[data-at="${at.day},${at.time}"]`);
    return there ?? this.renderRoot.querySelector<HTMLElement>("[data-at]");
  }

  private placeOf(slot: Slot | null): { day: number; time: number } | null {
    if (!slot) return null;
    const at = new Date(slot.starts_at);
    const day = this.week.days.findIndex((each) => isoDay(each) === isoDay(at));
    const time = this.week.times.indexOf(clock(at));
    return day < 0 || time < 0 ? null : { day, time };
  }

  private readonly onKey = (event: KeyboardEvent) => {
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (!step || !this.at) return;
    event.preventDefault();
    const [across = 0, down = 0] = step;
    let { day, time } = this.at;
    do {
      day += across;
      time += down;
      if (day < 0 || day >= this.week.days.length || time < 0 || time >= this.week.times.length) {
        this.turn(across);
        return;
      }
    } while (!this.renderRoot.querySelector(`[data-at="${day},${time}"]`));
    this.at = { day, time };
    void this.updateComplete.then(() => this.cursor()?.focus());
  };

  private turn(weeks: number): void {
    if (weeks) this.dispatchEvent(new CustomEvent<number>("turn", { detail: weeks }));
  }
}
