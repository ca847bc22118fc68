// One recording that is heard: asked for with a reason, played, stopped, wound to a moment. The reason stands in the
// audit trail. Components show it.

import { type Api, Problem } from "../core/api";
import { Watched } from "../core/watching";
import { t } from "../core/words";

/** How far one key winds. */
export const STEP_S = 5;
const SPEEDS = [1, 1.5, 2];
const SHORTEST_REASON = 3;
const KEPT = "madoguchi.listening-reason";

export class Listening extends Watched {
  state: "closed" | "opening" | "open" = "closed";
  fault = "";
  private readonly audio = new Audio();

  constructor(
    private readonly api: Api,
    readonly call: string,
  ) {
    super();
    for (const event of ["timeupdate", "play", "pause", "seeked", "ratechange"]) {
      this.audio.addEventListener(event, () => this.changed());
    }
    this.audio.addEventListener("loadedmetadata", () => {
      this.state = "open";
      this.changed();
      void this.play();
    });
    this.audio.addEventListener("error", () => void this.explain());
  }

  /** What was said last time: whoever goes through ten calls says why once. */
  static get lastReason(): string {
    return sessionStorage.getItem(KEPT) ?? "";
  }

  get at(): number {
    return this.audio.currentTime;
  }

  /** Seconds; 0 until it is there. */
  get length(): number {
    return Number.isFinite(this.audio.duration) ? this.audio.duration : 0;
  }

  get playing(): boolean {
    return !this.audio.paused;
  }

  get speed(): number {
    return this.audio.playbackRate;
  }

  /** Ask for the recording, and play it when it is there. */
  open(reason: string): void {
    this.fault = reason.length < SHORTEST_REASON ? t("listen.reason.missing") : "";
    if (!this.fault) {
      sessionStorage.setItem(KEPT, reason);
      this.state = "opening";
      this.audio.src = `${this.path}?${new URLSearchParams({ reason })}`;
    }
    this.changed();
  }

  toggle(): void {
    if (this.state !== "open") return;
    if (this.playing) this.audio.pause();
    else void this.play();
  }

  wind(to: number): void {
    if (this.state !== "open") return;
    this.audio.currentTime = Math.min(Math.max(0, to), this.length);
    this.changed();
  }

  faster(): void {
    const next = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
    this.audio.playbackRate = next ?? 1;
  }

  stop(): void {
    this.audio.pause();
  }

  private get path(): string {
    return `/api/calls/${encodeURIComponent(this.call)}/recording`;
  }

  /** A browser may want a key or a click first; then the button is there for it. */
  private async play(): Promise<void> {
    try {
      await this.audio.play();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }

  /** An audio element does not say why there is no sound; the server does. */
  private async explain(): Promise<void> {
    this.state = "closed";
    this.fault = t("listen.broken");
    try {
      await this.api.get(this.path, { reason: Listening.lastReason });
    } catch (error) {
      if (error instanceof Problem) this.fault = error.message;
    }
    this.changed();
  }
}
