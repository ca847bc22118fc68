// Made-up people, calls and reservations for the stories; the longest that the centre can meet among them.

import type { Agent, AgentState, Offer, Reservation, Session, Slot } from "../core/shapes";
import { inSteps, newSheet, type Sheet } from "../core/sheet";

/** Forty characters, as the longest department's name may have. */
export const LONG = "市民生活部地域振興局総合窓口課マイナンバーカード交付推進担当室市民サービス係分室長";
export const LONG_NAME = "勅使河原 長次郎左衛門尉アレクサンドリア・マリア・フェルナンデス";

export const SESSION: Session = {
  user: "sato",
  title: "佐藤 美咲",
  role: "operator",
  csrf_token: "",
  missing: [],
};

export function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString();
}

export function agent(state: AgentState, more: Partial<Agent> = {}): Agent {
  return {
    ...{ name: "sato", title: "佐藤 美咲", extension: "201", reason: null, call: null, pending_pause: null },
    ...{ state, since: ago(252), registered: true, acw_until: null },
    ...more,
  };
}

export function reservation(more: Partial<Reservation> = {}): Reservation {
  return {
    ...{ id: "1", number: "123-456-782", state: "booked", state_title: "予約済み", slot: "1", version: 1 },
    ...{ venue_title: "戸籍住民課（市役所本庁）", service: "collection", service_title: "受け取り" },
    ...{ starts_at: "2026-12-08T01:30:00Z", written: "12月8日(火) 10:30", people: 1, name: "松阪 花子" },
    ...{ kana: "マツサカ ハナコ", phone: "+819012345678", phone_written: "090-1234-5678" },
    ...{ notice_number: null, notes: null, read_back: [] },
    ...more,
  };
}

export function slot(day: number, hour: number, free: number, venue = "戸籍住民課"): Slot {
  const starts = new Date(Date.UTC(2026, 11, 7 + day, hour - 9, 30));
  return {
    ...{ id: `${day}-${hour}-${venue}`, venue, venue_title: venue, service: "collection" },
    ...{ service_title: "受け取り", starts_at: starts.toISOString(), capacity: 999, free, held: 0 },
    written: `12月${7 + day}日 ${hour}:30`,
  };
}

export function sheet(more: Partial<Sheet> = {}): Sheet {
  return {
    ...newSheet("call-1"),
    ...{
      caller: "+819012345678",
      callerWritten: "090-1234-5678",
      queueTitle: "交付の予約",
      script: "booking",
    },
    ...{ waited: 130, historyState: "ready", answeredAt: ago(151) },
    history: {
      calls: [
        { id: "c1", at: ago(4_000), outcome: "abandoned", disposition: null, agent: null },
        { id: "c2", at: ago(500_000), outcome: "answered", disposition: "質問に回答", agent: "sato" },
      ],
      reservations: [reservation()],
    },
    ...more,
  };
}

export function offer(of: Sheet): Offer {
  return { offer: "o1", call: of.call, history: of.history, history_state: of.historyState };
}

/** A sheet on which everything is as long as it can be. */
export function longSheet(): Sheet {
  const long = reservation({
    venue_title: LONG,
    service_title: LONG,
    name: LONG_NAME,
    kana: "テシガワラ ".repeat(9),
  });
  return sheet({
    callerWritten: "+1-204-555-0123 内線 45678",
    queueTitle: LONG,
    waited: 3_599,
    history: { calls: sheet().history?.calls ?? [], reservations: [long, long, long] },
    notes: LONG.repeat(4),
  });
}

export function kept(): NonNullable<Sheet["kept"]> {
  const hold = { id: "h1", slot: "1", until: ago(-272), people: 1 };
  return {
    ...{ hold, slot: "1", written: "12月8日(火) 10:30", venue: "戸籍住民課", service: "受け取り", key: "k" },
  };
}

export function readBack(): NonNullable<Sheet["readBack"]> {
  const said = [
    "日時は、12月8日 火曜日、10時30分です。",
    "場所は、戸籍住民課です。",
    "お名前は、松阪花子様です。",
    "予約番号は、123-456-782 です。",
    "持ち物は、交付通知書と本人確認書類です。",
  ];
  return { what: "booked", reservation: reservation(), steps: inSteps(said), told: 1 };
}
