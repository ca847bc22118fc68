// An agreed answer (取り交わした Q&A).

import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Answer } from "../core/shapes";
import { FoundItem } from "./found-item";

@customElement("found-answer")
export class FoundAnswer extends FoundItem {
  @property({ attribute: false }) answer!: Answer;

  get given() {
    const { number } = this.answer;
    return { mark: `answer ${number}`, path: `/api/knowledge/${encodeURIComponent(number)}/used` };
  }

  readonly giveWord = "search.use";

  head() {
    return this.answer.question;
  }

  content() {
    const { answer, category, number } = this.answer;
    return html`<p class="said">${answer}</p>
      <p class="small soft">${category} ${number}</p>`;
  }
}
