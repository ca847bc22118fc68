// The telephone as the page sees it: whether it can ring, and the call on it. The SIP part is fetched only
// when this tab really is the phone (softphone.ts, with JsSIP, is a file of its own).

import type { Api } from "../core/api";
import type { PhoneAccount } from "../core/shapes";
import { Watched } from "../core/watching";
import type { Softphone } from "./softphone";

export type PhoneState = "off" | "starting" | "ready" | "elsewhere" | "trouble";
export type PhoneTrouble =
  | "mic-refused"
  | "mic-missing"
  | "insecure"
  | "unreachable"
  | "refused"
  | "sound"
  | "elsewhere";

/** What the call on this phone is doing. */
export type Line = "none" | "ringing" | "answering" | "up";

const LOCK = "madoguchi-phone";

/** Where this browser keeps which telephone its user has: "browser" or "desk". */
export const USES = "madoguchi.phone";

export class Phone extends Watched {
  state: PhoneState = "off";
  trouble: PhoneTrouble | null = null;
  line: Line = "none";
  held = false;
  muted = false;
  private eager = false;
  private soft: Softphone | null = null;
  private release: (() => void) | null = null;

  constructor(private readonly api: Api) {
    super();
  }

  /** Become the phone, unless another tab is; with *steal* even then. */
  async start(steal = false): Promise<void> {
    if (this.release && !steal) return;
    this.set("starting", null);
    const refused = await microphone();
    if (refused) return this.set("trouble", refused);
    if (!(await this.becomeTheOne(steal))) return this.set("elsewhere", "elsewhere");
    try {
      const account = await this.api.get<PhoneAccount>("/api/phone");
      const { Softphone } = await import("./softphone");
      this.soft = new Softphone(account, this);
      this.soft.start();
    } catch {
      this.set("trouble", "unreachable");
      this.stop();
    }
  }

  stop(): void {
    this.soft?.stop();
    this.soft = null;
    this.release?.();
    this.release = null;
    this.line = "none";
    if (this.state === "ready" || this.state === "starting") this.set("off", null);
  }

  /** Answer, or answer as soon as it rings: the desk hears of a call a moment before the phone does. */
  answer(): void {
    this.eager = this.line === "none";
    if (this.line === "ringing") this.soft?.answer();
  }

  /** The offer is over; whatever is still up here is nobody's any more. */
  drop(): void {
    this.eager = false;
    if (this.line !== "none") this.hangUp();
  }

  /** After a reload in mid-call: have the sound back. Does nothing when there is nothing to have back. */
  rejoin(): void {
    if (this.line === "none" && this.soft?.canRejoin) this.soft.rejoin();
  }

  hangUp(): void {
    this.soft?.hangUp();
  }

  hold(): void {
    this.soft?.hold(!this.held);
  }

  mute(): void {
    this.soft?.mute(!this.muted);
  }

  press(key: string): void {
    this.soft?.press(key);
  }

  set(state: PhoneState, trouble: PhoneTrouble | null): void {
    this.state = state;
    this.trouble = trouble;
    this.changed();
  }

  setLine(line: Line): void {
    this.line = line;
    if (line === "none") this.held = this.muted = false;
    this.changed();
    if (line === "ringing" && this.eager) this.answer();
  }

  /** Take the lock that only one tab of this browser can have; whoever loses it stops ringing. */
  private becomeTheOne(steal: boolean): Promise<boolean> {
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((resolve) => {
      const options = steal ? { steal: true } : { ifAvailable: true };
      const keeping = navigator.locks.request(LOCK, options, (lock) => {
        resolve(lock !== null);
        return lock && new Promise<void>((free) => (this.release = free));
      });
      keeping.catch(() => {
        this.release = null;
        this.stop();
        this.set("elsewhere", "elsewhere");
      });
    });
  }
}

/** Ask for the microphone once, so that a call need not wait for it; say why there is none. */
async function microphone(): Promise<PhoneTrouble | null> {
  if (!navigator.mediaDevices) return "insecure";
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const track of stream.getTracks()) track.stop();
    return null;
  } catch (error) {
    return error instanceof DOMException && error.name === "NotAllowedError" ? "mic-refused" : "mic-missing";
  }
}
