// A text with line numbers, in which every mistake stands at its line. CodeMirror does the work.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState, type Text } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { css, html, LitElement, type PropertyValues } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { base } from "../core/base";
import { type Mistake, told } from "./shapes";

const LOOK = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--panel)", color: "var(--ink)", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "Noto Sans Mono CJK JP", monospace', lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": {
    backgroundColor: "var(--paper)",
    color: "var(--ink-soft)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)" },
  ".cm-tooltip": {
    backgroundColor: "var(--panel)",
    color: "var(--ink)",
    border: "1px solid var(--field-line)",
  },
  ".cm-diagnostic-error": { borderLeft: "5px solid var(--trouble)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--chosen)" },
});

const COLOURS = HighlightStyle.define([
  { tag: tags.comment, color: "var(--ready)" },
  { tag: tags.string, color: "var(--talking)" },
  { tag: [tags.atom, tags.number], color: "var(--after)" },
]);

@customElement("text-editor")
export class TextEditor extends LitElement {
  @property() label = "";
  @property() text = "";
  @property({ attribute: false }) mistakes: Mistake[] = [];
  @query(".place") private place!: HTMLDivElement;
  private view: EditorView | null = null;

  static override styles = [
    base,
    css`
      :host {
        height: 100%;
      }
      .place {
        height: 100%;
        border: 1px solid var(--field-line);
        border-radius: var(--round);
        overflow: hidden;
      }
    `,
  ];

  override render() {
    return html`<div class="place"></div>`;
  }

  override disconnectedCallback(): void {
    this.view?.destroy();
    this.view = null;
    super.disconnectedCallback();
  }

  override updated(changed: PropertyValues): void {
    this.view ??= new EditorView({ parent: this.place, root: this.renderRoot as ShadowRoot });
    if (this.view.state.doc.toString() !== this.text || changed.has("label"))
      this.view.setState(this.fresh());
    this.view.dispatch(
      setDiagnostics(
        this.view.state,
        this.mistakes.map((each) => at(each, this.view?.state.doc)),
      ),
    );
  }

  /** Put the cursor at *line*. */
  go(line: number): void {
    const { view } = this;
    if (!view) return;
    const { from } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
    view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    view.focus();
  }

  private fresh(): EditorState {
    return EditorState.create({
      doc: this.text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        search({ top: true }),
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap]),
        StreamLanguage.define(toml),
        syntaxHighlighting(COLOURS),
        LOOK,
        EditorView.contentAttributes.of({ "aria-label": this.label, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.tell(update.state.doc.toString());
        }),
      ],
    });
  }

  private tell(text: string): void {
    this.text = text;
    this.dispatchEvent(new CustomEvent("edited", { detail: text }));
  }
}

function at(mistake: Mistake, doc: Text | undefined): Diagnostic {
  const { from, to } = doc?.line(Math.min(Math.max(mistake.line, 1), doc.lines)) ?? { from: 0, to: 0 };
  return { from, to, severity: "error", message: told(mistake) };
}
