// How calls went: find one on the left, hear and judge it on the right.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { focused, typesInto } from "../core/deep";
import { Keys } from "../core/keys";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import { clock, mobile, span } from "../core/written";
import { STEP_S } from "./listening";
import "./quality-call";
import type { Quality } from "./quality";
import type { QualityCall } from "./quality-call";
import "./scores-table";
import type { Recorded } from "./shapes";

@customElement("quality-tab")
export class QualityTab extends LitElement {
  @property({ attribute: false }) quality!: Quality;

  constructor() {
    super();
    new Watching(this, () => this.quality);
    new Keys(this, (event) => this.onKey(event));
  }

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 380px) minmax(0, 1fr);
        gap: 16px 24px;
        align-items: start;
      }
      .whole {
        grid-column: 1 / -1;
      }
      .find {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin: 8px 0;
      }
      .find > div {
        flex: 1 1 140px;
      }
      ul {
        display: grid;
        gap: 6px;
        max-height: 70vh;
        overflow: auto;
        padding: 2px;
      }
      li button {
        width: 100%;
        display: grid;
        grid-template-columns: auto 1fr auto;
        gap: 0 12px;
        padding: 6px 12px;
        text-align: left;
        line-height: 1.5;
      }
      li button > :nth-child(n + 4) {
        grid-column: 1 / -1;
        font-size: 0.875rem;
        color: var(--ink-soft);
        overflow-wrap: anywhere;
      }
      li button[aria-current="true"] {
        border: 2px solid var(--link);
        padding: 5px 11px;
        background: var(--chosen);
      }
      @media (max-width: 900px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
        ul {
          max-height: 40vh;
        }
      }
    `,
  ];

  override render() {
    const { quality } = this;
    return html`${quality.fault ? html`<p class="whole box trouble" role="alert">${quality.fault}</p>` : nothing}
      <section aria-label=${t("quality.find")}>
        <h2>${t("quality.find")}</h2>
        ${this.finding()} ${this.calls()}
      </section>
      <section aria-label=${t("quality.call")}>
        ${
          quality.judged
            ? html`<quality-call .quality=${quality}></quality-call>`
            : html`<p class="panel soft">${t("quality.hint")}</p>`
        }
        <scores-table .quality=${quality}></scores-table>
      </section>`;
  }

  private finding() {
    const { quality } = this;
    const find = () => {
      const of = (id: string) => this.renderRoot.querySelector<HTMLInputElement>(id)?.value ?? "";
      if (of("#day")) void quality.find(of("#day"), of("#agent"));
    };
    return html`<div class="find">
      <div>
        <label for="day">${t("records.day")}</label>
        <input id="day" type="date" .value=${quality.on} @change=${find} />
      </div>
      <div>
        <label for="agent">${t("records.agent")}</label>
        <select id="agent" @change=${find}>
          <option value="" .selected=${!quality.agent}>${t("quality.everybody")}</option>
          ${quality.agents.map(
            ({ name, title }) =>
              html`<option value=${name} .selected=${name === quality.agent}>${title}</option>`,
          )}
        </select>
      </div>
    </div>`;
  }

  private calls() {
    const { calls } = this.quality;
    const said = calls ? t("quality.count", { count: calls.length }) : t("app.loading");
    return html`<p class="small soft" role="status">${said}</p>
      <ul @keydown=${this.walk}>
        ${calls?.map((call) => html`<li>${this.call(call)}</li>`)}
      </ul>`;
  }

  private call(it: Recorded) {
    const { quality } = this;
    const judged = quality.scored?.scorecards.find(({ call }) => call === it.id);
    const outcome = it.disposition ?? t(`outcome.${it.outcome ?? "none"}`);
    return html`<button aria-current=${quality.judged?.call === it.id} @click=${() => void this.choose(it.id)}>
      <time datetime=${it.started_at}>${clock(new Date(it.started_at))}</time>
      <strong>${quality.titleOf(it.agent)}</strong>
      <span>${span(it.recording?.seconds ?? it.talked_s ?? 0)}</span>
      <span>${mobile(it.caller ?? t("call.withheld"))}　${outcome}</span>
      ${judged ? html`<span>${t("quality.judged", { percent: judged.percent })}</span>` : nothing}
    </button>`;
  }

  private async choose(id: string): Promise<void> {
    await this.quality.choose(id);
    await this.updateComplete;
    this.opened?.focus();
  }

  private get opened(): QualityCall | null {
    return this.renderRoot.querySelector<QualityCall>("quality-call");
  }

  /** Arrows walk through the calls. */
  private readonly walk = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const all = [...this.renderRoot.querySelectorAll<HTMLElement>("li button")];
    const at = all.indexOf(event.target as HTMLElement);
    all[Math.min(Math.max(0, at + step), all.length - 1)]?.focus();
    event.preventDefault();
  };

  private onKey({ key }: KeyboardEvent): boolean {
    if (key !== "Escape") return !typesInto(focused()) && this.act(key);
    this.opened?.focus();
    return true;
  }

  private act(key: string): boolean {
    const { listening } = this.quality;
    const acts: Record<string, () => void> = {
      p: () => listening?.toggle(),
      f: () => listening?.faster(),
      ArrowLeft: () => listening?.wind(listening.at - STEP_S),
      ArrowRight: () => listening?.wind(listening.at + STEP_S),
      m: () => this.opened?.remark(),
      g: () => this.opened?.score(),
    };
    const act = acts[key];
    act?.();
    return act !== undefined;
  }
}
