// The scorecard of a call: what others gave, and one's own by the form. Each line has points, or did not come up.

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../core/base";
import { Watching } from "../core/watching";
import { t } from "../core/words";
import { dayAndTime } from "../core/written";
import type { Quality } from "./quality";
import type { Criterion, Scorecard } from "./shapes";

const NOT_THERE = "none";

@customElement("score-form")
export class ScoreForm extends LitElement {
  @property({ attribute: false }) quality!: Quality;

  constructor() {
    super();
    new Watching(this, () => this.quality);
  }

  static override styles = [
    base,
    css`
      form {
        display: grid;
        gap: 8px;
        margin-top: 8px;
      }
      .line {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 130px;
        gap: 0 12px;
        align-items: center;
        padding-bottom: 6px;
        border-bottom: 1px solid var(--line);
      }
      .line p {
        overflow-wrap: anywhere;
        line-height: 1.5;
      }
      .cards li {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    const { judged, said } = this.quality;
    if (!judged) return nothing;
    return html`<h3>${t("score.title")} <kbd>G</kbd></h3>
      <ul class="cards small">
        ${judged.scorecards.map((card) => this.card(card))}
      </ul>
      ${judged.form.length && judged.agent ? this.form() : html`<p class="soft small">${t(judged.agent ? "score.no-form" : "score.nobody")}</p>`}
      ${said ? html`<p class="box ready" role="status">${t(said, { percent: this.percent() ?? "—" })}</p>` : nothing}`;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("select")?.focus();
  }

  private card({ by, percent, reached, most, comment, scored_at }: Scorecard) {
    const values = {
      by: this.quality.titleOf(by),
      percent,
      reached,
      most,
      at: dayAndTime(new Date(scored_at)),
    };
    return html`<li>${t("score.of", values)}${comment ? html` <span class="soft">${comment}</span>` : nothing}</li>`;
  }

  private form() {
    const { judged, draft } = this.quality;
    const percent = this.percent();
    return html`<form novalidate @submit=${this.save}>
      ${judged?.form.map((line) => this.line(line))}
      <div>
        <label for="comment">${t("score.comment")}</label>
        <textarea
          id="comment"
          rows="3"
          maxlength="2000"
          .value=${draft.comment}
          @input=${(event: Event) => this.quality.write({ comment: (event.target as HTMLTextAreaElement).value })}
        ></textarea>
      </div>
      <button class="primary" data-primary ?disabled=${percent === null}>
        ${percent === null ? t("score.missing") : t("score.save", { percent })}
      </button>
    </form>`;
  }

  private line({ name, title, most, hint }: Criterion) {
    const given = this.quality.draft.points[name];
    const chosen = given === undefined ? "" : String(given ?? NOT_THERE);
    const option = (value: string, words: string) =>
      html`<option value=${value} .selected=${value === chosen}>${words}</option>`;
    return html`<div class="line">
      <div>
        <label for=${name}>${title}</label>
        ${hint ? html`<p class="small soft" id="${name}-hint">${hint}</p>` : nothing}
      </div>
      <select
        id=${name}
        aria-describedby="${name}-hint"
        @change=${(event: Event) => this.give(name, (event.target as HTMLSelectElement).value)}
      >
        ${option("", t("score.choose"))} ${option(NOT_THERE, t("score.none"))}
        ${Array.from({ length: most + 1 }, (_, points) => option(String(points), t("score.points", { points, most })))}
      </select>
    </div>`;
  }

  private give(name: string, value: string): void {
    const { [name]: _, ...others } = this.quality.draft.points;
    const points = value === NOT_THERE ? null : Number(value);
    this.quality.write({ points: value === "" ? others : { ...others, [name]: points } });
  }

  /** Percent of what could be reached; null until every line was answered and at least one has points. */
  private percent(): number | null {
    const { judged, draft } = this.quality;
    const lines = (judged?.form ?? []).map(({ name, most }) => ({ points: draft.points[name], most }));
    const counted = lines.flatMap(({ points, most }) =>
      typeof points === "number" ? [{ points, most }] : [],
    );
    if (!counted.length || lines.some(({ points }) => points === undefined)) return null;
    const sum = (of: "points" | "most") => counted.reduce((total, each) => total + each[of], 0);
    return Math.round((1000 * sum("points")) / sum("most")) / 10;
  }

  private readonly save = (event: SubmitEvent) => {
    event.preventDefault();
    void this.quality.score();
  };
}
