// One field that finds reservations, and the agreed answers where the server has them.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { Problem } from "../core/api";
import { base } from "../core/base";
import type { Reservation } from "../core/shapes";
import { t } from "../core/words";
import type { Workplace } from "../core/workplace";
import "./reservation-card";

interface Answer {
  number: string;
  question: string;
  answer: string;
}

interface Agreed {
  knowledge: Answer[];
}

interface Found {
  reservations: Reservation[];
  answers: Answer[];
}

const PAUSE_MS = 250;

@customElement("search-box")
export class SearchBox extends LitElement {
  @property({ attribute: false }) place!: Workplace;
  @state() private found: Found | null = null;
  @state() private used = new Set<string>();
  @state() private fault = "";
  @query("input") private field!: HTMLInputElement;
  private timer = 0;
  private asked = 0;

  static override styles = [
    base,
    css`
      h3 {
        font-size: 0.875rem;
        margin: 8px 0 4px;
      }
      .found {
        display: grid;
        gap: 8px;
        margin-top: 8px;
      }
      summary {
        cursor: pointer;
        font-weight: 700;
        padding: 4px 0;
      }
      details p {
        white-space: pre-wrap;
      }
    `,
  ];

  start(): void {
    this.field.focus();
    this.field.select();
  }

  override render() {
    return html`<search>
      <label for="q">${t("search.title")} <kbd>/</kbd> <span class="soft">${t("search.label")}</span></label>
      <input id="q" type="search" autocomplete="off" maxlength="100" @input=${this.later} @keydown=${this.onKey} />
      <div role="status">
        ${this.fault ? html`<p class="fault">${this.fault}</p>` : nothing} ${this.found ? this.results(this.found) : nothing}
      </div>
    </search>`;
  }

  private results({ reservations, answers }: Found) {
    if (!reservations.length && !answers.length) return html`<p class="soft">${t("search.none")}</p>`;
    return html`<div class="found">
      ${reservations.length ? html`<h3>${t("search.reservations")}</h3>` : nothing}
      ${reservations
        .slice(0, 8)
        .map(
          (each) =>
            html`<reservation-card named .place=${this.place} .reservation=${each}></reservation-card>`,
        )}
      ${answers.length ? html`<h3>${t("search.answers")}</h3>` : nothing}
      ${answers.slice(0, 8).map(
        (each) => html`<details>
          <summary>${each.question}</summary>
          <p>${each.answer}</p>
          ${this.place.sheet ? this.useButton(each) : nothing}
        </details>`,
      )}
    </div>`;
  }

  private useButton({ number }: Answer) {
    const used = this.used.has(number);
    return html`<button ?disabled=${used} @click=${() => void this.use(number)}>
      ${t(used ? "search.used" : "search.use")}
    </button>`;
  }

  /** Note on the call that this answer was given. */
  private async use(number: string): Promise<void> {
    const call = this.place.sheet?.call;
    try {
      await this.place.api.send("POST", `/api/knowledge/${encodeURIComponent(number)}/used`, { call });
      this.used = new Set([...this.used, number]);
    } catch (error) {
      this.place.complain(error);
    }
  }

  private readonly later = () => {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.look(), PAUSE_MS);
  };

  private readonly onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    this.field.value = "";
    this.found = null;
    this.fault = "";
  };

  private async look(): Promise<void> {
    const q = this.field.value.trim();
    this.asked += 1;
    const mine = this.asked;
    try {
      const found = q.length < 2 ? null : await this.everywhere(q);
      if (mine !== this.asked) return;
      this.found = found;
      this.used = new Set();
      this.fault = "";
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.fault = error.message;
    }
  }

  private async everywhere(q: string): Promise<Found> {
    const { api } = this.place;
    const [found, answers] = await Promise.all([
      api.get<{ reservations: Reservation[] }>("/api/reservations", { q }),
      api.get<Agreed>("/api/knowledge", { q }).catch(without),
    ]);
    return { reservations: found.reservations, answers: answers.knowledge };
  }
}

/** A centre without agreed answers has nothing at that address. */
function without(error: unknown): Agreed {
  if (error instanceof Problem && error.status === 404) return { knowledge: [] };
  throw error;
}
