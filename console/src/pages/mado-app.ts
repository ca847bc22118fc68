// Which page it is: the way in, a first step, or the desk. Owns the session, and nothing of a call.

import { html, LitElement } from "lit";
import { customElement, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { Api, Problem } from "../core/api";
import { base } from "../core/base";
import type { Session } from "../core/shapes";
import { language, speak, t } from "../core/words";
import { Workplace } from "../core/workplace";
import "./enrol-totp";
import "./new-password";
import "./operator-page";
import "./sign-in";
import { door } from "./door-look";

/** Tabs of the office's page that supervisors have, too. */
const OFFICE = ["today", "reports", "quality"];

type Page = "loading" | "door" | "desk" | "password";

@customElement("mado-app")
export class MadoApp extends LitElement {
  @state() private page: Page = "loading";
  @state() private why = "";
  @state() private words = language();
  private readonly api = new Api();
  private place: Workplace | null = null;

  static override styles = [base, door];

  override connectedCallback(): void {
    super.connectedCallback();
    speak(language());
    document.title = t("app.name");
    this.api.onSignedOut = () => this.leave(t("problem.not-signed-in"));
    window.addEventListener("hashchange", this.look);
    void this.comeBack();
  }

  override disconnectedCallback(): void {
    window.removeEventListener("hashchange", this.look);
    super.disconnectedCallback();
  }

  override render() {
    const session = this.api.session;
    if (this.page === "loading") return html`<main><p>${t("app.loading")}</p></main>`;
    if (this.page === "door" || !session) {
      return html`<sign-in .api=${this.api} .why=${this.why} @signed-in=${this.enter}></sign-in>`;
    }
    const [first] = session.missing;
    if (first === "change-password" || this.page === "password") {
      return html`<new-password .api=${this.api} ?first=${first !== undefined} @done=${this.password}></new-password>`;
    }
    if (first === "enrol-totp")
      return html`<enrol-totp .api=${this.api} @done=${this.comeBack}></enrol-totp>`;
    return this.desk(session);
  }

  private desk(session: Session) {
    const view = viewOf(session);
    if (view === "floor" || view === "wall") return this.floor(session, view);
    if (!this.place) return this.office(session);
    // Another language builds the page anew, so that every part of it speaks it; what was typed is in the sheet.
    return html`${keyed(
      this.words,
      html`<operator-page
      .place=${this.place}
      @sign-out=${this.signOut}
      @change-password=${() => (this.page = "password")}
      @language=${this.language}
    ></operator-page>`,
    )}`;
  }

  /** Pages of those who answer no calls are files of their own. */
  private office(session: Session) {
    const page =
      session.role === "ops"
        ? html`<ops-page .api=${this.api} .session=${session}></ops-page>`
        : html`<office-page .api=${this.api} .session=${session}></office-page>`;
    void (session.role === "ops" ? import("../ops/ops-page") : import("../office/office-page"));
    return html`${keyed(
      this.words,
      html`<div
        @sign-out=${this.signOut}
        @change-password=${() => (this.page = "password")}
        @language=${this.language}
      >
        ${page}
      </div>`,
    )}`;
  }

  /** The floor is a file of its own, fetched by those who watch it. */
  private floor(session: Session, view: "floor" | "wall") {
    void import("../floor/floor-app");
    return html`${keyed(
      view,
      html`<floor-app
        .api=${this.api}
        .session=${session}
        ?wall=${view === "wall"}
        @sign-out=${this.signOut}
      ></floor-app>`,
    )}`;
  }

  /** Ask who is signed in; a server that is away is asked again. */
  private readonly comeBack = async (): Promise<void> => {
    try {
      this.take(await this.api.get<Session>("/api/session"));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 401) this.page = "door";
      else window.setTimeout(() => void this.comeBack(), 1_000);
    }
  };

  private readonly enter = (event: CustomEvent<Session>) => this.take(event.detail);

  private take(session: Session): void {
    this.api.session = session;
    this.why = "";
    const sits = !viewOf(session) && (session.role === "operator" || session.role === "supervisor");
    if (!sits) this.stand();
    if (!session.missing.length && sits && this.place?.session.user !== session.user) {
      this.place = new Workplace(this.api, session);
      this.place.start();
    }
    this.page = "desk";
    this.requestUpdate();
  }

  /** Another view was asked for by its address. */
  private readonly look = () => {
    if (this.place?.phone.line === "up")
      location.hash = "seat"; // nobody is cut off by looking elsewhere
    else if (this.api.session && this.page === "desk") this.take(this.api.session);
  };

  private readonly password = () => {
    if (this.api.session?.missing.length) void this.comeBack();
    else this.page = "desk";
  };

  private readonly signOut = async () => {
    try {
      await this.api.send("DELETE", "/api/session");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
    this.leave("");
  };

  private leave(why: string): void {
    this.stand();
    this.api.session = null;
    this.why = why;
    this.page = "door";
  }

  private stand(): void {
    this.place?.stop();
    this.place = null;
  }

  private readonly language = () => {
    this.words = language();
    document.title = t("app.name");
  };
}

/** Supervisors begin at the floor, and take calls at #seat; managers and operations staff may look at it. */
function viewOf({ role, missing }: Session): "floor" | "wall" | "office" | null {
  const asked = location.hash.slice(1);
  if (missing.length || !(role === "supervisor" || role === "manager" || role === "ops")) return null;
  if (asked === "wall" || asked === "floor") return asked;
  if (role !== "supervisor" || asked === "seat") return null;
  return OFFICE.includes(asked) ? "office" : "floor";
}
