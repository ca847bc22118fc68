// Keys that are pressed anywhere, for a component that is there.

import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Hands *act* every key without Ctrl, Alt and the like that nobody has dealt with; true says that it has now. */
export class Keys implements ReactiveController {
  constructor(
    host: ReactiveControllerHost,
    private readonly act: (event: KeyboardEvent) => boolean,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener("keydown", this.onKey);
  }

  hostDisconnected(): void {
    document.removeEventListener("keydown", this.onKey);
  }

  private readonly onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.act(event)) event.preventDefault();
  };
}
