/**
 * Which heatmap is shown: the one that came with the reading, or the finer one that the model's card names.
 *
 * Knows: the page.
 */

import { html, nothing } from "lit";
import { displayName } from "../../src/findings.ts";
import { PLAIN_RECIPE } from "../../src/models/map-recipe.ts";
import { mapRemarksOn } from "../../src/report/overlay/caption.ts";
import { selectedItem, shownFinding } from "../state/page-state.ts";
import { PageElement } from "./page-element.ts";

class MapNote extends PageElement {
  protected override render() {
    const { finer, model, overlay } = this.state;
    const label = shownFinding(this.state);
    if (selectedItem(this.state)?.reading === undefined || label === undefined) return nothing;
    if (overlay === "none") return this.#note("none", "No heatmap is shown.");
    const card = model.facts?.card ?? {};
    const plain = mapRemarksOn(card, label, PLAIN_RECIPE).join("; ");
    const name = displayName(label);
    const map = finer?.map;
    if (map === "coming") return this.#note("first", `${name}: ${plain}. A finer map follows.`);
    if (map !== undefined && "data" in map)
      return this.#note("finer", `${name}: ${mapRemarksOn(card, label, map.recipe).join("; ")}.`);
    const failed = map === undefined ? "" : ` There is no finer map: ${map.message}`;
    return this.#note("first", `${name}: ${plain}.${failed}`);
  }

  #note(map: string, words: string) {
    return html`<span class="map-note" role="status" data-testid="map-note" data-map=${map}>${words}</span>`;
  }
}

customElements.define("mx-map-note", MapNote);
