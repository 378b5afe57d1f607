/**
 * Where results go: a picture, JSON, CSV, a report on paper.
 *
 * Knows: the page, and files.
 */

import { html } from "lit";
import { csvText, jsonText, stemOf } from "../report/files.ts";
import { save } from "../report/save.ts";
import { pointsOf, selectedItem } from "../state/page-state.ts";
import { tally } from "../state/queue.ts";
import { PageElement } from "./page-element.ts";

class SaveMenu extends PageElement {
  protected override render() {
    const { items } = this.state;
    const isRead = selectedItem(this.state)?.reading !== undefined;
    const { done, waiting, reading } = tally(items);
    const ofAll = waiting + reading > 0 ? `Images read so far (${done})` : `All images (${done})`;
    return html`
      <button id="save" popovertarget="save-menu" ?disabled=${done === 0}>Save</button>
      <div id="save-menu" class="menu" popover role="group" aria-label="Save">
        <h2>This image</h2>
        ${this.#choice("save-png", "Picture with heatmap (PNG)", isRead, () => this.#ask("save-png"))}
        ${this.#choice("save-json", "Result (JSON)", isRead, () => this.#saveOne())}
        ${this.#choice("print", "Report to print or keep as PDF", isRead, () => this.#ask("print"))}
        <h2>${ofAll}</h2>
        ${this.#choice("save-csv", "Table (CSV)", done > 0, () => save("medical-x.csv", csvText(items), "text/csv"))}
        ${this.#choice("save-all-json", "Results (JSON)", done > 0, () => this.#saveAll())}
      </div>
    `;
  }

  #choice(testid: string, words: string, isPossible: boolean, act: () => void) {
    const onClick = () => {
      this.querySelector<HTMLElement>("#save-menu")?.hidePopover();
      act();
    };
    return html`<button class="quiet" data-testid=${testid} ?disabled=${!isPossible} @click=${onClick}>${words}</button>`;
  }

  get #deciding() {
    return { thresholds: this.state.thresholds, points: pointsOf(this.state) };
  }

  #saveOne(): void {
    const item = selectedItem(this.state)!;
    save(`${stemOf(item.name)}.json`, jsonText([item], this.#deciding, true), "application/json");
  }

  #saveAll(): void {
    save("medical-x.json", jsonText(this.state.items, this.#deciding, false), "application/json");
  }

  #ask(what: "save-png" | "print"): void {
    this.dispatchEvent(new CustomEvent(`mx-${what}`, { bubbles: true }));
  }
}

customElements.define("mx-save-menu", SaveMenu);
