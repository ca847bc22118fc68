// To whom the call can go, and how: first whom to consult while the caller waits; then to whom it goes unasked, also to
// places of the referral list; then who may join. A digit chooses; Escape closes.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { base } from "../core/base";
import type { Agent, Joined, Referral } from "../core/shapes";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import type { Target, Workplace } from "../core/workplace";

type Way = "consult" | "transfer" | "conference";

const WAYS: readonly Way[] = ["consult", "transfer", "conference"];

interface Choice {
  target: Target;
  title: string;
  about: string;
}

@customElement("transfer-place")
export class TransferPlace extends LitElement {
  @property({ attribute: false }) place!: Workplace;
  @state() private way: Way | null = null;
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
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .choice {
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

  /** Open with what is true now; then, the other ways; then close. */
  async toggle(): Promise<void> {
    if (this.way !== null) {
      this.way = WAYS[WAYS.indexOf(this.way) + 1] ?? null;
      return;
    }
    this.way = "consult";
    this.choices = null;
    try {
      const [people, places] = await Promise.all([
        this.place.api.get<{ agents: Agent[] }>("/api/agents"),
        this.place.api.get<{ referrals: Referral[] }>("/api/referrals"),
      ]);
      this.choices = [...this.people(people.agents), ...this.places(places.referrals)];
    } catch (error) {
      this.way = null;
      this.place.complain(error);
    }
  }

  /** Close; false when it was closed. */
  close(): boolean {
    const was = this.way !== null;
    this.way = null;
    return was;
  }

  /** Choose by number; false when there is nothing to choose. */
  pick(number: number): boolean {
    const { way } = this;
    const chosen = way === null ? undefined : this.shown(way)[number - 1];
    if (way !== null && chosen) this.send(way, chosen);
    return way !== null;
  }

  override render() {
    return html`${this.joined()}${this.way === null ? nothing : this.panel(this.way)}`;
  }

  private panel(way: Way) {
    return html`<section class="panel" aria-label=${t("transfer.title")}>
      <div class="ways" role="group" aria-label=${t("transfer.title")}>
        ${WAYS.map((each) => html`<button aria-pressed=${each === way} @click=${() => (this.way = each)}>${t(`transfer.${each}`)}</button>`)}
      </div>
      <p class="small soft">${t(`transfer.${way}.says`)}</p>
      ${this.choices === null ? html`<p>${t("transfer.looking")}</p>` : this.list(way, this.shown(way))}
    </section>`;
  }

  /** Whom the operator asked to join: rings, or is there and can take the call over. */
  private joined() {
    return (this.place.call?.consultation ?? []).map((each) =>
      each.joined ? this.there(each) : this.rings(each),
    );
  }

  private rings(joined: Joined) {
    return html`<div class="box ready" role="status">
      <p>${t("join.rings", { name: this.nameOf(joined) })}</p>
      ${this.doing(joined, "end", "L")}
    </div>`;
  }

  private there(joined: Joined) {
    const held = joined.mode === "consult";
    return html`<div class="box ${held ? "waiting" : "ready"}" role="status">
      <p><strong>${t(held ? "join.consulting" : "join.here", { name: this.nameOf(joined) })}</strong></p>
      ${held ? html`<p>${t("join.held")}</p>` : nothing} ${this.doing(joined, "complete", "G")}
      ${this.doing(joined, held ? "conference" : "consult", "J")} ${this.doing(joined, "end", "L")}
    </div>`;
  }

  private doing(joined: Joined, mode: Joined["mode"] | "end", key: string) {
    return html`<button @click=${() => this.place.consult(joined.operator, mode)}>${t(`join.${mode}`)} <kbd>${key}</kbd></button>`;
  }

  private nameOf(joined: Joined): string {
    return this.titles.get(joined.operator) ?? joined.operator;
  }

  /** Hand the call over to whoever has joined. */
  handOver(): void {
    const there = this.here();
    if (there) this.place.consult(there.operator, "complete");
  }

  /** Let caller, operator and colleague hear each other; or let the caller wait again. */
  turnAround(): void {
    const there = this.here();
    if (there) this.place.consult(there.operator, there.mode === "consult" ? "conference" : "consult");
  }

  /** Let go whoever was asked to join, also while it rings. */
  letGo(): void {
    const asked = this.place.call?.consultation?.[0];
    if (asked) this.place.consult(asked.operator, "end");
  }

  private here(): Joined | undefined {
    return this.place.call?.consultation?.find((each) => each.joined);
  }

  private shown(way: Way): Choice[] {
    const all = this.choices ?? [];
    return way === "transfer" ? all : all.filter((each) => "operator" in each.target);
  }

  private list(way: Way, choices: Choice[]) {
    if (choices.length === 0) return html`<p>${t("transfer.nobody")}</p>`;
    return choices.map(
      (choice, index) => html`<button class="choice" @click=${() => this.send(way, choice)}>
        ${index < 9 ? html`<kbd>${index + 1}</kbd>` : html`<span></span>`} <span>${choice.title}</span>
        <span class="about small soft">${choice.about}</span>
      </button>`,
    );
  }

  private send(way: Way, choice: Choice): void {
    this.way = null;
    if (way !== "transfer" && "operator" in choice.target) this.place.consult(choice.target.operator, way);
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
