// Booking as the operator does it: look across venues, keep a slot, fill in, confirm, read back.

import { type Api, OFFLINE, Problem } from "../core/api";
import type { Hold, Places, Reservation, Slot } from "../core/shapes";
import { EMPTY_FORM, inSteps, type Kept, prefill, type Sheet } from "../core/sheet";
import { Watched } from "../core/watching";
import type { Workplace } from "../core/workplace";
import { addDays, mondayOf, table, type Week } from "./week";

/** More than all venues of a city have free in a week. */
const MOST_SLOTS = 2_000;

export class Booking extends Watched {
  places: Places = { venues: [], services: [], most_people: 1 };
  venue = "";
  service = "";
  monday = mondayOf(new Date());
  week: Week = table(this.monday, []);
  next: Slot | null = null;
  /** The slots at one time among which the operator is choosing. */
  choosing: Slot[] = [];
  faults: Record<string, string> = {};
  /** Offered instead of a slot that somebody else got. */
  instead: Slot | null = null;
  /** The same person's other reservation, in words; the next confirmation makes another on purpose. */
  duplicate: string | null = null;
  busy = false;
  loaded = false;
  /** Something could not be asked: the connection was lost. */
  private missed = false;

  constructor(
    private readonly api: Api,
    private readonly place: Workplace,
  ) {
    super();
  }

  async load(): Promise<void> {
    await this.trying(async () => {
      this.places = await this.api.get<Places>("/api/venues");
      this.service ||= this.places.services[0]?.name ?? "";
      await this.look(true);
    });
  }

  /** The connection is back: read what could not be read. */
  catchUp(): void {
    if (!this.missed) return;
    this.missed = false;
    void (this.places.services.length ? this.trying(() => this.look()) : this.load());
  }

  /** A new conversation: what citizens book most, anywhere, from the next free slot on. */
  startFor(sheet: Sheet): void {
    if (sheet.kept || sheet.readBack) return;
    this.choosing = [];
    this.faults = {};
    this.instead = null;
    void this.trying(() => this.look(true));
  }

  clear(): void {
    this.choosing = [];
    this.faults = {};
    this.instead = null;
    this.changed();
  }

  /** Read the week anew; with *jump* the week of the next free slot. */
  async look(jump = false): Promise<void> {
    const what = { venue: this.venue, service: this.service };
    const first = await this.api.get<{ slots: Slot[] }>("/api/slots", { ...what, people: 1, limit: 1 });
    this.next = first.slots[0] ?? null;
    if (jump && this.next) this.monday = mondayOf(new Date(this.next.starts_at));
    const [from, until] = [this.monday.toISOString(), addDays(this.monday, 7).toISOString()];
    const found = await this.api.get<{ slots: Slot[] }>("/api/slots", {
      ...what,
      from,
      until,
      limit: MOST_SLOTS,
    });
    this.week = table(this.monday, found.slots);
    this.loaded = true;
    this.changed();
  }

  choose(what: { venue?: string; service?: string }): void {
    if (what.venue !== undefined) this.venue = what.venue;
    if (what.service !== undefined) this.service = what.service;
    this.choosing = [];
    void this.trying(() => this.look(true));
  }

  turn(weeks: number): void {
    this.monday = addDays(this.monday, 7 * weeks);
    this.choosing = [];
    void this.trying(() => this.look());
  }

  toNext(): Promise<void> {
    return this.trying(() => this.look(true));
  }

  /** One slot is kept at once; of several the operator chooses. */
  async open(slots: Slot[]): Promise<void> {
    const free = slots.filter((slot) => slot.free > 0);
    const [only] = free;
    if (free.length === 1 && only) return this.keepSlot(only);
    this.choosing = free;
    this.changed();
  }

  /** Keep *slot* while they talk; the one kept before is given back. */
  async keepSlot(slot: Slot): Promise<void> {
    const sheet = this.place.sheet;
    if (!sheet) return;
    await this.trying(async () => {
      await this.giveBack(sheet);
      const people = sheet.moving?.people ?? sheet.form.people;
      const hold = await this.api.send<Hold>("POST", "/api/holds", {
        slot: slot.id,
        people,
        call: sheet.call,
      });
      sheet.kept = {
        hold,
        slot: slot.id,
        written: slot.written,
        venue: slot.venue_title,
        service: slot.service_title,
        key: crypto.randomUUID(),
      };
      this.choosing = [];
      this.instead = null;
      this.duplicate = null;
      this.faults = {};
      prefill(sheet);
      this.place.keep();
    });
  }

  /** The same slot for another number of people. */
  async keepFor(people: number): Promise<void> {
    const sheet = this.place.sheet;
    const kept = sheet?.kept;
    if (!sheet || !kept) return;
    await this.trying(async () => {
      await this.api.send("DELETE", `/api/holds/${kept.hold.id}`).catch(() => undefined);
      kept.hold.until = new Date(0).toISOString();
      kept.key = crypto.randomUUID();
      kept.hold = await this.api.send<Hold>("POST", "/api/holds", {
        slot: kept.slot,
        people,
        call: sheet.call,
      });
      this.place.keep();
    });
  }

  /** Back to the week; the slot is free for others again. */
  async release(): Promise<void> {
    const sheet = this.place.sheet;
    if (!sheet) return;
    await this.trying(async () => {
      await this.giveBack(sheet);
      sheet.moving = null;
      this.place.keep();
      await this.look();
    });
  }

  private async giveBack(sheet: Sheet): Promise<void> {
    const kept = sheet.kept;
    sheet.kept = null;
    if (kept) await this.api.send("DELETE", `/api/holds/${kept.hold.id}`).catch(() => undefined);
  }

  async confirm(): Promise<void> {
    const sheet = this.place.sheet;
    const kept = sheet?.kept;
    if (!sheet || !kept || this.busy) return;
    await this.trying(async () => {
      const moved = sheet.moving;
      const made = moved ? await this.moveTo(sheet, moved, kept) : await this.make(sheet, kept);
      this.done(sheet, moved ? "moved" : "booked", made);
    });
  }

  private make(sheet: Sheet, kept: Kept): Promise<Reservation> {
    const { name, kana, phone, people, notice_number } = sheet.form;
    const wish = { slot: kept.slot, name, kana, phone, people, call: sheet.call };
    const notice = notice_number ? { notice_number } : {};
    const twice = { if_duplicate: this.duplicate ? "make" : "refuse" };
    const body = { ...wish, ...notice, ...twice, ...heldStill(kept, people) };
    return this.api.send<Reservation>("POST", "/api/reservations", body, kept.key);
  }

  private moveTo(sheet: Sheet, moved: Reservation, kept: Kept): Promise<Reservation> {
    const body = { slot: kept.slot, call: sheet.call, ...heldStill(kept, moved.people) };
    return this.api.send<Reservation>("PATCH", `/api/reservations/${moved.id}`, body, kept.key);
  }

  startMoving(reservation: Reservation): void {
    const sheet = this.place.sheet;
    if (!sheet) return;
    sheet.moving = reservation;
    sheet.readBack = null;
    this.place.keep();
    this.choose({ venue: "", service: reservation.service });
  }

  async cancel(reservation: Reservation): Promise<void> {
    const sheet = this.place.sheet;
    if (!sheet) return;
    await this.trying(async () => {
      const path = `/api/reservations/${reservation.id}`;
      const gone = await this.api.send<Reservation>("DELETE", path, { call: sheet.call });
      this.done(sheet, "cancelled", gone);
    });
  }

  private done(sheet: Sheet, what: "booked" | "moved" | "cancelled", made: Reservation): void {
    sheet.kept = null;
    sheet.moving = null;
    sheet.deeds.push(what);
    sheet.readBack = { what, reservation: made, steps: inSteps(made.read_back), told: 0 };
    const known = sheet.history?.reservations ?? [];
    const others = known.filter((each) => each.id !== made.id);
    if (sheet.history) sheet.history = { ...sheet.history, reservations: [made, ...others] };
    this.faults = {};
    this.duplicate = null;
    this.place.keep();
  }

  tell(told: number): void {
    const readBack = this.place.sheet?.readBack;
    if (!readBack) return;
    readBack.told = told;
    this.place.keep();
  }

  another(): void {
    const sheet = this.place.sheet;
    if (!sheet) return;
    sheet.readBack = null;
    sheet.form = { ...EMPTY_FORM, phone: sheet.form.phone };
    this.place.keep();
    void this.trying(() => this.look(true));
  }

  /** Do *work*; what goes wrong becomes sentences at the fields, or one for the page. */
  private async trying(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.faults = Object.fromEntries(error.errors.map((fault) => [fault.field, fault.detail]));
      this.instead = error.next;
      if (error.code === "hold-gone") this.forgetHold();
      if (error.code === "duplicate") return this.askAboutDuplicate(error.message);
      if (error.code === OFFLINE) this.missed = true;
      if (!error.errors.length) this.place.say("problem", error.message, error.code);
    } finally {
      this.busy = false;
      this.changed();
    }
  }

  private askAboutDuplicate(words: string): void {
    const kept = this.place.sheet?.kept;
    this.duplicate = words;
    if (kept) kept.key = crypto.randomUUID();
    this.place.keep();
  }

  /** The hold has run out: the next try asks for the slot itself, as a request of its own. */
  private forgetHold(): void {
    const kept = this.place.sheet?.kept;
    if (!kept) return;
    kept.hold.until = new Date(0).toISOString();
    kept.key = crypto.randomUUID();
    this.place.keep();
  }
}

/** A hold is for so many people as it was made for, and until it runs out. */
function heldStill(kept: Kept, people: number): { hold?: string } {
  const still = Date.parse(kept.hold.until) > Date.now() && people <= (kept.hold.people ?? 1);
  return still ? { hold: kept.hold.id } : {};
}
