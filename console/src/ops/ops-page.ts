// The page of operations staff: what runs, the configuration, its history. A file of its own, fetched for them only.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Api } from "../core/api";
import { base } from "../core/base";
import { focused, typesInto } from "../core/deep";
import type { Session } from "../core/shapes";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import { dayAndTime } from "../core/written";
import { type Tab, tabOf } from "../office/office-bar";
import "../office/office-bar";
import "./config-tab";
import "./history-tab";
import { Operations } from "./operations";
import "./parts-picture";

@customElement("ops-page")
export class OpsPage extends LitElement {
  @property({ attribute: false }) api!: Api;
  @property({ attribute: false }) session!: Session;
  @state() private at = "parts";
  private ops: Operations | null = null;

  constructor() {
    super();
    new Watching(this, () => this.ops);
  }

  static override styles = [
    base,
    css`
      main {
        padding: 12px 16px 24px;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
        max-width: 1600px;
        margin: 0 auto;
      }
      .facts {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 24px;
      }
      .facts button {
        margin-left: auto;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.onKey);
  }

  override disconnectedCallback(): void {
    this.ops?.stop();
    this.ops = null;
    document.removeEventListener("keydown", this.onKey);
    super.disconnectedCallback();
  }

  /** An element that was there before its code has its properties only from here on. */
  override willUpdate(): void {
    if (this.ops) return;
    this.ops = new Operations(this.api);
    this.ops.start();
  }

  override render() {
    const { ops } = this;
    return html`<office-bar .session=${this.session} .tabs=${tabs()} .at=${this.at} @tab=${this.turn}></office-bar>
      <main>
        <h1 class="sr">${t(`ops.${this.at}`)}</h1>
        ${this.at === "parts" ? this.parts() : nothing}
        ${this.at === "config" ? html`<config-tab .ops=${ops}></config-tab>` : nothing}
        ${this.at === "history" ? html`<history-tab .ops=${ops}></history-tab>` : nothing}
      </main>`;
  }

  private parts() {
    const { ops } = this;
    return html`${this.facts()}
    ${(ops?.status?.alerts ?? []).map(
      ({ severity, text }) =>
        html`<p class="box ${severity === "critical" ? "trouble" : "waiting"}" role="alert">${text}</p>`,
    )}
    ${ops?.findings ? html`<parts-picture .findings=${ops.findings}></parts-picture>` : html`<p>${t("ops.examining")}</p>`}`;
  }

  private facts() {
    const { ops } = this;
    const status = ops?.status;
    if (!ops || !status) return html`<p>${t("app.loading")}</p>`;
    const calls = Object.values(status.calls).reduce((sum, each) => sum + each, 0);
    const values = { since: dayAndTime(new Date(status.since)), asterisk: status.asterisk, calls };
    return html`<div class="panel facts">
      <span>${t("ops.since", values)}</span>
      <span>${t("ops.calls", values)}</span>
      <span>${t("ops.asterisk", values)}</span>
      <span>${t(status.standby ? "ops.standby" : "ops.no-standby")}</span>
      ${status.emergency ? html`<strong class="fault">${t("ops.emergency")}</strong>` : nothing}
      <button ?disabled=${ops.busy === "doctor"} @click=${() => void ops.examine()}>
        ${t(ops.busy === "doctor" ? "ops.examining" : "ops.examine")}
      </button>
    </div>`;
  }

  private readonly turn = (event: CustomEvent<string>) => {
    this.at = event.detail;
  };

  private readonly onKey = (event: KeyboardEvent) => {
    const at = focused();
    const typing = typesInto(at) || (at as HTMLElement | null)?.isContentEditable === true;
    this.at = tabOf(event, tabs(), typing) ?? this.at;
  };
}

function tabs(): Tab[] {
  return ["parts", "config", "history"].map((name) => ({ name, label: t(`ops.${name}`) }));
}
