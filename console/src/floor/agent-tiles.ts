// All operators as tiles, grouped by state; at most one is open.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { base } from "../core/base";
import type { Agent, AgentState } from "../core/shapes";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import "./agent-tile";
import type { Floor } from "./floor";

/** In the order in which a supervisor looks. */
const GROUPS: readonly AgentState[] = [
  "not-responding",
  "talking",
  "offered",
  "after-call",
  "ready",
  "paused",
  "logged-out",
];

@customElement("agent-tiles")
export class AgentTiles extends LitElement {
  @property({ attribute: false }) floor!: Floor;
  @state() private open: string | null = null;

  constructor() {
    super();
    new Watching(this, () => this.floor);
  }

  static override styles = [
    base,
    css`
      h3 {
        margin: 12px 0 6px;
        font-size: 0.875rem;
      }
      section:first-of-type h3 {
        margin-top: 0;
      }
      .tiles {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(196px, 1fr));
        gap: 8px;
        align-items: start;
      }
    `,
  ];

  override render() {
    const agents = [...this.floor.agents.values()].sort((one, other) =>
      one.title.localeCompare(other.title, "ja"),
    );
    if (!agents.length) return html`<p class="panel soft">${t("tiles.none")}</p>`;
    return html`<h2 class="sr">${t("tiles.title")}</h2>
      ${GROUPS.map((group) =>
        this.group(
          group,
          agents.filter((agent) => agent.state === group),
        ),
      )}`;
  }

  private group(group: AgentState, agents: Agent[]) {
    if (!agents.length) return nothing;
    return html`<section aria-label=${t(`state.${group}`)}>
      <h3>${t(`state.${group}`)}　${t("figure.people", { count: agents.length })}</h3>
      <div class="tiles">
        ${repeat(
          agents,
          (agent) => agent.name,
          (agent) => html`<agent-tile
            data-name=${agent.name}
            .floor=${this.floor}
            .agent=${agent}
            ?open=${this.open === agent.name}
            @toggle-tile=${() => (this.open = this.open === agent.name ? null : agent.name)}
          ></agent-tile>`,
        )}
      </div>
    </section>`;
  }
}
