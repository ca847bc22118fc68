// The sheet of the conversation at hand: what is known, what was typed, what was done. It outlives a reload,
// a crash, a lost connection and the call itself, until the operator has finished with it.

import type { Callback, Disposition, History, HistoryState, Hold, Reservation } from "./shapes";

export type Deed = NonNullable<Disposition["after"]>;

export interface Form {
  name: string;
  kana: string;
  phone: string;
  people: number;
  notice_number: string;
}

/** What must be read back after a reservation, in steps; *told* grows as the operator ticks. */
export interface ReadBack {
  what: "booked" | "moved" | "cancelled";
  reservation: Reservation;
  steps: string[][];
  told: number;
}

/** The slot that is kept while they talk. *key* makes the confirmation one reservation, however often sent. */
export interface Kept {
  hold: Hold;
  slot: string;
  written: string;
  venue: string;
  service: string;
  key: string;
}

export interface Sheet {
  call: string;
  offer: string | null;
  caller: string | null;
  callerWritten: string;
  withheld: boolean;
  queueTitle: string;
  script: string | null;
  waited: number;
  callback: Callback | null;
  history: History | null;
  historyState: HistoryState;
  answeredAt: string | null;
  endedAt: string | null;
  notes: string;
  notesSaved: string;
  ticks: string[];
  /** Answers that were given and places that were told on this call. */
  given: string[];
  deeds: Deed[];
  outcome: string | null;
  form: Form;
  moving: Reservation | null;
  kept: Kept | null;
  readBack: ReadBack | null;
}

export const EMPTY_FORM: Form = { name: "", kana: "", phone: "", people: 1, notice_number: "" };

export function newSheet(call: string): Sheet {
  return {
    call,
    offer: null,
    caller: null,
    callerWritten: "",
    withheld: false,
    queueTitle: "",
    script: null,
    waited: 0,
    callback: null,
    history: null,
    historyState: "pending",
    answeredAt: null,
    endedAt: null,
    notes: "",
    notesSaved: "",
    ticks: [],
    given: [],
    deeds: [],
    outcome: null,
    form: { ...EMPTY_FORM },
    moving: null,
    kept: null,
    readBack: null,
  };
}

/** Fill in the form what is known of the caller; what somebody has typed stays. */
export function prefill(sheet: Sheet): void {
  const known = sheet.history?.reservations?.[0];
  const form = sheet.form;
  form.name ||= known?.name ?? "";
  form.kana ||= known?.kana ?? "";
  form.phone ||= sheet.caller ? sheet.callerWritten : (known?.phone_written ?? "");
}

/** Whether two sentences belong to one breath: when and where, who and what for, the number, what to bring. */
export function inSteps(sentences: string[]): string[][] {
  const heads = [["日時", "場所"], ["用件", "お名前"], ["予約番号"], ["持ち物"]];
  const steps: string[][] = [];
  let last = -2;
  for (const sentence of sentences) {
    const group = heads.findIndex((head) => head.some((word) => sentence.startsWith(word)));
    if (group >= 0 && group === last) steps.at(-1)?.push(sentence);
    else steps.push([sentence]);
    last = group;
  }
  return steps;
}

/** Keeps sheets in this browser, one for each person who signs in. */
export class SheetDrawer {
  private readonly name: string;

  constructor(user: string) {
    this.name = `madoguchi.sheet.${user}`;
  }

  read(): Sheet | null {
    try {
      const kept = JSON.parse(localStorage.getItem(this.name) ?? "null") as Sheet | null;
      return kept && { ...newSheet(kept.call), ...kept };
    } catch {
      return null;
    }
  }

  /** Keep a sheet that could not be put away before the next call came. */
  putAside(sheet: Sheet): void {
    const others = this.aside().filter((each) => each.call !== sheet.call);
    localStorage.setItem(`${this.name}.aside`, JSON.stringify([...others, sheet]));
  }

  /** Take out what was put aside, to be tried again. */
  takeAside(): Sheet[] {
    const found = this.aside();
    localStorage.removeItem(`${this.name}.aside`);
    return found;
  }

  private aside(): Sheet[] {
    return JSON.parse(localStorage.getItem(`${this.name}.aside`) ?? "[]") as Sheet[];
  }

  write(sheet: Sheet | null): void {
    if (sheet) localStorage.setItem(this.name, JSON.stringify(sheet));
    else localStorage.removeItem(this.name);
  }
}
