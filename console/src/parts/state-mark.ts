// A state as a coloured word. Colour never stands alone: the word is always there.

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { AgentState } from "../core/shapes";
import { t } from "../core/words";

@customElement("state-mark")
export class StateMark extends LitElement {
  @property() state: AgentState = "logged-out";

  static override styles = css`
    :host {
      display: inline-block;
    }
    span {
      display: inline-block;
      min-width: 3.2em;
      padding: 1px 8px;
      text-align: center;
      font-size: 0.8125rem;
      font-weight: 700;
      border-radius: 999px;
      border: 1.5px solid currentcolor;
      color: var(--away);
      background: var(--away-soft);
    }
    .ready {
      color: var(--ready);
      background: var(--ready-soft);
    }
    .offered {
      color: var(--waiting);
      background: var(--waiting-soft);
    }
    .talking {
      color: var(--talking);
      background: var(--talking-soft);
    }
    .after-call {
      color: var(--after);
      background: var(--after-soft);
    }
    .not-responding {
      color: var(--trouble);
      background: var(--trouble-soft);
    }
  `;

  override render() {
    return html`<span class=${this.state}>${t(`state.mark.${this.state}`)}</span>`;
  }
}
