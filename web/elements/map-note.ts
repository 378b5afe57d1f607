/**
 * Which heatmap is shown: the one that came with the reading, the finer one that the model's card names, or one by occlusion.
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
    const reading = selectedItem(this.state)?.reading;
    if (reading === undefined || label === undefined) return nothing;
    if (overlay === "none") return this.#note("none", "No heatmap is shown.");
    const card = model.facts?.card ?? {};
    const name = displayName(label);
    const map = finer?.map;
    if (typeof map === "object" && "data" in map)
      return this.#note("finer", `${name}: ${mapRemarksOn(card, label, map.recipe).join("; ")}.`);
    // A network that is run and not understood gives no heatmaps with a reading.
    if (reading.shape[1] === 0) {
      if (map === "coming") return this.#note("none", `${name}: a heatmap by occlusion follows.`);
      return this.#note(
        "none",
        `${name}: there is no heatmap${map === undefined ? "." : `: ${map.message}`}`,
      );
    }
    const plain = mapRemarksOn(card, label, PLAIN_RECIPE).join("; ");
    if (map === "coming") return this.#note("first", `${name}: ${plain}. A finer map follows.`);
    const failed = map === undefined ? "" : ` There is no finer map: ${map.message}`;
    return this.#note("first", `${name}: ${plain}.${failed}`);
  }

  #note(map: string, words: string) {
    return html`<span class="map-note" role="status" data-testid="map-note" data-map=${map}>${words}</span>`;
  }
}

customElements.define("mx-map-note", MapNote);
