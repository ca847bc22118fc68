// Times and lengths of time as a colleague would write them: 12月8日(火) 10:30, 1分10秒, 02:31.

import { language } from "./words";

const ZONE = "Asia/Tokyo";
const DAYS = ["日", "月", "火", "水", "木", "金", "土"];

interface Parts {
  year: number;
  month: number;
  day: number;
  weekday: number;
  hour: number;
  minute: number;
}

const inJapan = new Intl.DateTimeFormat("en-CA", {
  timeZone: ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** The parts of a time as Japan's clocks show it, wherever the browser is. */
export function parts(at: Date): Parts {
  const found = Object.fromEntries(inJapan.formatToParts(at).map((part) => [part.type, Number(part.value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = found;
  return { year, month, day, hour, minute, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() };
}

/** 2026-12-08 in Japan. */
export function isoDay(at: Date): string {
  const { year, month, day } = parts(at);
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** 12/8 as the head of a column. */
export function shortDay(at: Date): string {
  const { month, day } = parts(at);
  return `${month}/${day}`;
}

export function weekday(at: Date): string {
  const day = parts(at).weekday;
  if (language() === "ja") return DAYS[day] ?? "";
  return ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][day] ?? "";
}

/** 10:30. */
export function clock(at: Date): string {
  const { hour, minute } = parts(at);
  return `${hour}:${String(minute).padStart(2, "0")}`;
}

/** 12月8日(火) 10:30. */
export function dayAndTime(at: Date): string {
  const { month, day } = parts(at);
  if (language() === "en") return `${weekday(at)} ${month}/${day} ${clock(at)}`;
  return `${month}月${day}日(${weekday(at)}) ${clock(at)}`;
}

/** 02:31, or 1:02:31. */
export function running(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const rest = [Math.floor((whole % 3600) / 60), whole % 60].map((n) => String(n).padStart(2, "0"));
  return hours ? `${hours}:${rest.join(":")}` : rest.join(":");
}

/** 45秒, 1分10秒, 1時間5分. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const unit = language() === "ja" ? ["時間", "分", "秒"] : ["h ", "m ", "s"];
  if (hours) return `${hours}${unit[0]}${minutes}${unit[1]}`.trim();
  if (minutes) return `${minutes}${unit[1]}${rest ? `${rest}${unit[2]}` : ""}`.trim();
  return `${rest}${unit[2]}`.trim();
}

/** 090-1234-5678 from +819012345678; other numbers as they are. Hidden digits (*) count as digits. */
export function mobile(e164: string): string {
  return e164.replace(/^\+81([789]0)(.{4})(.{4})$/, "0$1-$2-$3");
}

/** 123-456-782, as the number of a reservation is read out. */
export function inThrees(number: string): string {
  return number.replace(/(\d{3})(?=\d)/g, "$1-");
}

/** Seconds from a time of the server's to now. */
export function secondsSince(iso: string | null | undefined, now: number): number {
  return iso ? Math.max(0, (now - Date.parse(iso)) / 1000) : 0;
}
