// Choosing a password: the first step of somebody new, and later from the menu.

import { html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { type Api, Problem } from "../core/api";
import { base } from "../core/base";
import { t } from "../core/words";
import { door } from "./door-look";

@customElement("new-password")
export class NewPassword extends LitElement {
  @property({ attribute: false }) api!: Api;
  @property({ type: Boolean }) first = false;
  @state() private fault = "";
  @query("#present") private present!: HTMLInputElement;
  @query("#new") private wanted!: HTMLInputElement;
  @query("#again") private again!: HTMLInputElement;

  static override styles = [base, door];

  override firstUpdated(): void {
    this.present.focus();
  }

  override render() {
    return html`<main>
      <form novalidate @submit=${this.submit}>
        <h1>${t("first.password.title")}</h1>
        ${this.first ? html`<p>${t("first.password.why")}</p>` : nothing}
        ${this.field("present", "current-password")} ${this.field("new", "new-password")}
        ${this.field("again", "new-password")}
        ${this.fault ? html`<p class="box trouble" role="alert">${this.fault}</p>` : nothing}
        <button class="primary">${t("first.password.go")} <kbd>Enter</kbd></button>
        ${this.first ? nothing : html`<button type="button" class="plain" @click=${this.done}>${t("citizen.back")}</button>`}
      </form>
    </main>`;
  }

  private field(id: string, fill: "current-password" | "new-password") {
    return html`<div>
      <label for=${id}>${t(`first.password.${id}`)}</label>
      <input id=${id} type="password" autocomplete=${fill} />
    </div>`;
  }

  private readonly submit = async (event: SubmitEvent) => {
    event.preventDefault();
    this.fault = this.wanted.value === this.again.value ? "" : t("first.password.differ");
    if (this.fault) return;
    try {
      const body = { present: this.present.value, new: this.wanted.value };
      await this.api.send("POST", "/api/account/password", body);
      this.done();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.fault = error.errors.map((each) => each.detail).join(" ") || error.message;
    }
  };

  private readonly done = () => this.dispatchEvent(new CustomEvent("done"));
}
