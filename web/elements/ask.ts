/**
 * Ask why: what a place says, what erasing changes, another threshold, how the image was read. One question is open at a time.
 *
 * Knows: the page and the elements that answer.
 */

import { html, nothing } from "lit";
import { type Question, selectedItem } from "../state/page-state.ts";
import { PageElement } from "./page-element.ts";

const QUESTIONS: readonly { readonly id: Question; readonly name: string; readonly says: string }[] = [
  { id: "point", name: "Point", says: "What a place says for and against each finding" },
  { id: "erase", name: "Erase", says: "What changes without a part of the X-ray" },
  { id: "threshold", name: "Threshold", says: "From which probability a finding counts as detected" },
  { id: "read", name: "How it was read", says: "Preparation, checks, and what the network saw" },
];

class Ask extends PageElement {
  protected override render() {
    if (selectedItem(this.state)?.reading === undefined) return nothing;
    const { question } = this.state;
    return html`
      <section class="ask" data-question=${question ?? nothing} aria-labelledby="ask-title">
        <h2 id="ask-title">Ask why</h2>
        <div class="questions">
          ${QUESTIONS.map(
            ({ id, name, says }) => html`<button
              data-testid=${`ask-${id}`}
              title=${says}
              aria-expanded=${question === id}
              aria-controls="answer"
              @click=${() => this.page.ask(question === id ? undefined : id)}
            >
              ${name}
            </button>`,
          )}
        </div>
        <div class="answer" id="answer" ?hidden=${question === undefined}>${this.#answer(question)}</div>
      </section>
    `;
  }

  #answer(question: Question | undefined) {
    switch (question) {
      case "point":
        return html`<mx-point-answer .page=${this.page}></mx-point-answer>`;
      case "erase":
        return html`<mx-erase-answer .page=${this.page}></mx-erase-answer>`;
      case "threshold":
        return html`<mx-threshold-answer .page=${this.page}></mx-threshold-answer>`;
      case "read":
        return html`<mx-read-answer .page=${this.page}></mx-read-answer>`;
      case undefined:
        return nothing;
    }
  }
}

customElements.define("mx-ask", Ask);
