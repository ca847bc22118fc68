// What was published: who, when, why, how it differs; and back to an earlier version.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import { dayAndTime } from "../core/written";
import "./diff-view";
import type { Operations } from "./operations";
import type { Files, Version } from "./shapes";

@customElement("history-tab")
export class HistoryTab extends LitElement {
  @property({ attribute: false }) ops!: Operations;
  @state() private open: number | null = null;
  @state() private difference: Files | null = null;

  constructor() {
    super();
    new Watching(this, () => this.ops);
  }

  static override styles = [
    base,
    css`
      ol {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        margin-top: 12px;
        gap: 8px;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 4px 16px;
        overflow-wrap: anywhere;
      }
      .why {
        flex: 1 1 16em;
      }
      form {
        display: grid;
        gap: 8px;
        margin-top: 8px;
      }
    `,
  ];

  override render() {
    const { said, versions } = this.ops;
    return html`${said ? html`<p class="box ${said.level === "problem" ? "trouble" : "ready"}" role="alert">${said.text}</p>` : nothing}
      <ol aria-label=${t("ops.history")}>
        ${versions.map((version) => html`<li class="panel">${this.one(version)}</li>`)}
      </ol>`;
  }

  private one(it: Version) {
    const open = this.open === it.version;
    return html`<div class="head">
        <strong>${t("history.version", { version: it.version })}</strong>
        <span>${t(it.version === this.ops.config?.version ? "history.current" : `history.${it.state}`)}</span>
        <time datetime=${it.at}>${dayAndTime(new Date(it.at))}</time>
        <span>${it.by}</span>
        <span class="why">${it.why}${it.rollback_to ? t("history.back-to", { version: it.rollback_to }) : ""}</span>
        <button aria-expanded=${open} @click=${() => void this.toggle(it.version)}>
          ${t("history.show")}<span class="sr"> ${it.version}</span>
        </button>
      </div>
      ${it.reason ? html`<p class="fault" lang="en">${it.reason}</p>` : nothing} ${open ? this.details(it) : nothing}`;
  }

  private details(it: Version) {
    const here = it.version === this.ops.config?.version;
    return html`${this.difference ? html`<diff-view .files=${this.difference}></diff-view>` : nothing}
    ${here || it.state !== "applied" ? nothing : this.back(it)}`;
  }

  private back(it: Version) {
    return html`<form
      novalidate
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        void this.ops.rollBack(it.version, t("history.back.why", { version: it.version }));
      }}
    >
      <button class="danger" ?disabled=${this.ops.busy !== ""}>${t("history.back", { version: it.version })}</button>
    </form>`;
  }

  private async toggle(version: number): Promise<void> {
    this.open = this.open === version ? null : version;
    this.difference = null;
    if (this.open !== null) this.difference = await this.ops.difference(version);
  }
}
