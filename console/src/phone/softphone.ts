// The SIP phone itself: registers over Asterisk's WebSocket and carries one call's sound. It decides nothing:
// calls are offered by the desk, and this only rings, answers and hangs up.

import { UA, WebSocketInterface } from "jssip";
import type { IncomingRTCSessionEvent, RTCSessionEvent } from "jssip/lib/UA";
import type { PhoneAccount } from "../core/shapes";
import type { Phone } from "./phone";

type Session = IncomingRTCSessionEvent["session"];

/** JsSIP's word for a call that ended because its WebSocket did. */
const LINE_LOST = "Connection Error";
const REGISTERED_S = 120;
/** Longer than any offer rings: the desk decides when an offer is over. */
const RINGS_S = 180;
const BUSY = { status_code: 486, reason_phrase: "Busy Here" };
/** No server outside is asked for our address: Asterisk learns it from the first packets. */
const MEDIA = {
  mediaConstraints: {
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    video: false,
  },
  pcConfig: { iceServers: [] },
};

/** Where the dialog of the present call is kept while this tab is loaded again. */
const DIALOG = "madoguchi.dialog";

interface Dialog {
  id: string;
  theirs: string;
  ours: string;
}

/** What names a dialog; JsSIP's types leave it out. */
interface Ids {
  call_id: string;
  from_tag: string;
  to_tag: string;
}

export class Softphone {
  private readonly ua: UA;
  private readonly address: string;
  private readonly ear = new Audio();
  private session: Session | null = null;
  private stopping = false;

  constructor(
    account: PhoneAccount,
    private readonly phone: Phone,
  ) {
    this.ear.autoplay = true;
    this.address = `sip:${account.extension}@${new URL(account.websocket).hostname}`;
    this.ua = new UA({
      sockets: [new WebSocketInterface(account.websocket)],
      uri: this.address,
      authorization_user: account.extension,
      realm: account.realm,
      ha1: account.ha1,
      register_expires: REGISTERED_S,
      no_answer_timeout: RINGS_S,
      session_timers: false,
      user_agent: "Madoguchi console",
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 5,
    });
  }

  start(): void {
    this.ua.on("registered", () => this.phone.set("ready", null));
    this.ua.on("registrationFailed", () => this.phone.set("trouble", "refused"));
    this.ua.on("disconnected", () => {
      if (!this.stopping) this.phone.set("trouble", "unreachable");
    });
    this.ua.on("newRTCSession", (event: RTCSessionEvent) => this.take(event));
    this.ua.start();
  }

  stop(): void {
    this.stopping = true;
    this.ua.stop();
  }

  answer(): void {
    this.phone.setLine("answering");
    this.session?.answer(MEDIA);
  }

  hangUp(): void {
    if (this.session && !this.session.isEnded()) this.session.terminate();
  }

  hold(on: boolean): void {
    if (!this.session?.isEstablished()) return;
    const done = () => {
      this.phone.held = on;
      this.phone.changed();
    };
    if (on) this.session.hold({}, done);
    else this.session.unhold({}, done);
  }

  mute(on: boolean): void {
    if (on) this.session?.mute({ audio: true });
    else this.session?.unmute({ audio: true });
    this.phone.muted = on;
    this.phone.changed();
  }

  press(key: string): void {
    this.session?.sendDTMF(key);
  }

  /** Whether the page was loaded again in mid-call, so that its call can be had back. */
  get canRejoin(): boolean {
    return this.session === null && sessionStorage.getItem(DIALOG) !== null;
  }

  /** Put a new leg in the place of the one that the page had before it was loaded again (RFC 3891). */
  rejoin(): void {
    const { id, theirs, ours } = JSON.parse(sessionStorage.getItem(DIALOG) ?? "{}") as Dialog;
    sessionStorage.removeItem(DIALOG);
    this.ua.call(this.address, {
      ...MEDIA,
      extraHeaders: [`Replaces: ${id};to-tag=${theirs};from-tag=${ours}`],
    });
  }

  private take({ session, originator, request }: RTCSessionEvent): void {
    if (this.session) {
      session.terminate(BUSY);
      return;
    }
    this.session = session;
    session.on("peerconnection", ({ peerconnection }) => this.listen(peerconnection));
    session.on("accepted", (event: object) => {
      const { response } = event as { response?: Ids };
      const ids = response ?? (request as unknown as Ids);
      const [theirs, ours] = response ? [ids.to_tag, ids.from_tag] : [ids.from_tag, ids.to_tag];
      sessionStorage.setItem(DIALOG, JSON.stringify({ id: ids.call_id, theirs, ours } satisfies Dialog));
    });
    session.on("confirmed", () => this.phone.setLine("up"));
    session.on("getusermediafailed", () => this.phone.set("trouble", "sound"));
    session.on("failed", ({ cause }) => this.over(session, cause));
    session.on("ended", ({ cause }) => this.over(session, cause));
    this.phone.setLine(originator === "remote" ? "ringing" : "answering");
  }

  private listen(connection: RTCPeerConnection): void {
    connection.addEventListener("track", ({ track, streams }) => {
      this.ear.srcObject = streams[0] ?? new MediaStream([track]);
    });
  }

  private over(session: Session, cause: string): void {
    if (this.session !== session) return;
    this.session = null;
    // A line that was lost has not ended the call: Asterisk still holds it, and it can be had back.
    if (cause !== LINE_LOST) sessionStorage.removeItem(DIALOG);
    this.ear.srcObject = null;
    this.phone.setLine("none");
  }
}
