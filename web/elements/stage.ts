/**
 * The X-ray with the heatmap of the chosen finding, the tools, and a second X-ray beside it.
 *
 * Knows: the page and the viewer.
 */

import { html, nothing } from "lit";
import { displayName } from "../../src/findings.ts";
import { PLAIN_RECIPE } from "../../src/models/map-recipe.ts";
import { remarksOn } from "../../src/report/overlay/caption.ts";
import type { ImageItem } from "../state/item.ts";
import { itemOf, type ShownPicture, selectedItem, shownFinding } from "../state/page-state.ts";
import { cellAt } from "../state/places.ts";
import { percentText } from "../state/sizes.ts";
import type { Place, ViewOverlay, ViewOverlayStyle, ViewTool } from "../viewer/picture.ts";
import { type View, WHOLE } from "../viewer/view.ts";
import { PageElement } from "./page-element.ts";

class Stage extends PageElement {
  static override properties = {
    ...PageElement.properties,
    tool: { attribute: false },
    view: { attribute: false },
    mask: { attribute: false },
  };

  declare tool: ViewTool;
  declare view: View;
  declare mask: Uint8Array | undefined;

  constructor() {
    super();
    this.tool = "window";
    this.view = WHOLE;
  }

  protected override render() {
    const { picture, comparedPicture, compared, selected } = this.state;
    const item = selectedItem(this.state);
    const beside = itemOf(this.state, compared);
    return html`
      <div class="viewers" data-count=${beside === undefined ? 1 : 2}>
        ${this.#viewer(item, picture?.item === selected ? picture : undefined, "view")}
        ${beside === undefined ? nothing : this.#viewer(beside, comparedPicture, "view-compared")}
      </div>
    `;
  }

  #viewer(item: ImageItem | undefined, shown: ShownPicture | undefined, testid: string) {
    const { overlay, opacity } = this.state;
    const isMain = testid === "view";
    return html`<mx-viewer
      .picture=${shown?.picture}
      .label=${item === undefined ? "No X-ray yet" : `X-ray ${item.name}`}
      .overlay=${this.#overlay(item, shown)}
      .overlayStyle=${overlay}
      .opacity=${opacity}
      .tool=${this.tool}
      .view=${this.view}
      .mask=${isMain ? this.mask : undefined}
      .testid=${testid}
      @mx-point=${(event: CustomEvent<Place | undefined>) => isMain && this.#point(event.detail)}
      @mx-erase=${(event: CustomEvent<{ mask: Uint8Array }>) => isMain && this.#erase(event.detail.mask)}
      @mx-view-change=${(event: CustomEvent<View>) => {
        this.view = event.detail;
      }}
      @mx-overlay-change=${({ detail }: CustomEvent<{ style: ViewOverlayStyle; opacity: number }>) => {
        this.page.showAs(detail.style);
        this.page.setOpacity(detail.opacity);
      }}
      @mx-tool-change=${(event: CustomEvent<ViewTool>) => {
        this.tool = event.detail;
      }}
    ></mx-viewer>`;
  }

  /** The heatmap of the chosen finding: the finer one that the card names once it is there. */
  #overlay(item: ImageItem | undefined, shown: ShownPicture | undefined): ViewOverlay | undefined {
    const reading = item?.reading;
    const label = shownFinding(this.state, item);
    if (item === undefined || reading === undefined || shown === undefined || label === undefined)
      return undefined;
    const { finer, model } = this.state;
    const { width: w, height: h } = shown.picture;
    const region = reading.region ?? { x: 0, y: 0, width: w, height: h };
    const finding = `${displayName(label)} ${percentText(reading.json.probabilities[label]!)}`;
    const card = model.facts?.card ?? {};
    if (
      finer?.item === item.id &&
      finer.finding === label &&
      typeof finer.map === "object" &&
      "data" in finer.map
    ) {
      const { data: map, width, height, recipe } = finer.map;
      return { map, width, height, region, finding, remarks: remarksOn(card, label, recipe) };
    }
    const [, height, width] = reading.shape;
    const at = reading.json.model.labels.indexOf(label) * height * width;
    const map = reading.heatmaps.subarray(at, at + height * width);
    return { map, width, height, region, finding, remarks: remarksOn(card, label, PLAIN_RECIPE) };
  }

  #point(place: Place | undefined): void {
    const { region, places } = selectedItem(this.state)?.reading ?? {};
    const isKnown = place !== undefined && region !== undefined && places !== undefined;
    this.page.pointAt(isKnown ? cellAt(place.x, place.y, region, places.shape) : undefined);
  }

  #erase(mask: Uint8Array): void {
    this.mask = mask;
    this.page.erase(mask);
  }
}

customElements.define("mx-stage", Stage);
