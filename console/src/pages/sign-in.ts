// The way in: name, password, and the authenticator's code where there is one. Says which system and city it is.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { type Api, Problem } from "../core/api";
import { base } from "../core/base";
import type { Session } from "../core/shapes";
import { language, speak, t } from "../core/words";
import { door } from "./door-look";

@customElement("sign-in")
export class SignIn extends LitElement {
  @property({ attribute: false }) api!: Api;
  @property() why = "";
  @state() private wantsCode = false;
  @state() private fault = "";
  @state() private busy = false;
  @query("#user") private user!: HTMLInputElement;
  @query("#password") private password!: HTMLInputElement;
  @query("#totp") private totp!: HTMLInputElement | null;

  static override styles = [base, door, css``];

  override firstUpdated(): void {
    this.user.focus();
  }

  override render() {
    return html`<main>
      <form novalidate @submit=${this.submit}>
        <p class="city">${t("app.city")}</p>
        <h1>${t("app.name")}</h1>
        ${this.why ? html`<p class="box waiting" role="status">${this.why}</p>` : nothing}
        <div>
          <label for="user">${t("door.user")}</label>
          <input id="user" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" />
        </div>
        <div>
          <label for="password">${t("door.password")}</label>
          <input id="password" name="password" type="password" autocomplete="current-password" />
        </div>
        ${this.wantsCode ? this.code() : nothing}
        ${this.fault ? html`<p class="box trouble" role="alert">${this.fault}</p>` : nothing}
        <button class="primary" ?disabled=${this.busy}>${t("door.go")} <kbd>Enter</kbd></button>
        <button class="plain" type="button" @click=${this.otherLanguage}>${t("app.language")}</button>
      </form>
    </main>`;
  }

  private code() {
    return html`<div>
      <label for="totp">${t("door.totp")}</label>
      <input id="totp" name="totp" autocomplete="one-time-code" inputmode="numeric" aria-describedby="totp-help" />
      <p id="totp-help" class="small soft">${t("door.totp.help")}</p>
    </div>`;
  }

  private readonly submit = async (event: SubmitEvent) => {
    event.preventDefault();
    this.busy = true;
    this.fault = "";
    try {
      const code = this.totp?.value.trim();
      const body = {
        user: this.user.value.trim(),
        password: this.password.value,
        ...(code ? { totp: code } : {}),
      };
      const session = await this.api.send<Session>("POST", "/api/session", body);
      this.dispatchEvent(new CustomEvent<Session>("signed-in", { detail: session }));
    } catch (error) {
      await this.refused(error);
    } finally {
      this.busy = false;
    }
  };

  private async refused(error: unknown): Promise<void> {
    if (!(error instanceof Problem)) throw error;
    const first = error.code === "totp-required" && !this.wantsCode;
    if (error.code === "totp-required") this.wantsCode = true;
    else this.fault = error.message;
    await this.updateComplete;
    if (first || this.totp) this.totp?.select();
    this.totp?.focus();
  }

  private readonly otherLanguage = () => {
    speak(language() === "ja" ? "en" : "ja");
    this.requestUpdate();
  };
}
