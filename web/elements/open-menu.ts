/**
 * What can be opened beside dropping: files, a folder, examples; and closing all.
 *
 * Knows: the page.
 */

import { html, nothing } from "lit";
import { PageElement } from "./page-element.ts";

class OpenMenu extends PageElement {
  protected override render() {
    const examples = this.state.facts?.examples ?? [];
    return html`
      <button popovertarget="open-menu" data-testid="open">Open</button>
      <div id="open-menu" class="menu" popover role="group" aria-label="Open">
        ${this.#choice("Files", () => this.#ask("choose-files"))}
        ${this.#choice("A folder", () => this.#ask("choose-folder"))}
        ${examples.length === 0 ? nothing : html`<h2>Examples</h2>`}
        ${examples.map((example) => this.#choice(example.name, () => this.#ask("example", example)))}
        <hr />
        ${this.#choice("Close all images", () => this.page.removeAll(), "close-all")}
      </div>
    `;
  }

  #choice(words: string, act: () => void, testid: string | typeof nothing = nothing) {
    const onClick = () => {
      this.querySelector<HTMLElement>("#open-menu")?.hidePopover();
      act();
    };
    return html`<button class="quiet" data-testid=${testid} @click=${onClick}>${words}</button>`;
  }

  #ask(what: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(`mx-${what}`, { bubbles: true, detail }));
  }
}

customElements.define("mx-open-menu", OpenMenu);
