// Which view of the floor it is: the supervisor's page, or the wall (#wall). One stream serves both.

import { html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Api } from "../core/api";
import { base } from "../core/base";
import type { Session } from "../core/shapes";
import "../pages/floor-page";
import "../pages/wall-page";
import { Floor } from "./floor";

@customElement("floor-app")
export class FloorApp extends LitElement {
  @property({ attribute: false }) api!: Api;
  @property({ attribute: false }) session!: Session;
  @property({ type: Boolean }) wall = false;
  private floor: Floor | null = null;

  static override styles = base;

  override disconnectedCallback(): void {
    this.floor?.stop();
    this.floor = null;
    super.disconnectedCallback();
  }

  /** Only now everything handed in is there: this file may have been fetched after its element was. */
  override willUpdate(): void {
    if (this.floor) return;
    this.floor = new Floor(this.api, this.session, this.wall);
    this.floor.start();
  }

  override render() {
    if (!this.floor) return "";
    return this.wall
      ? html`<wall-page .floor=${this.floor}></wall-page>`
      : html`<floor-page .floor=${this.floor}></floor-page>`;
  }
}
