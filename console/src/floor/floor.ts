// The floor as its stream tells it, and the commands a supervisor gives. Components show it; nothing here
// knows how anything looks.

import { type Api, Problem } from "../core/api";
import { DeskLink } from "../core/desk-link";
import type { Agent, Alert, Call, Mode, Queue, Reason, Session } from "../core/shapes";
import { Watched } from "../core/watching";
import { t } from "../core/words";
import { Phone, USES } from "../phone/phone";
import type { Command } from "./commands";
import type { Figures, FloorMessage, Notice } from "./shapes";

/** How long the server keeps what takes a command back (ADR 26), and how long what the page takes back is offered. */
const SERVER_UNDO_MS = 60_000;
const PAGE_UNDO_MS = 10_000;
const SAID_MS = 10_000;

/** So many of the latest commands can be taken back; nobody wants to search for one. */
const DEEDS = 3;

/** What was done, and until when it can be taken back. */
export interface Deed {
  command: Command;
  until: number;
  undo: () => Promise<unknown>;
}

/** Whatever rings later than this rings for something else (`[supervision] ring_s`). */
const RINGS_MS = 20_000;

/** A *silent* floor is only looked at: it has no telephone. */
export class Floor extends Watched {
  calls = new Map<string, Call>();
  agents = new Map<string, Agent>();
  queues = new Map<string, Queue>();
  alerts = new Map<string, Alert>();
  reasons: Reason[] = [];
  figures: Figures | null = null;
  definitions: Record<string, string> = {};
  notice: Notice | null = null;
  /** What will be done when it is confirmed. */
  asked: Command | null = null;
  said: { level: "info" | "problem"; text: string; until: number } | null = null;
  private done: Deed[] = [];
  readonly phone: Phone;
  readonly link: DeskLink<FloorMessage>;
  private began = false;

  constructor(
    readonly api: Api,
    readonly session: Session,
    private readonly silent = false,
  ) {
    super();
    this.phone = new Phone(api);
    this.phone.addEventListener("change", () => this.changed());
    this.link = new DeskLink<FloorMessage>(
      api,
      (message) => this.take(message),
      () => this.changed(),
      "/api/floor",
    );
  }

  start(): void {
    this.link.start();
  }

  stop(): void {
    this.link.stop();
    this.phone.stop();
  }

  get me(): Agent | null {
    return this.agents.get(this.session.user) ?? null;
  }

  /** Everybody who stands in line or is about to be connected, in the order in which they are served. */
  get line(): Call[] {
    const now = Date.now();
    const turn = (call: Call) => {
      const slope = this.queues.get(call.queue ?? "")?.slope ?? 1;
      const waited = (now - Date.parse(call.waiting_since ?? "")) / 1000;
      return call.priority === null ? Number.POSITIVE_INFINITY : (call.priority ?? 0) + slope * waited;
    };
    const standing = [...this.calls.values()].filter(isWaiting);
    return standing
      .map((call) => ({ call, turn: turn(call) }))
      .sort(
        (one, other) => other.turn - one.turn || compare(one.call.waiting_since, other.call.waiting_since),
      )
      .map(({ call }) => call);
  }

  get callbacks(): { promised: number; overdue: number } {
    const open = [...this.calls.values()].filter((call) => call.callback && !call.connected_at);
    const overdue = open.filter((call) => Date.parse(call.callback?.due_by ?? "") < Date.now());
    return { promised: open.length, overdue: overdue.length };
  }

  /** The telephone is about to ring for a command that was confirmed: answer it, if it does. */
  pickUp(): void {
    if (this.phone.state !== "ready") return;
    this.phone.answer();
    window.setTimeout(() => {
      if (this.phone.line === "none") this.phone.drop();
    }, RINGS_MS);
  }

  putNoticeAway(): void {
    this.notice = null;
    this.changed();
  }

  titleOf(name: string): string {
    return this.agents.get(name)?.title ?? name;
  }

  /** The mode in which this supervisor is on *call*. */
  myMode(call: Call | undefined): Mode | null {
    return call?.supervision?.find((each) => each.supervisor === this.session.user)?.mode ?? null;
  }

  // --- what the stream says ---

  private take(message: FloorMessage): void {
    if (message.type === "snapshot") {
      for (const map of [this.calls, this.agents, this.queues, this.alerts]) map.clear();
      this.definitions = message.definitions;
      this.reasons = message.pause_reasons;
    }
    for (const call of message.calls ?? []) put(this.calls, call.id, call, call.state === "ended");
    for (const agent of message.agents ?? []) {
      put(this.agents, agent.name, agent, (agent.state as string) === "removed");
    }
    for (const queue of message.queues ?? []) this.queues.set(queue.name, queue);
    for (const alert of message.alerts ?? []) put(this.alerts, alert.key, alert, alert.closed_at !== null);
    if (message.figures) this.figures = message.figures;
    if (message.notices?.length) this.notice = message.notices.at(-1) ?? null;
    this.begin();
    this.changed();
  }

  /** A desk phone that is registered already stays the phone; else this page becomes it. */
  private begin(): void {
    if (this.began || !this.me || this.silent) return;
    this.began = true;
    if (!localStorage.getItem(USES)) localStorage.setItem(USES, this.me.registered ? "desk" : "browser");
    if (localStorage.getItem(USES) === "browser") void this.phone.start();
  }

  // --- commands: said first, then done, then taken back for a while ---

  ask(command: Command): void {
    this.asked = command;
    this.said = null;
    this.changed();
  }

  cancel(): void {
    this.asked = null;
    this.changed();
  }

  /** What can be taken back now, the latest first. */
  get deeds(): Deed[] {
    return this.done.filter(({ until }) => until > Date.now()).slice(0, DEEDS);
  }

  async confirm(): Promise<void> {
    const command = this.asked;
    this.asked = null;
    if (!command) return;
    await this.attempt("command.done", command, async () => {
      const deed = this.wayBack(command, await command.act());
      this.done = [...(deed ? [deed] : []), ...this.deeds];
    });
  }

  /** Take *deed* back, or the latest. Tried once: whatever the server says of it, it is not offered again. */
  async undo(deed = this.deeds[0]): Promise<void> {
    if (!deed) return;
    this.done = this.done.filter((each) => each !== deed);
    await this.attempt("command.undone", deed.command, deed.undo);
  }

  private wayBack(command: Command, token: string | null): Deed | null {
    const { undo } = command;
    if (token) {
      const back = () => this.api.send("POST", "/api/undo", { token });
      return { command, undo: back, until: Date.now() + SERVER_UNDO_MS };
    }
    return undo ? { command, undo, until: Date.now() + PAGE_UNDO_MS } : null;
  }

  /** Do it, and say that it was done, or why not. */
  private async attempt(done: string, { label }: Command, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      this.said = { level: "info", text: t(done, { label }), until: Date.now() + SAID_MS };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.said = { level: "problem", text: error.message, until: Number.POSITIVE_INFINITY };
    }
    this.changed();
  }
}

function isWaiting(call: Call): boolean {
  const standing = call.waiting_since && !call.connected_at && call.state !== "ending";
  return Boolean(standing) && (call.state !== "promised" || Boolean(call.line));
}

function compare(one: string | null | undefined, other: string | null | undefined): number {
  return Date.parse(one ?? "") - Date.parse(other ?? "");
}

function put<T>(map: Map<string, T>, key: string, value: T, over: boolean): void {
  if (over) map.delete(key);
  else map.set(key, value);
}
