/**
 * The list of images: with small pictures, in an order of choice, read in the background.
 *
 * Knows: the page.
 */

import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { displayName } from "../../src/findings.ts";
import { tally } from "../state/queue.ts";
import { type SortKey, sorted } from "../state/sorting.ts";
import { PageElement } from "./page-element.ts";

class Images extends PageElement {
  static override properties = { ...PageElement.properties, isOpen: { state: true } };

  /** Whether the drawer is open, on small screens. */
  declare isOpen: boolean;

  constructor() {
    super();
    this.isOpen = false;
  }

  protected override updated() {
    this.toggleAttribute("data-open", this.isOpen);
  }

  protected override render() {
    const { items, sortBy, selected } = this.state;
    if (items.length < 2) return nothing;
    const inOrder = sorted(items, sortBy);
    const finding = typeof sortBy === "object" ? sortBy.finding : undefined;
    return html`
      <button
        class="drawer-button"
        data-testid="drawer"
        aria-expanded=${this.isOpen}
        aria-controls="images"
        @click=${() => this.#toggle()}
      >
        ${items.length} images
      </button>
      <nav
        class="images"
        id="images"
        aria-labelledby="images-title"
        @keydown=${(event: KeyboardEvent) => event.key === "Escape" && this.#close()}
      >
        <div class="images-head">
          <h2 id="images-title">${items.length} images</h2>
          <button class="small drawer-button" @click=${() => this.#toggle()}>Close</button>
          ${this.#progress()} ${this.#sorting()}
        </div>
        <ul
          class="image-list"
          data-testid="images"
          @keydown=${(event: KeyboardEvent) =>
            this.#onKey(
              event,
              inOrder.map(({ id }) => id),
            )}
        >
          ${repeat(
            inOrder,
            ({ id }) => id,
            (item) => html`<li>
              <mx-image
                .item=${item}
                .finding=${finding}
                .isSelected=${item.id === selected}
                @click=${() => this.#choose(item.id)}
              ></mx-image>
            </li>`,
          )}
        </ul>
      </nav>
    `;
  }

  #toggle(): void {
    this.isOpen = !this.isOpen;
  }

  /** Close the drawer, and leave the focus on the button that opens it. */
  #close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.querySelector<HTMLElement>(".drawer-button")?.focus();
  }

  #choose(id: number): void {
    this.page.select(id);
    this.isOpen = false;
  }

  #progress() {
    const { items, isPaused } = this.state;
    const { waiting, reading, total, done, failed } = tally(items);
    if (waiting + reading === 0) return nothing;
    return html`
      <progress max=${total} .value=${done + failed} aria-label="Images read"></progress>
      <button class="small" data-testid=${isPaused ? "resume" : "stop"} @click=${() => this.page.pause(!isPaused)}>
        ${isPaused ? "Go on" : "Stop"}
      </button>
    `;
  }

  #sorting() {
    const { sortBy, model, items } = this.state;
    const labels =
      model.facts?.card.labels ?? items.find(({ reading }) => reading)?.reading?.json.model.labels ?? [];
    const value = typeof sortBy === "object" ? `finding ${sortBy.finding}` : sortBy;
    const onChange = (event: Event) => {
      const chosen = (event.target as HTMLSelectElement).value;
      const by = chosen.startsWith("finding ")
        ? { finding: chosen.slice("finding ".length) }
        : (chosen as "name");
      this.page.sortBy(by satisfies SortKey);
    };
    const option = (key: string, words: string) =>
      html`<option value=${key} ?selected=${key === value}>${words}</option>`;
    return html`<label class="sorting">
      Sort by
      <select data-testid="sort" .value=${value} @change=${onChange}>
        ${option("dropped", "order of dropping")} ${option("name", "name")}
        ${labels.map((label) => option(`finding ${label}`, displayName(label)))}
      </select>
    </label>`;
  }

  #onKey(event: KeyboardEvent, ids: readonly number[]): void {
    const at = ids.indexOf(this.state.selected ?? -1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: Math.min(at + 1, ids.length - 1),
      ArrowUp: Math.max(at - 1, 0),
      Home: 0,
      End: ids.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.page.select(ids[to]!);
    void this.updateComplete.then(async () => {
      const chosen = this.querySelector<HTMLElement>('[aria-current="true"]');
      chosen?.focus();
    });
  }
}

customElements.define("mx-images", Images);
