// One call that is judged: what it was, its sound, the remarks on it, its scorecard.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import { dayAndTime, mobile, span } from "../core/written";
import "./listening-place";
import "./mark-list";
import type { Quality } from "./quality";
import "./score-form";

@customElement("quality-call")
export class QualityCall extends LitElement {
  @property({ attribute: false }) quality!: Quality;

  constructor() {
    super();
    new Watching(this, () => this.quality);
  }

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        gap: 12px 16px;
        align-items: start;
      }
      .whole {
        grid-column: 1 / -1;
      }
      h2 {
        font-size: 1.125rem;
        color: var(--ink);
        overflow-wrap: anywhere;
      }
      @media (max-width: 1100px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  override render() {
    const { chosen, judged, listening } = this.quality;
    if (!chosen || !judged || !listening) return nothing;
    const values = {
      agent: this.quality.titleOf(chosen.agent),
      at: dayAndTime(new Date(chosen.started_at)),
      caller: mobile(chosen.caller ?? t("call.withheld")),
      outcome: chosen.disposition ?? t(`outcome.${chosen.outcome ?? "none"}`),
      waited: span(chosen.waited_s ?? 0),
      talked: span(chosen.talked_s ?? 0),
    };
    return html`<div class="whole panel">
        <h2>${t("quality.head", values)}</h2>
        <p class="small soft">${t("quality.facts", values)}</p>
        ${
          judged.recording_s === null
            ? html`<p class="soft">${t("quality.unmeasured")}</p>`
            : html`<listening-place
                keys
                .listening=${listening}
                .moments=${judged.marks.map(({ at_s }) => at_s)}
              ></listening-place>`
        }
      </div>
      <mark-list class="panel" .quality=${this.quality}></mark-list>
      <score-form class="panel" .quality=${this.quality}></score-form>`;
  }

  /** Where one begins: why the recording is heard; once it is, its button. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("listening-place")?.focus();
  }

  remark(): void {
    this.renderRoot.querySelector<HTMLElement>("mark-list")?.focus();
  }

  score(): void {
    this.renderRoot.querySelector<HTMLElement>("score-form")?.focus();
  }
}
