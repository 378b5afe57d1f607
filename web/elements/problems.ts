/**
 * What went wrong: with the model, with the page, or with images of the last drop.
 *
 * Knows: the page.
 */

import { html, nothing } from "lit";
import type { ImageItem } from "../state/item.ts";
import { selectedItem } from "../state/page-state.ts";
import { PageElement } from "./page-element.ts";

/** Failures that are named; of further ones, the number. */
const NAMED = 3;

class Problems extends PageElement {
  protected override render() {
    const { model, problem, items, newest, passedOver } = this.state;
    const shown = selectedItem(this.state);
    const failed = items.filter((item) => item.error !== undefined && (item.id >= newest || item === shown));
    const general = [
      ...(model.error === undefined ? [] : [model.error.message]),
      ...(problem === undefined ? [] : [problem]),
    ];
    const notes = passedOver.map((words) => html`<p class="note">${words}</p>`);
    if (general.length + failed.length === 0)
      return notes.length === 0 ? nothing : html`<div class="problems">${notes}</div>`;
    return html`
      <div class="problems">
        <div class="error" role="alert" data-testid="error">
          ${general.map((words) => html`<p>${words}</p>`)}
          ${failed.slice(0, NAMED).map((item) => this.#failure(item))}
          ${failed.length > NAMED ? html`<p>${failed.length - NAMED} more could not be read; the list says why.</p>` : nothing}
        </div>
        ${notes}
      </div>
    `;
  }

  #failure({ id, error, name }: ImageItem) {
    const { message, refusal } = error!;
    const reason = refusal?.reason ?? message;
    const words = reason.startsWith(name) ? reason : `${name}: ${reason}`;
    return html`<p>
      ${words}
      ${
        refusal === undefined
          ? nothing
          : html`<button class="small" data-testid="force" @click=${() => this.page.readAnyway(id)}>Read it anyway</button>`
      }
    </p>`;
  }
}

customElements.define("mx-problems", Problems);
