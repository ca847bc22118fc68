// To whom the call can go: whoever is free, then the places of the referral list. A digit chooses; Escape closes.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { base } from "../core/base";
import type { Agent, Referral } from "../core/shapes";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import type { Target, Workplace } from "../core/workplace";

interface Choice {
  target: Target;
  title: string;
  about: string;
}

@customElement("transfer-place")
export class TransferPlace extends LitElement {
  @property({ attribute: false }) place!: Workplace;
  @state() private open = false;
  @state() private joins = false;
  @state() private choices: Choice[] | null = null;
  private titles = new Map<string, string>();

  constructor() {
    super();
    new Watching(this, () => this.place);
  }

  static override styles = [
    base,
    css`
      section {
        display: flex;
        flex-direction: column;
        gap: 6px;
      }
      section button {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0 8px;
        align-items: baseline;
        justify-content: stretch;
        text-align: left;
      }
      .about {
        grid-column: 2;
      }
    `,
  ];

  /** Open with what is true now; then, who may join instead; then close. */
  async toggle(): Promise<void> {
    if (this.open) {
      this.open = !this.joins;
      this.joins = !this.joins;
      return;
    }
    this.open = true;
    this.joins = false;
    this.choices = null;
    try {
      const [people, places] = await Promise.all([
        this.place.api.get<{ agents: Agent[] }>("/api/agents"),
        this.place.api.get<{ referrals: Referral[] }>("/api/referrals"),
      ]);
      this.choices = [...this.people(people.agents), ...this.places(places.referrals)];
    } catch (error) {
      this.open = false;
      this.place.complain(error);
    }
  }

  /** Close; false when it was closed. */
  close(): boolean {
    const was = this.open;
    this.open = false;
    return was;
  }

  /** Choose by number; false when there is nothing to choose. */
  pick(number: number): boolean {
    const chosen = this.open ? this.shown()[number - 1] : undefined;
    if (chosen) this.send(chosen);
    return this.open || chosen !== undefined;
  }

  override render() {
    return html`${this.joined()}${this.open ? this.panel() : nothing}`;
  }

  private panel() {
    const title = t(this.joins ? "transfer.join" : "transfer.title");
    return html`<section class="panel" aria-label=${title}>
      <h3>${title}</h3>
      ${this.choices === null ? html`<p>${t("transfer.looking")}</p>` : this.list(this.shown())}
      ${this.joins ? nothing : html`<p class="small soft">${t("transfer.turn")}</p>`}
    </section>`;
  }

  /** Whom the operator asked to join: rings, or is there and can take the call over. */
  private joined() {
    const { place } = this;
    return (place.call?.consultation ?? []).map(
      (each) => html`<div class="box ready" role="status">
        <p>${t(each.joined ? "join.here" : "join.rings", { name: this.titles.get(each.operator) ?? each.operator })}</p>
        ${each.joined ? html`<button @click=${() => place.consult(each.operator, "complete")}>${t("join.hand-over")} <kbd>G</kbd></button>` : nothing}
        <button @click=${() => place.consult(each.operator, "end")}>${t("join.end")}</button>
      </div>`,
    );
  }

  /** Hand the call over to whoever has joined. */
  handOver(): void {
    const there = this.place.call?.consultation?.find((each) => each.joined);
    if (there) this.place.consult(there.operator, "complete");
  }

  private shown(): Choice[] {
    const all = this.choices ?? [];
    return this.joins ? all.filter((each) => "operator" in each.target) : all;
  }

  private list(choices: Choice[]) {
    if (choices.length === 0) return html`<p>${t("transfer.nobody")}</p>`;
    return choices.map(
      (choice, index) => html`<button @click=${() => this.send(choice)}>
        ${index < 9 ? html`<kbd>${index + 1}</kbd>` : html`<span></span>`} <span>${choice.title}</span>
        <span class="about small soft">${choice.about}</span>
      </button>`,
    );
  }

  private send(choice: Choice): void {
    this.open = false;
    if (this.joins && "operator" in choice.target) this.place.consult(choice.target.operator, "conference");
    else this.place.transfer(choice.target);
  }

  private people(agents: Agent[]): Choice[] {
    this.titles = new Map(agents.map((each) => [each.name, each.title]));
    const free = agents.filter((each) => each.name !== this.place.session.user && takes(each));
    return free.map((each) => ({
      target: { operator: each.name },
      title: each.title,
      about: t(each.role === "supervisor" ? "transfer.supervisor" : "state.ready"),
    }));
  }

  private places(referrals: Referral[]): Choice[] {
    const through = referrals.filter((each) => each.transfer);
    return through.map((each) => ({
      target: { referral: each.name },
      title: each.title,
      about: `${each.number_written}${each.open_now ? "" : ` ${t("transfer.closed")}`}`,
    }));
  }
}

/** A supervisor takes part in no distribution and has a phone all the same. */
function takes(agent: Agent): boolean {
  return (
    agent.state === "ready" ||
    (agent.role === "supervisor" && agent.state === "logged-out" && agent.registered)
  );
}
