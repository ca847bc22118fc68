// The stories: every component in every state that somebody can meet. One is shown at a time (#name).

import { html, type TemplateResult } from "lit";
import "../booking/booking-column";
import { mondayOf, table } from "../booking/week";
import { Api } from "../core/api";
import type { AgentState, Joined } from "../core/shapes";
import { Workplace } from "../core/workplace";
import "../ops/diff-view";
import "../ops/parts-picture";
import type { Health } from "../ops/shapes";
import "../outreach/outreach-panel";
import type { Target } from "../outreach/outreach";
import "../pages/enrol-totp";
import "../pages/new-password";
import "../pages/operator-page";
import "../pages/sign-in";
import "../parts/call-column";
import "../parts/citizen-column";
import "../parts/found-answer";
import "../parts/found-referral";
import "../parts/state-mark";
import "../parts/top-bar";
import * as sample from "./samples";
import { OFFICE_STORIES } from "./stories-office";

export type Story = () => TemplateResult;

const STATES: AgentState[] = [
  ...(["logged-out", "ready", "offered", "talking"] as const),
  ...(["after-call", "paused", "not-responding"] as const),
];

/** A workplace as the desk would have filled it; nothing is asked of a server. */
function place(state: AgentState, more: Partial<Workplace> = {}): Workplace {
  localStorage.clear();
  const made = new Workplace(new Api(), sample.SESSION);
  made.agent = sample.agent(state);
  made.reasons = [{ name: "lunch", title: "昼休み" }];
  made.dispositions = [
    { name: "booked", title: "予約", after: "booked" },
    { name: "answered", title: "質問に回答", after: "nothing" },
    { name: "long", title: sample.LONG, after: null },
  ];
  made.link.state = "open";
  made.phone.state = "ready";
  made.booking.loaded = true;
  made.booking.monday = mondayOf(new Date("2026-12-07T00:00:00Z"));
  const slots = [0, 1, 2, 3, 4].flatMap((day) => [9, 10, 13].map((hour) => sample.slot(day, hour, day * 3)));
  made.booking.week = table(made.booking.monday, slots);
  made.booking.next = sample.slot(1, 9, 3);
  return Object.assign(made, more);
}

function waiting(count: number): Workplace {
  const made = place("ready");
  const queue = { ...{ name: "q", title: sample.LONG, ready: 0, talking: 0, paused: 0 }, waiting: count };
  made.queues.set("q", {
    ...queue,
    longest_wait_since: count ? sample.ago(3_700) : null,
    expected_wait_s: count ? 3_700 : null,
  });
  return made;
}

/** On the line with *change*d phone. */
function talking(change: Partial<Workplace["phone"]> = {}, more: Partial<Workplace> = {}): Workplace {
  const made = place("talking", { sheet: sample.sheet(), ...more });
  Object.assign(made.phone, { line: "up", ...change });
  return made;
}

/** A talk to which a colleague is asked. */
function asked(joined: Joined): Workplace {
  return talking({}, { call: { id: "call-1", state: "talking", consultation: [joined] } });
}

function offered(sheet = sample.sheet()): Workplace {
  return place("offered", { sheet, offer: sample.offer(sheet) });
}

const call = (of: Workplace) => html`<call-column .place=${of}></call-column>`;
const citizen = (of: Workplace) => html`<citizen-column .place=${of}></citizen-column>`;
const booking = (of: Workplace) => html`<booking-column .place=${of}></booking-column>`;
const bar = (of: Workplace) => html`<top-bar .place=${of}></top-bar>`;
const whole = (of: Workplace) => html`<operator-page .place=${of}></operator-page>`;

function choosing(): Workplace {
  const made = talking();
  made.booking.choosing = ["戸籍住民課", "嬉野地域振興局", sample.LONG].map((at) =>
    sample.slot(1, 9, 999, at),
  );
  return made;
}

function faulty(): Workplace {
  const made = talking({}, { sheet: sample.sheet({ kept: sample.kept() }) });
  made.booking.faults = { name: "氏名を入れてください。", kana: "フリガナはカタカナで入れてください。" };
  made.booking.duplicate = "12月8日(火) 10:30 の予約がすでにあります。";
  return made;
}

const TARGET: Target = {
  ...{ id: 1, name: sample.LONG, phone_written: "0598-53-4000", kind_title: "福祉施設", attempts: 2 },
  ...{ address: "松阪市中町1-1", contact: "施設長", notes: null, open_call: null, script: [sample.LONG] },
  gate: { why_not: null, made: 3, left: 32, cap: 35, definition: "見込み" },
};

function outreach(what: {
  why?: string;
  dialled?: boolean;
  fault?: string;
  calling?: string;
  result?: string;
}) {
  const made = place("paused").outreach;
  made.open = true;
  made.gate = { ...TARGET.gate, why_not: what.why ?? null };
  made.target = what.why ? null : TARGET;
  made.dialled = what.dialled ?? false;
  made.draft = { target: 1, key: "k", note: sample.LONG, outcome: "call-later", retryAt: "" };
  made.fault = what.fault ?? "";
  made.calling = what.calling ?? null;
  made.result = what.result ?? null;
  return html`<outreach-panel .outreach=${made}></outreach-panel>`;
}

const ANSWER = {
  number: "K-01",
  category: "電子証明書",
  question: sample.LONG,
  answer: sample.LONG.repeat(5),
};
const REFERRAL = {
  ...{ name: "koseki", title: sample.LONG, number_written: "0598-00-0001", when: sample.LONG },
  ...{ hours_written: "平日 8:30〜17:15", open_now: false, note: null },
};

function finding(what: string, health: Health, said: string, mend = "") {
  return { what, health, said: "It is said.", mend: "It is mended.", japanese: { said, mend } };
}

const FINDINGS = [
  finding("trunk: carrier", "ok", "この回線の着信を受けられます。"),
  finding("phones", "warning", "登録されている電話機がありません。", sample.LONG),
  finding("database", "red", "つながりません。", "データベースを起動してください。"),
];
const DIFF = {
  "centre.toml": `--- a\n+++ b\n@@ -1 +1 @@\n-ring_s = 20\n+ring_s = 25 # ${sample.LONG.repeat(3)}\n`,
};

export const STORIES: Record<string, Story> = {
  ...Object.fromEntries(
    STATES.map((state) => [`state-mark ${state}`, () => html`<state-mark .state=${state}></state-mark>`]),
  ),
  "top-bar nobody waits": () => bar(waiting(0)),
  "top-bar 999 wait": () => bar(waiting(999)),
  "top-bar away": () => bar(place("paused", { agent: sample.agent("paused", { reason: "lunch" }) })),
  "call none": () => call(place("logged-out")),
  "call ready": () => call(place("ready")),
  "call missed": () => call(place("not-responding")),
  "call ringing": () => call(offered()),
  "call ringing withheld": () => call(offered(sample.sheet({ withheld: true, historyState: "withheld" }))),
  "call ringing long": () => call(offered(sample.longSheet())),
  "call talking": () => call(talking()),
  "call held and muted": () => call(talking({ held: true, muted: true })),
  "call without sound": () => call(talking({ line: "none" })),
  "call recording paused": () =>
    call(talking({}, { call: { id: "call-1", state: "talking", recording_paused: true } })),
  "call rings a colleague": () => call(asked({ operator: "tanaka", mode: "consult", joined: false })),
  "call consulting": () => call(asked({ operator: sample.LONG_NAME, mode: "consult", joined: true })),
  "call all three": () => call(asked({ operator: "tanaka", mode: "conference", joined: true })),
  "call after": () =>
    call(
      place("after-call", {
        sheet: sample.longSheet(),
        agent: sample.agent("after-call", { acw_until: sample.ago(-40) }),
      }),
    ),
  "citizen none": () => citizen(place("ready")),
  "citizen known": () => citizen(talking()),
  "citizen unknown": () => citizen(talking({}, { sheet: sample.sheet({ history: null }) })),
  "citizen pending": () =>
    citizen(talking({}, { sheet: sample.sheet({ history: null, historyState: "pending" }) })),
  "citizen unavailable": () =>
    citizen(talking({}, { sheet: sample.sheet({ history: null, historyState: "unavailable" }) })),
  "citizen long": () => citizen(talking({}, { sheet: sample.longSheet() })),
  "booking week": () => booking(talking()),
  "booking venues": () => booking(choosing()),
  "booking form": () => booking(talking({}, { sheet: sample.sheet({ kept: sample.kept() }) })),
  "booking faults": () => booking(faulty()),
  "booking moving": () => booking(talking({}, { sheet: sample.sheet({ moving: sample.reservation() }) })),
  "booking read back": () => booking(talking({}, { sheet: sample.sheet({ readBack: sample.readBack() }) })),
  "answer found": () => html`<found-answer .place=${talking()} .answer=${ANSWER}></found-answer>`,
  "answer given": () =>
    html`<found-answer .place=${talking({}, { sheet: sample.sheet({ given: ["answer K-01"] }) })} .answer=${ANSWER}></found-answer>`,
  "referral found": () => html`<found-referral .place=${talking()} .referral=${REFERRAL}></found-referral>`,
  "outreach closed": () => outreach({ why: "今月の15日から発信できます。" }),
  "outreach target": () => outreach({}),
  "outreach dialled": () => outreach({ dialled: true }),
  "outreach own phone rings": () => outreach({ dialled: true, calling: "dialling" }),
  "outreach busy": () => outreach({ dialled: true, result: "busy" }),
  "outreach refused": () => outreach({ fault: "本日の上限に達しました。" }),
  ...OFFICE_STORIES,
  "parts broken": () => html`<parts-picture .findings=${FINDINGS}></parts-picture>`,
  difference: () => html`<diff-view .files=${DIFF}></diff-view>`,
  "door sign-in": () => html`<sign-in .api=${new Api()} why="ログインの時間が切れました。"></sign-in>`,
  "door password": () => html`<new-password first .api=${new Api()}></new-password>`,
  "door authenticator": () => html`<enrol-totp .api=${new Api()}></enrol-totp>`,
  "page ready": () => whole(place("ready")),
  "page long": () => whole(talking({}, { sheet: sample.longSheet(), queues: waiting(999).queues })),
  "page offline": () => {
    const made = talking();
    made.link.state = "lost";
    return whole(made);
  },
};
