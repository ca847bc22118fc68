// Something that asks the server, and says in one sentence why that did not work.

import { Problem } from "./api";
import { Watched } from "./watching";

export class Asking extends Watched {
  fault = "";

  /** Do it; false, and a sentence in *fault*, when the server refused or could not be reached. */
  protected async attempt(act: () => Promise<void>): Promise<boolean> {
    this.fault = "";
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.fault = error.message;
    }
    this.changed();
    return this.fault === "";
  }
}
