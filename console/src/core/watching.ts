// Lets a component show itself again: when the model says that it changed, or every second.

import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Something that tells who watches it that it is not what it was. */
export class Watched extends EventTarget {
  changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}

/** Updates its host on every change of what *of* returns; asked again whenever the host connects. */
export class Watching implements ReactiveController {
  private watched: Watched | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly of: () => Watched | null,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.host.requestUpdate();
  }

  hostUpdated(): void {
    const now = this.of();
    if (now === this.watched) return;
    this.watched?.removeEventListener("change", this.update);
    this.watched = now;
    this.watched?.addEventListener("change", this.update);
  }

  hostDisconnected(): void {
    this.watched?.removeEventListener("change", this.update);
    this.watched = null;
  }

  private readonly update = () => this.host.requestUpdate();
}

/** Updates its host every second, so that ages and countdowns run. */
export class EverySecond implements ReactiveController {
  private timer = 0;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    this.timer = window.setInterval(() => this.host.requestUpdate(), 1000);
  }

  hostDisconnected(): void {
    window.clearInterval(this.timer);
  }
}
