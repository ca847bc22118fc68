// One operator's workplace: what the desk says, the telephone, the sheet of the conversation, the booking.
// Components show it and call it; nothing here knows how anything looks.

import { Booking } from "../booking/booking";
import { Outreach } from "../outreach/outreach";
import { Phone, USES } from "../phone/phone";
import { Ringer } from "../phone/ringer";
import { type Api, OFFLINE, Problem } from "./api";
import { DeskLink } from "./desk-link";
import { Figures } from "./figures";
import type {
  Agent,
  Alert,
  Call,
  DeskMessage,
  Disposition,
  Joining,
  Offer,
  Queue,
  Reason,
  Session,
} from "./shapes";
import { newSheet, prefill, type Sheet, SheetDrawer } from "./sheet";
import { Watched } from "./watching";
import { t } from "./words";

export interface Said {
  level: "info" | "problem";
  text: string;
  /** What a problem is called: what was said of a lost connection is over when it is back. */
  code?: string;
}

/** Whom a call can be transferred to, by name. */
export type Target = { operator: string } | { referral: string };

export class Workplace extends Watched {
  agent: Agent | null = null;
  call: Call | null = null;
  offer: Offer | null = null;
  queues = new Map<string, Queue>();
  alerts = new Map<string, Alert>();
  reasons: Reason[] = [];
  dispositions: Disposition[] = [];
  sheet: Sheet | null = null;
  said: Said | null = null;
  readonly phone: Phone;
  readonly booking: Booking;
  readonly outreach: Outreach;
  readonly figures: Figures;
  readonly link: DeskLink<DeskMessage>;
  private readonly drawer: SheetDrawer;
  private readonly ringer = new Ringer();
  private began = false;

  constructor(
    readonly api: Api,
    readonly session: Session,
  ) {
    super();
    this.phone = new Phone(api);
    this.booking = new Booking(api, this);
    this.outreach = new Outreach(api, {
      answer: () => {
        if (!this.usesDeskPhone) this.phone.answer();
      },
      drop: () => this.phone.drop(),
    });
    this.figures = new Figures(api, session.user);
    this.link = new DeskLink(
      api,
      (message) => this.take(message),
      () => this.linked(),
    );
    this.drawer = new SheetDrawer(session.user);
    this.sheet = this.drawer.read();
    for (const part of [this.phone, this.booking, this.outreach, this.figures]) {
      part.addEventListener("change", () => this.changed());
    }
    this.phone.addEventListener("change", () => this.rejoin());
    this.phone.addEventListener("change", () => this.ringAlone());
  }

  start(): void {
    this.link.start();
    void this.figures.load();
    void this.booking.load();
  }

  stop(): void {
    this.link.stop();
    this.phone.stop();
    this.ringer.stop();
  }

  // --- which telephone ---

  get usesDeskPhone(): boolean {
    return localStorage.getItem(USES) === "desk";
  }

  useDeskPhone(yes: boolean): void {
    localStorage.setItem(USES, yes ? "desk" : "browser");
    if (yes) this.phone.stop();
    else void this.phone.start();
    this.changed();
  }

  /** At the first sight of the desk: a desk phone that is registered already stays the phone. */
  private begin(): void {
    if (this.began || !this.agent) return;
    this.began = true;
    if (!localStorage.getItem(USES)) localStorage.setItem(USES, this.agent.registered ? "desk" : "browser");
    if (!this.usesDeskPhone) void this.phone.start();
  }

  // --- what the desk says ---

  private take(message: DeskMessage): void {
    switch (message.type) {
      case "snapshot":
        this.agent = message.agent;
        this.call = message.call;
        this.reasons = message.pause_reasons;
        this.dispositions = message.dispositions;
        this.queues = new Map(message.queues.map((queue) => [queue.name, queue]));
        this.alerts = new Map(message.alerts.map((alert) => [alert.key, alert]));
        this.offer = null;
        this.outreach.endCall();
        for (const offer of message.offers) this.takeOffer(offer);
        if (message.call) this.takeCall(message.call);
        this.begin();
        this.settle();
        break;
      case "offer":
        this.takeOffer(message);
        break;
      case "offer_ended":
        this.endOffer(message.offer, message.result);
        break;
      case "call":
        this.takeCall({ ...message.call, ...known(message) });
        break;
      case "outreach":
        this.outreach.takeResult(message);
        break;
      case "agent":
        if (message.agent.name === this.session.user) this.takeAgent(message.agent);
        break;
      case "queue":
        this.queues.set(message.queue.name, message.queue);
        break;
      case "alert":
        if (message.closed_at) this.alerts.delete(message.key);
        else this.alerts.set(message.key, message);
        break;
      case "notice":
        if (message.code !== "resumed") this.say(message.level, message.text);
        break;
    }
    this.changed();
  }

  private takeOffer(offer: Offer): void {
    this.offer = offer;
    if (offer.outreach) return; // one's own doing: the page for it is open, and the phone is picked up by it
    if (this.sheet?.call !== offer.call) {
      void this.putAway(this.sheet);
      this.sheet = newSheet(offer.call);
    }
    const sheet = this.sheet as Sheet;
    sheet.offer = offer.offer;
    sheet.caller = offer.caller ?? null;
    sheet.callerWritten = offer.caller_written ?? "";
    sheet.withheld = offer.withheld ?? false;
    sheet.queueTitle = offer.queue_title ?? "";
    sheet.script = offer.script ?? null;
    sheet.waited = offer.waited_s ?? 0;
    sheet.callback = offer.callback ?? null;
    sheet.history = offer.history;
    sheet.historyState = offer.history_state;
    prefill(sheet);
    this.ringer.stop();
    this.ringer.start(sheet.callerWritten);
    this.booking.startFor(sheet);
    this.keep();
  }

  /** The phone rings without an offer: a colleague asks this person to join a call. */
  private ringAlone(): void {
    if (this.offer) return;
    if (this.phone.line === "ringing") this.ringer.start(t("join.asked"));
    else this.ringer.stop();
  }

  private endOffer(offer: string, result: string): void {
    if (this.offer?.offer !== offer) return;
    this.offer = null;
    this.ringer.stop();
    if (result === "answered") return;
    this.phone.drop();
    // A caller who came back from a transfer and is missed: what was written about the talk before stays.
    if (!this.sheet?.answeredAt) this.sheet = null;
    this.keep();
  }

  private takeCall(call: Call): void {
    if (call.outreach) {
      this.call = call;
      this.outreach.takeCall(call);
      return;
    }
    if (call.state === "ended") {
      if (this.call?.id === call.id) {
        if (this.call.outreach) this.outreach.endCall();
        this.call = null;
      }
      if (this.sheet?.call === call.id) this.sheet.endedAt ??= new Date().toISOString();
      void this.figures.loadSoon();
    } else if (call.id === this.agent?.call || call.agent === this.session.user) {
      this.call = call;
      this.sheet ??= newSheet(call.id);
    }
    const sheet = this.sheet;
    if (sheet?.call === call.id) {
      if (call.history_state) {
        sheet.history = call.history ?? null;
        sheet.historyState = call.history_state;
        prefill(sheet);
      }
      sheet.caller ??= call.caller ?? null;
      sheet.callerWritten ||= call.caller_written ?? "";
      sheet.answeredAt = call.connected_at ?? sheet.answeredAt;
      this.keep();
    }
  }

  private takeAgent(agent: Agent): void {
    const before = this.agent?.state;
    this.agent = agent;
    if (agent.state !== "offered") this.ringer.stop();
    const inCall = (state: string | undefined) => state === "offered" || state === "talking";
    if (!inCall(agent.state) && (inCall(before) || !before)) this.phone.drop();
    if (agent.state === "talking" && this.sheet) this.sheet.answeredAt ??= agent.since;
    if (before !== agent.state) this.settle();
  }

  /** A sheet whose call is long over was finished, whoever did it (another tab, the clock of after-call work). */
  private settle(): void {
    const state = this.agent?.state;
    const atWork = state === "offered" || state === "talking" || state === "after-call";
    if (this.sheet && !this.offer && !atWork) void this.finishSheet();
  }

  // --- what the operator does ---

  setState(state: string, reason?: string): void {
    if ("Notification" in window && Notification.permission === "default")
      void Notification.requestPermission();
    this.tell({ type: "state", state, ...(reason ? { reason } : {}) });
  }

  answer(): void {
    if (!this.usesDeskPhone) this.phone.answer();
    else if (this.offer) this.tell({ type: "accept", offer: this.offer.offer });
  }

  /** The page was loaded again in mid-call: as soon as the phone is there, the sound comes back. */
  private rejoin(): void {
    if (this.phone.state === "ready" && this.agent?.state === "talking" && this.call) this.phone.rejoin();
  }

  reject(): void {
    if (this.offer) this.tell({ type: "reject", offer: this.offer.offer });
  }

  hangUp(): void {
    if (this.call) this.tell({ type: "hangup", call: this.call.id });
  }

  transfer(target: Target): void {
    if (this.call) this.tell({ type: "transfer", call: this.call.id, ...target });
  }

  /** Have somebody join the call, change in place what for, or let them go. */
  consult(operator: string, mode: Joining | "end"): void {
    if (this.call) this.tell({ type: "consult", call: this.call.id, operator, mode });
  }

  record(on: boolean): void {
    if (this.call) this.tell({ type: "recording", action: on ? "resume" : "pause", call: this.call.id });
  }

  /** End after-call work: write down how it went, then be ready. */
  async finish(): Promise<void> {
    if (await this.finishSheet()) this.tell({ type: "state", state: "ready" });
  }

  suggested(sheet: Sheet | null = this.sheet): string | null {
    if (!sheet) return null;
    if (sheet.outcome) return sheet.outcome;
    const deed = sheet.deeds.at(-1) ?? "nothing";
    return this.dispositions.find((each) => each.after === deed)?.title ?? null;
  }

  /** Put outcome and notes into the record and the sheet away; false when that did not work: it stays. */
  private async finishSheet(): Promise<boolean> {
    const sheet = this.sheet;
    if (!sheet) return true;
    if (sheet.answeredAt && !(await this.fileSheet(sheet))) return false;
    if (this.sheet === sheet) {
      this.sheet = null;
      this.booking.clear();
      this.keep();
    }
    return true;
  }

  /** The next call needs the place: what cannot be filed now is tried again when the connection is back. */
  private async putAway(sheet: Sheet | null): Promise<void> {
    if (sheet?.answeredAt && !(await this.fileSheet(sheet))) this.drawer.putAside(sheet);
  }

  private linked(): void {
    if (this.link.state === "open") {
      if (this.said?.code === OFFLINE) this.said = null;
      for (const sheet of this.drawer.takeAside()) void this.putAway(sheet);
      this.booking.catchUp();
    }
    this.changed();
  }

  private async fileSheet(sheet: Sheet): Promise<boolean> {
    const outcome = this.suggested(sheet);
    if (outcome && !this.tell({ type: "disposition", call: sheet.call, disposition: outcome })) return false;
    return this.saveNotes(sheet);
  }

  /** Put the notes into the call's record; false when that did not work, and then they stay here. */
  async saveNotes(sheet: Sheet | null = this.sheet): Promise<boolean> {
    if (!sheet || sheet.notes.trim() === sheet.notesSaved) return true;
    const text = sheet.notes.trim();
    try {
      await this.api.send("POST", `/api/calls/${encodeURIComponent(sheet.call)}/notes`, { text });
      sheet.notesSaved = text;
      this.keep();
      return true;
    } catch (error) {
      this.complain(error);
      return false;
    }
  }

  /** Keep the sheet in this browser; called after every change of it. */
  keep(): void {
    this.drawer.write(this.sheet);
    this.changed();
  }

  say(level: Said["level"], text: string, code = ""): void {
    this.said = { level, text, code };
    this.changed();
  }

  complain(error: unknown): void {
    if (!(error instanceof Problem)) throw error;
    this.say("problem", error.message, error.code);
  }

  private tell(message: { type: string } & Record<string, unknown>): boolean {
    const sent = this.link.send(message);
    this.said = null;
    if (!sent) this.say("problem", t("problem.offline"), OFFLINE);
    else this.changed();
    return sent;
  }
}

function known(message: { history?: unknown; history_state?: unknown }): Partial<Call> {
  return message.history_state === undefined
    ? {}
    : ({ history: message.history, history_state: message.history_state } as Partial<Call>);
}
