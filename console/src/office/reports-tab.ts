// The reports: which day or month, its headline figures, and every form in which it can be had.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { focused, typesInto } from "../core/deep";
import { Keys } from "../core/keys";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import { dayAndTime } from "../core/written";
import type { Reports } from "./reports";
import type { Cell, Report, ReportKind, ReportTable } from "./shapes";
import { tables } from "./tables";

const KEYS: Record<string, (of: Reports) => Promise<void>> = {
  d: (of) => of.turnKind("daily"),
  m: (of) => of.turnKind("monthly"),
  b: (of) => of.step(-1),
  n: (of) => of.step(1),
};

@customElement("reports-tab")
export class ReportsTab extends LitElement {
  @property({ attribute: false }) reports!: Reports;

  constructor() {
    super();
    new Watching(this, () => this.reports);
    new Keys(this, ({ key }) => this.onKey(key));
  }

  static override styles = [
    base,
    tables,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
      }
      .which,
      .forms {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      .which input {
        width: auto;
      }
      .gap {
        width: 16px;
      }
      a {
        color: var(--link);
        padding: 4px 8px;
      }
      h2 {
        font-size: 1.25rem;
        color: var(--ink);
      }
      h3 {
        font-size: 1rem;
        margin-bottom: 4px;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(170px, 1fr));
        gap: 8px;
      }
      dl div {
        display: flex;
        flex-direction: column;
        justify-content: space-between;
        padding: 8px 12px;
      }
      dt {
        font-size: 0.8125rem;
        line-height: 1.5;
        color: var(--ink-soft);
      }
      dd {
        font-size: 1.5rem;
        font-weight: 700;
        line-height: 1.3;
      }
      .missed {
        color: var(--trouble);
      }
    `,
  ];

  override render() {
    const { report, fault } = this.reports;
    return html`${this.which()} ${fault ? html`<p class="box trouble" role="alert">${fault}</p>` : nothing}
    ${report ? this.shown(report) : html`<p role="status">${fault ? "" : t("app.loading")}</p>`}`;
  }

  private which() {
    const { reports } = this;
    const daily = reports.kind === "daily";
    const kind = (of: ReportKind, key: string) =>
      html`<button aria-pressed=${reports.kind === of} @click=${() => void reports.turnKind(of)}>
        ${t(`report.${of}`)} <kbd>${key}</kbd>
      </button>`;
    const step = (steps: number, name: string, key: string) =>
      html`<button @click=${() => void reports.step(steps)}>${t(`report.${name}.${reports.kind}`)} <kbd>${key}</kbd></button>`;
    return html`<div class="which" role="group" aria-label=${t("report.which")}>
      ${kind("daily", "D")}${kind("monthly", "M")}
      <span class="gap"></span>
      ${step(-1, "before", "B")}
      <label class="sr" for="on">${t(`report.on.${reports.kind}`)}</label>
      <input id="on" type=${daily ? "date" : "month"} .value=${reports.on} @change=${this.turn} />
      ${step(1, "after", "N")}
    </div>`;
  }

  private shown(report: Report) {
    const table = report.tables.find(({ name }) => name === (report.kind === "daily" ? "hours" : "days"));
    const made = t("report.made", { at: dayAndTime(new Date(report.made_at)) });
    return html`<div>
        <h2 lang="ja">${report.title}</h2>
        <p class="small soft">${made}${report.complete ? "" : t("report.incomplete")}</p>
      </div>
      ${this.forms(report)}
      <dl lang="ja">
        ${report.figures.map(
          ({ name, title, value }) => html`<div class="panel" title=${report.definitions[name] ?? ""}>
            <dt>${title}</dt>
            <dd class=${value === "未達" ? "missed" : ""}>${value === "未達" ? "！" : ""}${value ?? "—"}</dd>
          </div>`,
        )}
      </dl>
      <p class="small soft" lang="ja">${t("report.rate")}：${report.definitions.answer_rate}</p>
      ${table?.rows.length ? this.table(table) : nothing}`;
  }

  /** The report itself and what can be taken along. */
  private forms({ tables: found }: Report) {
    const { reports } = this;
    const file = (address: string, words: string, name = "") =>
      html`<a href=${address} download=${name}>${t(words)}</a>`;
    return html`<nav class="forms panel" aria-label=${t("report.forms")}>
      <a class="read" href=${reports.address("page")} target="_blank" rel="noopener">
        ${t("report.page", { count: found.length })}
      </a>
      ${file(reports.address("xlsx"), "report.xlsx")} ${file(reports.address("csv"), "report.csv")}
      ${file(reports.address(), "report.json", `${reports.kind}-${reports.on}.json`)}
      ${file(reports.calls, "report.calls")}
    </nav>`;
  }

  private table({ title, columns, rows }: ReportTable) {
    const cell = (value: Cell) => value ?? "—";
    return html`<section lang="ja" class="panel figures">
      <h3 id="table">${title}</h3>
      <div class="scroll" tabindex="0" role="group" aria-labelledby="table">
        <table aria-labelledby="table">
          <thead>
            <tr>
              ${columns.map((column) => html`<th scope="col">${column.title}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ([name, ...values]) => html`<tr>
                <th scope="row">${cell(name ?? null)}</th>
                ${values.map((value) => html`<td>${cell(value)}</td>`)}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  private readonly turn = (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    if (/^\d{4}-\d{2}(-\d{2})?$/.test(value)) void this.reports.turnTo(this.reports.kind, value);
  };

  private onKey(key: string): boolean {
    const act = typesInto(focused()) ? undefined : KEYS[key];
    void act?.(this.reports);
    return act !== undefined;
  }
}
