// The configuration: edited on the left, what would come of it on the right, and one next step.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import { clock } from "../core/written";
import "./diff-view";
import { CENTRE, type Operations } from "./operations";
import { type Mistake, told } from "./shapes";
import type { TextEditor } from "./text-editor";
import "./text-editor";

const SHORTEST_WHY = 3;
/** Calls that are listed of those that would go elsewhere. */
const SHOWN = 10;

@customElement("config-tab")
export class ConfigTab extends LitElement {
  @property({ attribute: false }) ops!: Operations;
  @state() private file = CENTRE;
  @query("text-editor") private editor!: TextEditor;
  @query("#why") private why!: HTMLInputElement | null;

  constructor() {
    super();
    new Watching(this, () => this.ops);
  }

  static override styles = [
    base,
    css`
      .two {
        display: grid;
        grid-template-columns: minmax(0, 3fr) minmax(320px, 2fr);
        gap: 16px;
        align-items: start;
      }
      .editor {
        height: calc(100vh - 190px);
        min-height: 420px;
      }
      .side,
      .steps {
        display: grid;
        gap: 12px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
        margin-bottom: 8px;
      }
      .row select {
        width: auto;
      }
      .mistakes button {
        display: block;
        width: 100%;
        text-align: left;
        color: var(--trouble);
        overflow-wrap: anywhere;
      }
      @media (max-width: 900px) {
        .two {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  override render() {
    const { ops } = this;
    if (!ops.draft || !ops.config) return html`<p>${t("app.loading")}</p>`;
    const mistakes = ops.mistakes ?? [];
    return html`<div class="two">
      <section aria-label=${t("config.title")}>
        <div class="row">${this.files(Object.keys(ops.draft.files))} ${this.where()}</div>
        <div class="editor">
          <text-editor
            .label=${this.file}
            .text=${ops.draft.files[this.file] ?? ""}
            .mistakes=${mistakes.filter((each) => this.isIn(each, this.file))}
            @edited=${(event: CustomEvent<string>) => ops.edit(this.file, event.detail)}
          ></text-editor>
        </div>
      </section>
      <section class="side" aria-label=${t("config.result")}>${this.found(mistakes)} ${this.next(mistakes)}</section>
    </div>`;
  }

  private files(names: string[]) {
    return html`<label for="file" class="sr">${t("config.file")}</label>
      <select id="file" @change=${(event: Event) => (this.file = (event.target as HTMLSelectElement).value)}>
        ${names.map((name) => html`<option value=${name} ?selected=${name === this.file}>${name}</option>`)}
      </select>`;
  }

  private where() {
    const { ops } = this;
    const word = ops.differs ? "config.draft" : "config.in-force";
    return html`<strong>${t(word, { version: ops.draft?.base ?? 0 })}</strong>
      ${ops.differs ? html`<button class="plain" @click=${() => ops.discard()}>${t("config.discard")}</button>` : nothing}`;
  }

  // --- what is wrong ---

  private found(mistakes: Mistake[]) {
    if (this.ops.mistakes === null) return nothing;
    if (!mistakes.length) return html`<p class="box ready" role="status">${t("config.no-mistakes")}</p>`;
    return html`<div class="box trouble" role="status">
      <p><strong>${t("config.mistakes", { count: mistakes.length })}</strong></p>
      <ul class="mistakes">
        ${mistakes.map(
          (each) => html`<li>
            <button class="plain" @click=${() => void this.show(each)}>
              ${each.line ? t("config.line", { file: each.file || CENTRE, line: each.line }) : each.file} ${told(each)}
            </button>
          </li>`,
        )}
      </ul>
    </div>`;
  }

  private async show(mistake: Mistake): Promise<void> {
    const files = Object.keys(this.ops.draft?.files ?? {});
    this.file = files.find((file) => this.isIn(mistake, file)) ?? this.file;
    await this.updateComplete;
    await this.editor.updateComplete;
    this.editor.go(mistake.line);
  }

  /** Mistakes name the file as it lies on the machine, or not at all when it is the centre's. */
  private isIn(mistake: Mistake, file: string): boolean {
    return mistake.file ? mistake.file.endsWith(file) : file === CENTRE;
  }

  // --- and what next ---

  private next(mistakes: Mistake[]) {
    const { ops } = this;
    const said = ops.said
      ? html`<p class="box ${ops.said.level === "problem" ? "trouble" : "ready"}" role="alert">${ops.said.text}</p>`
      : nothing;
    if (!ops.differs) return html`${said}<p class="soft">${t("config.unchanged-here")}</p>`;
    return html`${said} ${ops.outdated ? html`<p class="box waiting">${t("config.outdated")}</p>` : nothing}
      <div class="steps">
        <button ?disabled=${mistakes.length > 0 || ops.busy !== ""} @click=${() => void ops.compare()}>
          ${t(ops.busy === "diff" ? "config.working" : "config.compare")}
        </button>
        <button ?disabled=${mistakes.length > 0 || ops.busy !== ""} @click=${() => void ops.replay()}>
          ${t(ops.busy === "replay" ? "config.working" : "config.replay")}
        </button>
        ${this.elsewhere()} ${ops.differences ? this.difference() : nothing}
      </div>
      ${ops.differences && !mistakes.length ? this.publishing() : nothing}`;
  }

  private elsewhere() {
    const { replayed } = this.ops;
    if (!replayed) return nothing;
    return html`<div class="panel" role="status">
      <p>${t("config.replayed", { on: replayed.on, calls: replayed.calls, count: replayed.elsewhere.length })}</p>
      <ul class="small">
        ${replayed.elsewhere
          .slice(0, SHOWN)
          .map(({ at, before, after }) => html`<li>${clock(new Date(at))} ${before} → ${after}</li>`)}
      </ul>
    </div>`;
  }

  private difference() {
    const { differences } = this.ops;
    return html`<h2>${t("config.sources")}</h2>
      <diff-view .files=${differences?.sources ?? {}}></diff-view>
      <h2>${t("config.rendered")}</h2>
      <diff-view .files=${differences?.files ?? {}}></diff-view>`;
  }

  private publishing() {
    const { ops } = this;
    const label = ops.busy === "apply" ? "config.publishing" : "config.publish";
    return html`<form class="panel steps" novalidate @submit=${this.publish}>
      <div>
        <label for="why">${t("config.why")}</label>
        <input id="why" maxlength="500" autocomplete="off" />
      </div>
      ${ops.needsRestart ? html`<p class="box waiting">${t("config.with-restart")}</p>` : nothing}
      <button class="primary" ?disabled=${ops.busy !== ""}>${t(label)}</button>
      <p class="small soft">${t("config.publish.help")}</p>
    </form>`;
  }

  private readonly publish = (event: SubmitEvent) => {
    event.preventDefault();
    const why = this.why?.value.trim() ?? "";
    if (why.length < SHORTEST_WHY) this.why?.focus();
    else void this.ops.publish(why);
  };
}
