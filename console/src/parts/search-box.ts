// One field that finds reservations, agreed answers and places to refer to. Arrows walk through what was found,
// a digit opens it; D shows every place.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { Problem } from "../core/api";
import { base } from "../core/base";
import { find } from "../core/deep";
import type { Answer, Referral, Reservation } from "../core/shapes";
import { t } from "../core/words";
import type { Workplace } from "../core/workplace";
import "./found-answer";
import { FoundItem } from "./found-item";
import "./found-referral";
import "./reservation-card";

interface Found {
  reservations: Reservation[];
  answers: Answer[];
  referrals: Referral[];
}

const PAUSE_MS = 250;
/** Of each kind; more would not be read. */
const SHOWN = 8;
const SHORTEST = 2;
const NOTHING: Found = { reservations: [], answers: [], referrals: [] };

@customElement("search-box")
export class SearchBox extends LitElement {
  @property({ attribute: false }) place!: Workplace;
  @state() private found: Found | null = null;
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
      .field {
        display: flex;
        gap: 8px;
      }
      .field button {
        flex: none;
      }
      .found {
        display: grid;
        gap: 6px;
        margin-top: 8px;
      }
    `,
  ];

  start(): void {
    this.field.focus();
    this.field.select();
  }

  /** Show every place that callers are referred to, with the first one at hand. */
  async showReferrals(): Promise<void> {
    this.field.value = "";
    await this.look(async () => ({ ...NOTHING, referrals: await this.referrals() }));
    await this.updateComplete;
    this.items()[0]?.focus();
  }

  override render() {
    return html`<search @keydown=${this.onKey}>
      <label for="q">${t("search.title")} <kbd>/</kbd> <span class="soft">${t("search.label")}</span></label>
      <div class="field">
        <input id="q" type="search" autocomplete="off" maxlength="100" @input=${this.later} />
        <button @click=${() => void this.showReferrals()}>${t("referral.all")} <kbd>D</kbd></button>
      </div>
      <div role="status">
        ${this.fault ? html`<p class="fault">${this.fault}</p>` : nothing} ${this.found ? this.results(this.found) : nothing}
      </div>
    </search>`;
  }

  private results({ reservations, answers, referrals }: Found) {
    const { place } = this;
    if (!reservations.length && !answers.length && !referrals.length)
      return html`<p class="soft">${t("search.none")}</p>`;
    return html`<div class="found">
      ${heading("search.reservations", reservations)}
      ${reservations.map(
        (each) => html`<reservation-card named .place=${place} .reservation=${each}></reservation-card>`,
      )}
      ${heading("search.answers", answers)}
      ${answers.map((each) => html`<found-answer .place=${place} .answer=${each}></found-answer>`)}
      ${heading("search.referrals", referrals)}
      ${referrals.map((each) => html`<found-referral .place=${place} .referral=${each}></found-referral>`)}
    </div>`;
  }

  // --- keys ---

  private readonly onKey = (event: KeyboardEvent) => {
    const inField = (this.renderRoot as ShadowRoot).activeElement === this.field;
    if (event.key === "Escape" && inField) this.clear();
    else if (event.key === "Escape") this.field.focus();
    else if (event.key === "ArrowDown") this.walk(1);
    else if (event.key === "ArrowUp") this.walk(-1);
    else if (event.key === "Enter" && inField) this.walk(1);
    else if (!inField && /^[1-9]$/.test(event.key)) this.open(Number(event.key));
    else return;
    if (event.key !== "Escape" || !inField) event.preventDefault();
  };

  /** To the next or the one before; above the first is the field. */
  private walk(step: number): void {
    const items = this.items();
    const at = items.findIndex(
      (each) => each.getRootNode() === (this.renderRoot as ShadowRoot).activeElement?.shadowRoot,
    );
    const next = items[at + step];
    if (next) next.focus();
    else if (at + step < 0) this.field.focus();
  }

  private open(number: number): void {
    const chosen = [...this.renderRoot.querySelectorAll("found-answer, found-referral")][number - 1];
    if (chosen instanceof FoundItem) void chosen.show();
  }

  /** What can have the focus among what was found, from above. */
  private items(): HTMLElement[] {
    const found = this.renderRoot.querySelectorAll("reservation-card, found-answer, found-referral");
    return [...found].flatMap((each) => (each.shadowRoot && find(each.shadowRoot, "button")) ?? []);
  }

  private clear(): void {
    this.field.value = "";
    this.found = null;
    this.fault = "";
  }

  // --- looking ---

  private readonly later = () => {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const q = this.field.value.trim();
      void this.look(async () => (q.length < SHORTEST ? null : this.everywhere(q)));
    }, PAUSE_MS);
  };

  /** Show what *ask* finds, unless something else was looked for meanwhile. */
  private async look(ask: () => Promise<Found | null>): Promise<void> {
    window.clearTimeout(this.timer);
    this.asked += 1;
    const mine = this.asked;
    try {
      const found = await ask();
      if (mine !== this.asked) return;
      this.found = found;
      this.fault = "";
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.fault = error.message;
    }
  }

  private async everywhere(q: string): Promise<Found> {
    const { api } = this.place;
    const [found, agreed, referrals] = await Promise.all([
      api.get<{ reservations: Reservation[] }>("/api/reservations", { q }),
      api.get<{ knowledge: Answer[] }>("/api/knowledge", { q }),
      this.referrals(q),
    ]);
    return {
      reservations: found.reservations.slice(0, SHOWN),
      answers: agreed.knowledge.slice(0, SHOWN),
      referrals: referrals.slice(0, SHOWN),
    };
  }

  private async referrals(q?: string): Promise<Referral[]> {
    return (await this.place.api.get<{ referrals: Referral[] }>("/api/referrals", { q })).referrals;
  }
}

function heading(word: string, found: unknown[]) {
  return found.length ? html`<h3>${t(word)}</h3>` : nothing;
}
