// The desk's WebSocket, or the floor's: a ticket, messages in order, and on after the last `seq` when the connection was lost.

import { type Api, Problem } from "./api";

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5_000;
const SIGNED_OUT = 1001;
const SILENCE_MS = 20_000;

export type LinkState = "opening" | "open" | "lost";

/** *M* is what comes in; *path* where from. */
export class DeskLink<M extends { seq: number }> {
  state: LinkState = "opening";
  private socket: WebSocket | null = null;
  private seq: number | null = null;
  private wait = FIRST_WAIT_MS;
  private timer = 0;
  private stopped = false;

  constructor(
    private readonly api: Api,
    private readonly onMessage: (message: M) => void,
    private readonly onState: () => void,
    private readonly path = "/api/desk",
  ) {}

  start(): void {
    window.addEventListener("online", this.now);
    window.addEventListener("offline", this.cut);
    void this.open();
  }

  stop(): void {
    this.stopped = true;
    window.clearTimeout(this.timer);
    window.removeEventListener("online", this.now);
    window.removeEventListener("offline", this.cut);
    this.socket?.close();
  }

  /** Send one request; false while there is no connection, and then nothing was sent. */
  send(message: { type: string } & Record<string, unknown>): boolean {
    if (this.state !== "open" || !this.socket) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  private readonly now = () => {
    if (this.state !== "open") void this.again(0);
  };

  /** The browser knows before the socket does. */
  private readonly cut = () => this.drop();

  private async open(): Promise<void> {
    let ticket: string;
    try {
      ticket = (await this.api.send<{ ticket: string }>("POST", "/api/desk/ticket")).ticket;
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401)) this.drop();
      return;
    }
    if (this.stopped) return;
    const url = new URL(this.path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("ticket", ticket);
    if (this.seq !== null) url.searchParams.set("seq", String(this.seq));
    this.follow(new WebSocket(url));
  }

  private follow(socket: WebSocket): void {
    const before = this.socket;
    this.socket = socket;
    before?.close();
    const impatient = window.setTimeout(() => socket.close(), SILENCE_MS);
    socket.onmessage = (event: MessageEvent<string>) => {
      window.clearTimeout(impatient);
      if (this.socket === socket) this.take(JSON.parse(event.data) as M);
    };
    socket.onclose = (event) => {
      window.clearTimeout(impatient);
      if (this.socket !== socket) return;
      if (event.code === SIGNED_OUT) void this.api.get("/api/session").catch(() => undefined);
      this.drop();
    };
  }

  private take(message: M): void {
    this.seq = message.seq;
    this.wait = FIRST_WAIT_MS;
    if (this.state !== "open") {
      this.state = "open";
      this.onState();
    }
    this.onMessage(message);
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    if (this.stopped) return;
    this.state = "lost";
    this.onState();
    void this.again(this.wait * (0.5 + Math.random()));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }

  private again(after: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.open(), after);
  }
}
