// Unified diffs, file by file. Added and removed lines keep their + and −, so colour does not stand alone.

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { t } from "../core/words";
import type { Files } from "./shapes";

@customElement("diff-view")
export class DiffView extends LitElement {
  @property({ attribute: false }) files: Files = {};

  static override styles = [
    base,
    css`
      .file {
        font-size: 0.875rem;
        margin: 8px 0 4px;
      }
      pre {
        margin: 0;
        max-height: 320px;
        overflow: auto;
        padding: 8px 0;
        font:
          0.8125rem / 1.6 ui-monospace,
          "Noto Sans Mono CJK JP",
          monospace;
        background: var(--paper);
        border: 1px solid var(--line);
        border-radius: var(--round);
      }
      pre span {
        display: block;
        padding: 0 12px;
        min-width: max-content;
      }
      .added {
        color: var(--ready);
        background: var(--ready-soft);
      }
      .removed {
        color: var(--trouble);
        background: var(--trouble-soft);
      }
      .place {
        color: var(--ink-soft);
      }
    `,
  ];

  override render() {
    const files = Object.entries(this.files);
    if (!files.length) return html`<p class="soft">${t("diff.none")}</p>`;
    return files.map(
      ([name, diff]) => html`<p class="file"><strong>${name}</strong></p>
        <pre tabindex="0" aria-label=${name}>${diff
          .trimEnd()
          .split("\n")
          .slice(2)
          .map((line) => html`<span class=${kind(line)}>${line}</span>`)}</pre>`,
    );
  }
}

function kind(line: string): string {
  if (line.startsWith("@@")) return "place";
  return { "+": "added", "-": "removed" }[line[0] ?? ""] ?? "";
}
