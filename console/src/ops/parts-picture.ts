// What the centre is made of, as a picture: each part with its state, what was found, and how to mend it.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { language, t } from "../core/words";
import type { Finding, Health } from "./shapes";

/** The parts in the order of a call's way, with what the examination calls what belongs to each. */
const PARTS: Record<string, RegExp> = {
  carrier: /^(trunk|registration): /,
  asterisk: /^(asterisk|prompts|certificate)$/,
  phones: /^phones$/,
  controller: /^(controller|configuration|emergency)$/,
  spools: /^spool: /,
  database: /^(database|migrations)$/,
  machine: /^(programs|disk|permissions|clock|time)$/,
};

const WORSE: Health[] = ["ok", "warning", "red"];

@customElement("parts-picture")
export class PartsPicture extends LitElement {
  @property({ attribute: false }) findings: Finding[] = [];

  static override styles = [
    base,
    css`
      .house {
        display: grid;
        grid-template-columns: 1fr auto 1.2fr auto 1fr;
        gap: 8px;
        align-items: stretch;
      }
      .link {
        align-self: center;
        color: var(--ink-soft);
        font-weight: 700;
        text-align: center;
      }
      .wide {
        grid-column: 1 / -1;
      }
      .controller {
        grid-column: 3;
      }
      article {
        padding: 10px 14px;
        background: var(--panel);
        border: 1px solid var(--line);
        border-left: 6px solid var(--ready);
        border-radius: var(--round);
        overflow-wrap: anywhere;
      }
      article.unseen {
        border-left-color: var(--line);
      }
      article.warning {
        border-left-color: var(--waiting);
      }
      article.red {
        border-left-color: var(--trouble);
      }
      h2 {
        display: flex;
        justify-content: space-between;
        gap: 8px;
        font-size: 1rem;
        color: var(--ink);
        letter-spacing: 0;
      }
      .mark.ok {
        color: var(--ready);
      }
      .mark.warning {
        color: var(--waiting);
      }
      .mark.red {
        color: var(--trouble);
      }
      li {
        font-size: 0.875rem;
        line-height: 1.5;
        margin-top: 4px;
      }
      @media (max-width: 900px) {
        .house {
          grid-template-columns: 1fr;
        }
        .link {
          display: none;
        }
        .controller {
          grid-column: 1;
        }
      }
    `,
  ];

  override render() {
    return html`<div class="house">
      ${this.piece("carrier")}<span class="link">⇄</span>${this.piece("asterisk")}<span class="link">⇄</span>
      ${this.piece("phones")}
      <span class="link wide">⇅</span>
      ${this.piece("spools")}<span class="link">←</span>${this.piece("controller")}<span class="link">→</span>
      ${this.piece("database")}
      ${this.piece("machine", "wide")}
    </div>`;
  }

  private piece(name: string, more = "") {
    const found = this.findings.filter(({ what }) => PARTS[name]?.test(what));
    const worst = WORSE[Math.max(0, ...found.map((each) => WORSE.indexOf(each.health)))] ?? "ok";
    const health = found.length ? worst : "unseen";
    return html`<article class="${health} ${more}">
      <h2>
        ${t(`ops.part.${name}`)}
        <span class="mark ${health}">${t(`ops.health.${health}`)}</span>
      </h2>
      <ul>
        ${found.map((each) => this.said(each))}
      </ul>
    </article>`;
  }

  private said(it: Finding) {
    const { what, health } = it;
    const { said, mend } = language() === "ja" ? it.japanese : it;
    const bad = health !== "ok";
    const [kind = "", name = ""] = what.split(": ");
    return html`<li>
      <span class="soft">${t(`ops.what.${kind}`) || kind}${name && ` ${name}`}${language() === "ja" ? "：" : ": "}</span>${said}${bad && mend ? html` <strong>→ ${mend}</strong>` : nothing}
    </li>`;
  }
}
