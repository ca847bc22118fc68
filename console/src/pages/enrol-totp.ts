// Enrolling an authenticator. The QR code is drawn here: the secret goes to nobody else.

import { html, LitElement, nothing, svg } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { encode } from "uqr";
import { type Api, Problem } from "../core/api";
import { base } from "../core/base";
import { t } from "../core/words";
import { door } from "./door-look";

interface Enrolment {
  secret: string;
  uri: string;
}

@customElement("enrol-totp")
export class EnrolTotp extends LitElement {
  @property({ attribute: false }) api!: Api;
  @state() private enrolment: Enrolment | null = null;
  @state() private codes: string[] = [];
  @state() private fault = "";
  @query("input") private field!: HTMLInputElement | null;

  static override styles = [base, door];

  override updated(): void {
    if (!this.codes.length && (this.renderRoot as ShadowRoot).activeElement === null) this.field?.focus();
  }

  override render() {
    if (this.codes.length) return this.kept();
    return html`<main>
      <form novalidate @submit=${this.submit}>
        <h1>${t("first.totp.title")}</h1>
        ${this.enrolment ? this.scan(this.enrolment) : this.begin()}
        ${this.fault ? html`<p class="box trouble" role="alert">${this.fault}</p>` : nothing}
        <button class="primary">${t(this.enrolment ? "first.totp.confirm" : "first.totp.begin")} <kbd>Enter</kbd></button>
      </form>
    </main>`;
  }

  private begin() {
    return html`<p>${t("first.totp.why")}</p>
      <div>
        <label for="password">${t("door.password")}</label>
        <input id="password" type="password" autocomplete="current-password" />
      </div>`;
  }

  private scan({ secret, uri }: Enrolment) {
    return html`<p>${t("first.totp.scan")}</p>
      ${qr(uri)}
      <p class="small">${t("first.totp.secret")} <code>${secret}</code></p>
      <div>
        <label for="code">${t("door.totp")}</label>
        <input id="code" inputmode="numeric" autocomplete="one-time-code" maxlength="6" />
      </div>`;
  }

  private kept() {
    return html`<main>
      <div class="sheet">
        <h1>${t("first.totp.title")}</h1>
        <p>${t("first.totp.codes")}</p>
        <ul class="codes">
          ${this.codes.map((code) => html`<li>${code}</li>`)}
        </ul>
        <button class="primary" @click=${() => this.dispatchEvent(new CustomEvent("done"))}>
          ${t("first.totp.kept")}
        </button>
      </div>
    </main>`;
  }

  private readonly submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const typed = this.field?.value.trim() ?? "";
    this.fault = "";
    try {
      if (this.enrolment) await this.confirm(typed);
      else this.enrolment = await this.api.send<Enrolment>("POST", "/api/account/totp", { password: typed });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.fault = error.message;
    }
    if (this.field) this.field.value = "";
  };

  private async confirm(totp: string): Promise<void> {
    const path = "/api/account/totp/confirmation";
    const { recovery_codes } = await this.api.send<{ recovery_codes: string[] }>("POST", path, { totp });
    this.codes = recovery_codes;
  }
}

/** The code as one path: a square for every dark module. */
function qr(text: string) {
  const { size, data } = encode(text, { border: 2 });
  const dark = data.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : "")));
  return html`<svg role="img" aria-label=${t("first.totp.qr")} viewBox=${`0 0 ${size} ${size}`}>
    ${svg`<path d=${dark.join("")} fill="#000"></path>`}
  </svg>`;
}
