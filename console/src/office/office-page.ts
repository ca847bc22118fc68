// The page of the city, the manager and supervisors: today with its cases and records, the reports. A tab for
// each, named by the address (#reports), so that it can be linked to and a reload stays where it was.

import { css, html, LitElement } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Api } from "../core/api";
import { base } from "../core/base";
import { focused, typesInto } from "../core/deep";
import { Keys } from "../core/keys";
import type { Session } from "../core/shapes";
import { t } from "../core/words";
import { Affairs } from "./affairs";
import { type Tab, tabOf } from "./office-bar";
import "./office-bar";
import { Quality } from "./quality";
import "./quality-tab";
import { Reports } from "./reports";
import "./reports-tab";
import "./today-tab";

/** Who has which; the city has its own part of today. */
const TABS = ["today", "reports", "quality"];
const OF_THE_CITY = ["today", "reports"];

@customElement("office-page")
export class OfficePage extends LitElement {
  @property({ attribute: false }) api!: Api;
  @property({ attribute: false }) session!: Session;
  @state() private at = "today";
  private affairs: Affairs | null = null;
  private reports: Reports | null = null;
  private quality: Quality | null = null;

  static override styles = [
    base,
    css`
      main {
        padding: 16px;
        max-width: 1600px;
        margin: 0 auto;
      }
    `,
  ];

  constructor() {
    super();
    new Keys(this, (event) => this.onKey(event));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.look);
    this.look();
  }

  override disconnectedCallback(): void {
    window.removeEventListener("hashchange", this.look);
    this.affairs?.stop();
    this.quality?.stop();
    this.affairs = null;
    super.disconnectedCallback();
  }

  /** An element that was there before its code has its properties only from here on. */
  override willUpdate(): void {
    if (!this.affairs) {
      this.affairs = new Affairs(this.api, this.session);
      this.affairs.start();
    }
    if (this.at === "reports" && !this.reports) {
      this.reports = new Reports(this.api);
      void this.reports.turnTo("daily", this.reports.on);
    }
    if (this.at === "quality" && !this.quality) {
      this.quality = new Quality(this.api, this.session);
      this.quality.start();
    }
  }

  override render() {
    return html`<office-bar
        .session=${this.session}
        .tabs=${this.tabs()}
        .at=${this.at}
        @tab=${(event: CustomEvent<string>) => this.turn(event.detail)}
      ></office-bar>
      <main>
        <h1 class="sr">${t(`office.${this.at}`)}</h1>
        ${this.tab()}
      </main>`;
  }

  private tab() {
    if (this.at === "reports") return html`<reports-tab .reports=${this.reports}></reports-tab>`;
    if (this.at === "quality") return html`<quality-tab .quality=${this.quality}></quality-tab>`;
    return html`<today-tab .affairs=${this.affairs}></today-tab>`;
  }

  private tabs(): Tab[] {
    const own = this.session?.role === "city" ? OF_THE_CITY : TABS;
    return own.map((name) => ({ name, label: t(`office.${name}`) }));
  }

  private turn(name: string): void {
    location.hash = name;
  }

  private readonly look = () => {
    const asked = location.hash.slice(1);
    this.at = this.tabs().some(({ name }) => name === asked) ? asked : "today";
  };

  private onKey(event: KeyboardEvent): boolean {
    const name = tabOf(event, this.tabs(), typesInto(focused()));
    if (name) this.turn(name);
    return name !== null;
  }
}
