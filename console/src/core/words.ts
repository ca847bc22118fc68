// Every word of the pages, in Japanese first and English second. {name} is filled in.

import { DESK_WORDS } from "./words-desk";
import { DOOR_WORDS } from "./words-door";
import { FLOOR_WORDS } from "./words-floor";
import { OFFICE_WORDS } from "./words-office";
import { QUALITY_WORDS } from "./words-quality";

export type Language = "ja" | "en";
export type Words = Record<string, readonly [ja: string, en: string]>;

const WORDS: Words = { ...DOOR_WORDS, ...DESK_WORDS, ...FLOOR_WORDS, ...OFFICE_WORDS, ...QUALITY_WORDS };
const KEPT = "madoguchi.language";

let spoken: Language = localStorage.getItem(KEPT) === "en" ? "en" : "ja";

export function language(): Language {
  return spoken;
}

/** Speak *wanted* from the next drawing on, and remember it. */
export function speak(wanted: Language): void {
  spoken = wanted;
  localStorage.setItem(KEPT, wanted);
  document.documentElement.lang = wanted;
}

/** The words under *key*, filled in; empty where there are none. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  const text = WORDS[key]?.[spoken === "ja" ? 0 : 1] ?? "";
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
