// One reservation of the citizen's, with what can be done to it during a call.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { base } from "../core/base";
import type { Reservation } from "../core/shapes";
import { t } from "../core/words";
import type { Workplace } from "../core/workplace";

@customElement("reservation-card")
export class ReservationCard extends LitElement {
  @property({ attribute: false }) place!: Workplace;
  @property({ attribute: false }) reservation!: Reservation;
  @property({ type: Boolean }) named = false;
  @state() private asking = false;

  static override styles = [
    base,
    css`
      article {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        padding: 8px 12px;
        border: 1px solid var(--line);
        border-radius: var(--round);
      }
      .when {
        font-weight: 700;
      }
      .what {
        flex: 1 1 14em;
        overflow-wrap: anywhere;
      }
      .number {
        white-space: nowrap;
      }
      .acts {
        display: flex;
        gap: 8px;
      }
    `,
  ];

  override render() {
    const it = this.reservation;
    return html`<article>
      <div class="what">
        ${this.named ? html`<p><strong>${it.name}</strong> <span class="small soft">${it.kana}</span></p>` : nothing}
        <p class="when">${it.written} ${it.venue_title}</p>
        <p class="small soft">
          ${it.service_title}・${t("citizen.people", { count: it.people })}・<span class="number">${it.number}</span>・${it.state_title}
        </p>
      </div>
      ${this.place.sheet && it.state === "booked" ? this.acts() : nothing}
    </article>`;
  }

  private acts() {
    if (this.asking) {
      return html`<p class="small"><strong>${t("citizen.cancel.sure")}</strong></p>
        <div class="acts">
          <button class="danger" @click=${this.cancel}>${t("citizen.cancel.yes")}</button>
          <button @click=${() => (this.asking = false)}>${t("citizen.back")}</button>
        </div>`;
    }
    const which = `${this.reservation.written} ${this.reservation.venue_title}`;
    return html`<div class="acts">
      <button aria-label=${`${t("citizen.change")} ${which}`} @click=${this.move}>${t("citizen.change")}</button>
      <button aria-label=${`${t("citizen.cancel")} ${which}`} @click=${() => (this.asking = true)}>
        ${t("citizen.cancel")}
      </button>
    </div>`;
  }

  private readonly move = () => {
    this.place.booking.startMoving(this.reservation);
    this.dispatchEvent(new CustomEvent("to-booking", { bubbles: true, composed: true }));
  };

  private readonly cancel = () => {
    this.asking = false;
    void this.place.booking.cancel(this.reservation);
    this.dispatchEvent(new CustomEvent("to-booking", { bubbles: true, composed: true }));
  };
}
