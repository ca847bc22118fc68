// A week of slots as a table: days across, times down, every venue in one cell.

import type { Slot } from "../core/shapes";
import { clock, isoDay, parts } from "../core/written";

const DAY_MS = 86_400_000;

export interface Cell {
  at: string;
  slots: Slot[];
  free: number;
}

export interface Week {
  days: Date[];
  times: string[];
  cells: Map<string, Cell>;
}

/** The Monday (00:00 in Japan) of the week that *at* is in. */
export function mondayOf(at: Date): Date {
  const back = (parts(at).weekday + 6) % 7;
  return new Date(Date.parse(`${isoDay(at)}T00:00:00+09:00`) - back * DAY_MS);
}

export function addDays(at: Date, days: number): Date {
  return new Date(at.getTime() + days * DAY_MS);
}

export function key(day: Date, time: string): string {
  return `${isoDay(day)} ${time}`;
}

/** Weekdays always have a column; Saturday and Sunday only when something can be booked on them. */
export function table(monday: Date, slots: Slot[]): Week {
  const cells = new Map<string, Cell>();
  const times = new Set<string>();
  const open = new Set<string>();
  for (const slot of slots) {
    const at = new Date(slot.starts_at);
    const time = clock(at);
    times.add(time);
    open.add(isoDay(at));
    const cell = cells.get(key(at, time)) ?? { at: slot.starts_at, slots: [], free: 0 };
    cell.slots.push(slot);
    cell.free += slot.free;
    cells.set(key(at, time), cell);
  }
  const week = Array.from({ length: 7 }, (_, day) => addDays(monday, day));
  const days = week.filter((day, place) => place < 5 || open.has(isoDay(day)));
  return { days, times: [...times].sort((a, b) => minutes(a) - minutes(b)), cells };
}

function minutes(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 60 + minute;
}
