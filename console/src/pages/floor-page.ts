// The supervisor's page: figures at the top, who waits on the left, operators on the right, alerts at the bottom.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import "../floor/agent-tiles";
import "../floor/command-strip";
import "../floor/figures-bar";
import type { Floor } from "../floor/floor";
import "../floor/waiting-line";

@customElement("floor-page")
export class FloorPage extends LitElement {
  @property({ attribute: false }) floor!: Floor;

  constructor() {
    super();
    new Watching(this, () => this.floor);
  }

  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 100vh;
        gap: 10px;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 16px;
        padding: 6px 16px;
        background: var(--panel);
        border-bottom: 1px solid var(--line);
      }
      h1 {
        flex: 1;
        font-size: 1.125rem;
      }
      a {
        color: var(--link);
      }
      .phone {
        font-size: 0.875rem;
        font-weight: 700;
        color: var(--trouble);
      }
      .phone.ok {
        color: var(--ready);
      }
      main {
        flex: 1;
        display: flex;
        flex-direction: column;
        gap: 10px;
        padding: 0 16px;
      }
      footer {
        position: sticky;
        bottom: 0;
        padding: 6px 16px 8px;
        background: var(--panel);
        border-top: 1px solid var(--line);
      }
      .notice {
        display: flex;
        gap: 16px;
        align-items: center;
      }
      .notice p {
        flex: 1;
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(280px, 340px) 1fr;
        gap: 16px;
        align-items: start;
      }
      footer h2 {
        display: inline;
      }
      footer li {
        margin-top: 6px;
      }
      @media (max-width: 720px) {
        .columns {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  override render() {
    const { floor } = this;
    const lost = floor.link.state === "lost";
    return html`${this.bar()}
      <main>
        ${lost ? html`<div class="box trouble" role="alert">${t("floor.lost")}</div>` : nothing} ${this.noticed()}
        <figures-bar .floor=${floor}></figures-bar>
        <command-strip .floor=${floor}></command-strip>
        <div class="columns">
          <waiting-line .floor=${floor}></waiting-line>
          <agent-tiles .floor=${floor}></agent-tiles>
        </div>
      </main>
      ${this.alerts()}`;
  }

  private bar() {
    const { floor } = this;
    const seat = floor.me ? html`<a href="#seat">${t("floor.seat")}</a>` : nothing;
    return html`<header>
      <h1>${t("floor.title")}</h1>
      ${floor.me ? this.phone() : nothing} ${seat}
      <a href="#today">${t(floor.session.role === "ops" ? "floor.ops" : "floor.office")}</a>
      <a href="#wall">${t("floor.wall")}</a>
      <span>${floor.session.title}</span>
      <button @click=${this.signOut}>${t("app.sign-out")}</button>
    </header>`;
  }

  private phone() {
    const { phone, me } = this.floor;
    const desk = phone.state === "off" && me?.registered;
    const ok = desk || phone.state === "ready";
    const words = desk ? t("phone.desk") : t(`phone.${phone.state === "off" ? "starting" : phone.state}`);
    const again = phone.trouble
      ? html`<button title=${t(`phone.why.${phone.trouble}`)} @click=${() => void phone.start(phone.trouble === "elsewhere")}>
          ${t(phone.trouble === "elsewhere" ? "phone.take-over" : "phone.again")}
        </button>`
      : nothing;
    return html`<span class="phone ${ok ? "ok" : ""}" role="status">${ok ? "●" : "！"} ${words}</span>${again}
      ${this.onThePhone()}`;
  }

  /** What rings here, and the way out of it: the supervisor's own telephone is in this page. */
  private onThePhone() {
    const { phone } = this.floor;
    if (phone.line === "ringing")
      return html`<button @click=${() => phone.answer()}>${t("call.answer")}</button>`;
    if (phone.line !== "up") return nothing;
    return html`<button class="danger" @click=${() => phone.hangUp()}>${t("call.hangup")}</button>`;
  }

  private noticed() {
    const { notice } = this.floor;
    if (!notice) return nothing;
    const by = notice.by ? t("notice.by", { by: this.floor.titleOf(notice.by) }) : "";
    return html`<div class="notice box ready" role="status">
      <p>${by}${notice.text}</p>
      <button @click=${() => this.floor.putNoticeAway()}>${t("notice.close")}</button>
    </div>`;
  }

  private alerts() {
    const alerts = [...this.floor.alerts.values()];
    return html`<footer aria-label=${t("alerts.title")}>
      <h2>${t("alerts.title")}</h2>
      ${alerts.length ? nothing : html`<span class="soft small">　${t("alerts.none")}</span>`}
      <ul>
        ${alerts.map(
          (alert) => html`<li class="box ${alert.severity === "critical" ? "trouble" : "waiting"}">
            ${alert.severity === "critical" ? "！" : ""}${alert.text}
          </li>`,
        )}
      </ul>
    </footer>`;
  }

  private readonly signOut = () =>
    this.dispatchEvent(new CustomEvent("sign-out", { bubbles: true, composed: true }));
}
