// The operator's page: the bar, and three places that never move. Keys come in here and go to where they belong.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { BookingColumn } from "../booking/booking-column";
import "../booking/booking-column";
import { base } from "../core/base";
import { find, focused, typesInto } from "../core/deep";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import type { Workplace } from "../core/workplace";
import type { CallColumn } from "../parts/call-column";
import "../parts/call-column";
import type { CitizenColumn } from "../parts/citizen-column";
import "../parts/citizen-column";
import type { TopBar } from "../parts/top-bar";
import "../parts/top-bar";

@customElement("operator-page")
export class OperatorPage extends LitElement {
  @property({ attribute: false }) place!: Workplace;
  @query("top-bar") private bar!: TopBar;
  @query("call-column") private column!: CallColumn;
  @query("citizen-column") private citizen!: CitizenColumn;
  @query("booking-column") private booking!: BookingColumn;
  private talked = false;

  constructor() {
    super();
    new Watching(this, () => this.place);
  }

  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 100vh;
      }
      main {
        flex: 1;
        display: grid;
        grid-template-columns: minmax(260px, 300px) minmax(340px, 1fr) minmax(380px, 420px);
        gap: 16px;
        padding: 12px 16px 24px;
        align-items: start;
      }
      .strip {
        margin: 8px 16px 0;
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: center;
      }
      .strip p {
        flex: 1;
      }
      @media (max-width: 1100px) {
        main {
          grid-template-columns: minmax(240px, 280px) 1fr;
        }
        booking-column {
          grid-column: 2;
        }
      }
      @media (max-width: 720px) {
        main {
          grid-template-columns: 1fr;
        }
        booking-column {
          grid-column: 1;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.onKey);
    window.addEventListener("beforeunload", this.onLeaving);
  }

  override disconnectedCallback(): void {
    document.removeEventListener("keydown", this.onKey);
    window.removeEventListener("beforeunload", this.onLeaving);
    super.disconnectedCallback();
  }

  override render() {
    const { place } = this;
    return html`<top-bar .place=${place}></top-bar>
      <section aria-label=${t("page.notices")}>${this.strips()}</section>
      <main @to-booking=${() => void this.booking.go()}>
        <h1 class="sr">${t("app.name")}</h1>
        <call-column .place=${place}></call-column>
        <citizen-column .place=${place}></citizen-column>
        <booking-column .place=${place}></booking-column>
      </main>`;
  }

  /** After each change of the call, the focus goes where the work goes: nowhere, so that Enter is the next step. */
  override updated(): void {
    const talks = this.place.agent?.state === "talking";
    if (this.talked && !talks && !typesInto(focused())) (focused() as HTMLElement | null)?.blur();
    this.talked = talks;
  }

  private strips() {
    const { place } = this;
    const lost = place.link.state === "lost";
    return html`${lost ? html`<div class="strip box trouble" role="alert"><p>${t("link.lost")}</p></div>` : nothing}
      ${[...place.alerts.values()].map(
        (
          alert,
        ) => html`<div class="strip box ${alert.severity === "critical" ? "trouble" : "waiting"}" role="alert">
          <p>${alert.text}</p>
        </div>`,
      )}
      ${this.phoneTrouble()}
      ${place.said ? html`<div class="strip box ${place.said.level === "problem" ? "trouble" : "ready"}" role="status"><p>${place.said.text}</p></div>` : nothing}`;
  }

  private phoneTrouble() {
    const { place } = this;
    const { phone, agent } = place;
    if (place.usesDeskPhone) {
      if (!agent || agent.registered || agent.state === "logged-out") return nothing;
      return html`<div class="strip box trouble" role="status"><p>${t("phone.desk.off")}</p></div>`;
    }
    if (!phone.trouble) return nothing;
    const elsewhere = phone.trouble === "elsewhere";
    return html`<div class="strip box ${elsewhere ? "waiting" : "trouble"}" role="status">
      <p>${t(`phone.why.${phone.trouble}`)}</p>
      <button @click=${() => void phone.start(elsewhere)}>${t(elsewhere ? "phone.take-over" : "phone.again")}</button>
    </div>`;
  }

  // --- keys ---

  private readonly onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = focused();
    if (event.key === "Escape") return this.escape(at);
    if (typesInto(at)) return;
    if (event.key === "Enter" && this.presses(at)) return;
    const act = this.act(event.key.length === 1 ? event.key.toLowerCase() : event.key, event.shiftKey);
    if (!act) return;
    event.preventDefault();
    act();
  };

  /** A button that has the focus takes Enter itself; while it rings, Enter answers wherever the focus is. */
  private presses(at: Element | null): boolean {
    return at instanceof HTMLButtonElement && !this.place.offer;
  }

  private escape(at: Element | null): void {
    const inForm = (at?.getRootNode() as Partial<ShadowRoot> | undefined)?.host?.localName === "booking-form";
    if (this.column.transfer?.close()) return;
    if (typesInto(at) && !inForm) (at as HTMLElement).blur();
    else if (!this.booking.back()) (at as HTMLElement | null)?.blur();
  }

  private act(key: string, shift: boolean): (() => void) | null {
    const { place } = this;
    const talking = place.agent?.state === "talking";
    if (/^[1-9]$/.test(key)) return () => this.choose(Number(key));
    if (key === "e" && shift && talking) return () => place.hangUp();
    if (shift) return null;
    const always: Record<string, () => void> = {
      Enter: () => find(this.renderRoot, "[data-primary]:not(:disabled)")?.click(),
      "/": () => this.citizen.search(),
      d: () => this.citizen.showReferrals(),
      b: () => void this.booking.go(),
      s: () => this.bar.showStates(),
      n: () => find(this.renderRoot, "#notes")?.focus(),
    };
    const inCall: Record<string, () => void> = {
      h: () => place.phone.hold(),
      m: () => place.phone.mute(),
      t: () => void this.column.transfer?.toggle(),
      g: () => this.column.transfer?.handOver(),
      j: () => this.column.transfer?.turnAround(),
      l: () => this.column.transfer?.letGo(),
      r: () => place.record(place.call?.recording_paused ?? false),
    };
    const beforeCall: Record<string, () => void> = { o: () => void place.outreach.toggle() };
    const onOffer: Record<string, () => void> = { x: () => place.reject() };
    const now = talking ? inCall : place.offer ? onOffer : place.sheet ? {} : beforeCall;
    return always[key] ?? now[key] ?? null;
  }

  private choose(number: number): void {
    if (this.column.transfer?.pick(number)) return;
    const { place } = this;
    if (this.booking.pick(number) || (!place.sheet && place.outreach.pick(number))) return;
    const chosen = place.dispositions[number - 1];
    if (place.sheet && !place.offer && place.agent?.state === "after-call" && chosen) {
      place.sheet.outcome = chosen.title;
      place.keep();
    }
  }

  /** Leaving in mid-call would cut the sound off: the browser asks first. */
  private readonly onLeaving = (event: BeforeUnloadEvent) => {
    if (this.place.phone.line === "up") event.preventDefault();
  };
}
