// The stories of the pages of the city, the manager and supervisors: cases, records, reports, how calls went.

import { html } from "lit";
import { Api } from "../core/api";
import { Affairs } from "../office/affairs";
import "../office/case-card";
import "../office/office-bar";
import { Listening } from "../office/listening";
import "../office/listening-place";
import { Quality } from "../office/quality";
import "../office/quality-tab";
import "../office/records-list";
import { Reports } from "../office/reports";
import "../office/reports-tab";
import type { Case, ReportKind, Scorecard } from "../office/shapes";
import * as sample from "./samples";
import type { Story } from "./stories";

function affairs(): Affairs {
  const made = new Affairs(new Api(), { ...sample.SESSION, role: "city" });
  made.records = Array.from({ length: 40 }, (_, at) => ({
    ...{ id: `c${at}`, caller: at % 3 ? "+8190****5678" : null, started_at: sample.ago(at * 300) },
    ...{ outcome: "answered", disposition: at % 5 ? null : sample.LONG, agent: "sato" },
    ...{ waited_s: at * 9, talked_s: at * 31, direction: "inbound" as const },
    recording: { seconds: at * 31 },
  }));
  return made;
}

/** A report with a month's table, the longest figures and no answer to divide by. */
function reports(kind: ReportKind, fault = "") {
  const made = new Reports(new Api());
  Object.assign(made, { kind, on: kind === "daily" ? "2026-12-08" : "2026-12", fault });
  const columns = [sample.LONG, "届いた呼", "応答", "応答率（%）", "放棄", "早期放棄", "時間外・災害"];
  const rows = Array.from({ length: 31 }, (_, at) => [`2026-12-${at + 1}`, 100_000, 99_999, null, 0, 1, at]);
  made.report = {
    ...{
      kind,
      title: "月報 2026年12月",
      complete: false,
      definitions: { answer_rate: sample.LONG.repeat(3) },
    },
    ...{ since: sample.ago(86_400), until: sample.ago(0), made_at: sample.ago(0) },
    figures: [
      { name: "answer_rate", title: "応答率（%）", value: null },
      { name: "goal_met", title: "目標 90%", value: "未達" },
      { name: "offered", title: sample.LONG, value: 3_100_000 },
    ],
    tables: [{ name: "days", title: "日別", columns: columns.map((title) => ({ name: "", title })), rows }],
  };
  if (fault) made.report = null;
  return html`<reports-tab .reports=${made}></reports-tab>`;
}

function card(by: string, percent: number): Scorecard {
  return {
    ...{
      call: "c1",
      agent: "sato",
      by,
      scored_at: sample.ago(600),
      points: [],
      reached: 28,
      most: 35,
      percent,
    },
    comment: sample.LONG.repeat(2),
  };
}

/** A call with remarks, scorecards and the longest lines; *change* makes another state of it. */
function quality(change: (made: Quality) => unknown = () => undefined) {
  localStorage.clear();
  const made = new Quality(new Api(), { ...sample.SESSION, role: "supervisor" });
  const records = affairs().records ?? [];
  const lines = ["opening", "accuracy", "told"].map((name) => ({
    name,
    title: sample.LONG,
    most: 10,
    hint: sample.LONG,
  }));
  const remark = { at_s: 12, text: sample.LONG.repeat(3), by: "sato" };
  Object.assign(made, {
    agents: [{ name: "sato", title: sample.LONG_NAME }],
    calls: records,
    chosen: records[1],
    judged: {
      ...{
        call: "c1",
        agent: "sato",
        recording_s: 120,
        form: lines,
        scorecards: [card("sato", 80), card("a", 100)],
      },
      marks: [
        { ...remark, id: 1 },
        { ...remark, id: 2, at_s: 75, by: "suzuki" },
      ],
    },
    scored: {
      scorecards: [card("sato", 80), card("a", 100)],
      averages: [{ agent: "sato", scorecards: 999, percent: 88.8 }],
    },
    draft: { points: { opening: 8, accuracy: null, told: 10 }, comment: sample.LONG, remark: sample.LONG },
    listening: new Listening(new Api(), "c1"),
  });
  change(made);
  return html`<quality-tab .quality=${made}></quality-tab>`;
}

function listening(fault: string) {
  const made = new Listening(new Api(), "c1");
  made.fault = fault;
  return html`<listening-place .listening=${made}></listening-place>`;
}

function ofCity(more: Partial<Case>) {
  const it: Case = {
    ...{ number: "C1001", kind: "city_callback", kind_title: "市からの折り返し", caller: "+819012345678" },
    ...{ caller_written: "090-1234-5678", state: "open", state_title: "未確認", waits_for: "city" },
    ...{ opened_at: sample.ago(3_600), due_at: sample.ago(-3_600), overdue: false, summary: "", version: 1 },
    details: { name: sample.LONG_NAME, kana: "テシガワラ", content: sample.LONG.repeat(3) },
    ...more,
  };
  return html`<case-card mine .affairs=${affairs()} .it=${it}></case-card>`;
}

export const OFFICE_STORIES: Record<string, Story> = {
  "case open": () => ofCity({}),
  "case late": () => ofCity({ state: "seen", state_title: "確認済み", overdue: true }),
  "records of a day": () => html`<records-list .affairs=${affairs()}></records-list>`,
  "report of a day": () => reports("daily"),
  "report of a month": () => reports("monthly"),
  "report refused": () => reports("daily", "データベースにつながりません。"),
  "quality nothing chosen": () =>
    quality((made) => Object.assign(made, { calls: [], judged: null, scored: null })),
  "quality of a call": () => quality(),
  "quality without a form": () =>
    quality((made) => made.judged && Object.assign(made.judged, { form: [], recording_s: null })),
  "quality saved": () => quality((made) => Object.assign(made, { said: "score.saved" })),
  "quality refused": () => quality((made) => Object.assign(made, { fault: sample.LONG })),
  "listening refused": () => listening("この通話の録音はありません。"),
};
