// A place that callers are referred to, by the city's rules: a department, the national free dial.

import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Referral } from "../core/shapes";
import { t } from "../core/words";
import { FoundItem } from "./found-item";

@customElement("found-referral")
export class FoundReferral extends FoundItem {
  @property({ attribute: false }) referral!: Referral;

  get given() {
    const { name } = this.referral;
    return { mark: `referral ${name}`, path: `/api/referrals/${encodeURIComponent(name)}/used` };
  }

  readonly giveWord = "referral.use";

  head() {
    const { title, open_now } = this.referral;
    return html`${title} <span class="state">${t(open_now ? "referral.open" : "referral.closed")}</span>`;
  }

  content() {
    const it = this.referral;
    return html`<p class="number">${it.number_written}</p>
      <p class="said">${it.when}</p>
      <p class="small">${it.hours_written}</p>
      ${it.note ? html`<p class="small soft">${it.note}</p>` : nothing}`;
  }
}
