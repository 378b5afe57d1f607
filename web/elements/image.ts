/**
 * An image in the list. It is drawn again only when its own item is another one, so that lists may be long.
 *
 * Knows: an item.
 */

import { html, LitElement, nothing } from "lit";
import { displayName } from "../../src/findings.ts";
import { type ImageItem, probabilityOf } from "../state/item.ts";
import { percentText } from "../state/sizes.ts";

const STATES = { waiting: "waiting", reading: "reading", done: "", failed: "could not be read" } as const;

class Image extends LitElement {
  static override properties = {
    item: { attribute: false },
    finding: { attribute: false },
    isSelected: { attribute: false },
  };

  declare item: ImageItem;
  /** The finding by which the list is sorted. */
  declare finding: string | undefined;
  declare isSelected: boolean;

  protected override createRenderRoot() {
    return this;
  }

  protected override render() {
    const { name, state, thumbnail, error } = this.item;
    return html`<button
      class="image"
      data-testid="image"
      data-state=${state}
      tabindex=${this.isSelected ? 0 : -1}
      aria-current=${this.isSelected}
      title=${error?.message ?? name}
    >
      ${thumbnail === undefined ? html`<span class="thumb"></span>` : html`<img class="thumb" src=${thumbnail} alt="" />`}
      <span class="image-name">${name}</span>
      <span class="image-words">${STATES[state] || this.#words()}</span>
    </button>`;
  }

  /** The finding by which the list is sorted, or the most probable one. */
  #words() {
    const { reading } = this.item;
    if (reading === undefined) return nothing;
    const { labels } = reading.json.model;
    const of = (label: string) => probabilityOf(this.item, label) ?? 0;
    const label = this.finding ?? labels.reduce((best, other) => (of(other) > of(best) ? other : best));
    return `${displayName(label)} ${percentText(of(label))}`;
  }
}

customElements.define("mx-image", Image);
