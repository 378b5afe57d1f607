/**
 * The X-ray with the heatmap of the chosen finding, the tools, and a second X-ray beside it.
 *
 * Knows: the page and the viewer.
 */

import { html, nothing } from "lit";
import type { ImageItem } from "../state/item.ts";
import {
  comparedFinding,
  itemOf,
  type ShownPicture,
  selectedItem,
  shownFinding,
} from "../state/page-state.ts";
import { cellAt } from "../state/places.ts";
import type { Command } from "../viewer/keys.ts";
import type { Place, ViewOverlay, ViewOverlayStyle, ViewTool } from "../viewer/picture.ts";
import { type View, WHOLE } from "../viewer/view.ts";
import type { Viewer } from "../viewer/viewer.ts";
import { captionOf, overlayOf, reportFindings } from "./overlays.ts";
import { PageElement } from "./page-element.ts";
import type { ReportPicture } from "./report.ts";

/** The questions have buttons of their own beside the findings. */
const WITHOUT = ["ask", "brush"] as const;

/** The middle of the page. */
export class Stage extends PageElement {
  static override properties = {
    ...PageElement.properties,
    view: { attribute: false },
    viewer: { state: true },
  };

  /** Which part of the X-rays is seen. */
  declare view: View;
  /** The viewer that the tools work on: the one that was used last. */
  declare viewer: Viewer | undefined;

  /** What the viewer has been told to prepare. */
  #prepared: ImageItem["reading"];

  constructor() {
    super();
    this.view = WHOLE;
  }

  protected override updated() {
    if (this.viewer?.isConnected !== true) this.viewer = this.#main ?? undefined;
    this.#prepare();
  }

  /** Let the viewer prepare all heatmaps of an image when they have come. */
  #prepare(): void {
    const { picture } = this.state;
    const item = selectedItem(this.state);
    const labels = item?.reading?.json.model.labels;
    if (item?.reading === this.#prepared || labels === undefined || picture?.item !== item?.id) return;
    this.#prepared = item?.reading;
    const overlays = labels.map((label) => overlayOf(this.state, item!, label));
    this.#main?.prepare(overlays.filter((overlay) => overlay !== undefined));
  }

  get #main(): Viewer | null {
    return this.querySelector("mx-viewer");
  }

  /** Do what a button of the toolbar does. */
  do(command: Command): void {
    this.#main?.do(command);
  }

  protected override render() {
    const { picture, comparedPicture, compared, selected } = this.state;
    const item = selectedItem(this.state);
    const beside = itemOf(this.state, compared);
    return html`
      <div class="stage-bar">
        <span class="image-title" title=${item?.name ?? nothing}>${item?.name}</span>
        <mx-map-note .page=${this.page}></mx-map-note>
        ${this.#comparing()}
      </div>
      <mx-view-tools .viewer=${this.viewer} .without=${WITHOUT}></mx-view-tools>
      <div class="viewers" data-count=${beside === undefined ? 1 : 2}>
        ${this.#viewer(item, picture?.item === selected ? picture : undefined, "view")}
        ${beside === undefined ? nothing : this.#viewer(beside, comparedPicture, "view-compared")}
      </div>
    `;
  }

  /** Which image stands beside the one that is shown. */
  #comparing() {
    const { items, selected, compared } = this.state;
    if (items.length < 2) return nothing;
    const onChange = (event: Event) => {
      const { value } = event.target as HTMLSelectElement;
      this.page.compare(value === "" ? undefined : Number(value));
    };
    return html`<label class="comparing">
      Compare with
      <select data-testid="compare" @change=${onChange}>
        <option value="" ?selected=${compared === undefined}>no other image</option>
        ${items
          .filter(({ id, state }) => id !== selected && state !== "failed")
          .map(({ id, name }) => html`<option value=${id} ?selected=${id === compared}>${name}</option>`)}
      </select>
    </label>`;
  }

  #viewer(item: ImageItem | undefined, shown: ShownPicture | undefined, testid: string) {
    const { overlay, opacity, tool, erased } = this.state;
    const { places, region } = item?.reading ?? {};
    const isMain = testid === "view";
    const [, rows, columns] = places?.shape ?? [];
    return html`<mx-viewer
      .picture=${shown?.picture}
      .filled=${erased?.item === item?.id ? erased?.reading?.shown : undefined}
      .label=${item === undefined ? "No X-ray yet" : `X-ray ${item.name}`}
      .overlay=${this.#overlay(item, shown)}
      .overlayStyle=${overlay}
      .opacity=${opacity}
      .tool=${tool}
      .view=${this.view}
      .grid=${region === undefined || rows === undefined || columns === undefined ? undefined : { rows, columns, region }}
      .testid=${testid}
      @focusin=${(event: Event) => {
        this.viewer = event.currentTarget as Viewer;
      }}
      @mx-point=${(event: CustomEvent<Place | null>) => isMain && this.#point(event.detail ?? undefined)}
      @mx-erase=${(event: CustomEvent<{ mask?: Uint8Array }>) => isMain && this.page.erase(event.detail.mask)}
      @mx-view-change=${(event: CustomEvent<View>) => {
        this.view = event.detail;
      }}
      @mx-overlay-change=${({ detail }: CustomEvent<{ style: ViewOverlayStyle; opacity: number }>) => {
        this.page.showAs(detail.style);
        this.page.setOpacity(detail.opacity);
      }}
      @mx-tool-change=${(event: CustomEvent<ViewTool>) => {
        this.page.take(event.detail);
      }}
    ></mx-viewer>`;
  }

  /** The heatmap over an item that is shown. */
  #overlay(item: ImageItem | undefined, shown: ShownPicture | undefined): ViewOverlay | undefined {
    const isMain = item?.id === this.state.selected;
    const label = isMain ? shownFinding(this.state) : comparedFinding(this.state);
    if (item === undefined || shown === undefined || label === undefined) return undefined;
    return overlayOf(this.state, item, label);
  }

  /** The X-ray with what lies over it, as PNG. */
  picture(): Promise<Blob> {
    return this.querySelector("mx-viewer")!.toPng();
  }

  /** Pictures for the report: the X-ray, the heatmap of the chosen finding, and those of further detected ones. */
  async reportPictures(): Promise<readonly ReportPicture[]> {
    const viewer = this.querySelector("mx-viewer")!;
    const item = selectedItem(this.state)!;
    const { overlay, overlayStyle } = viewer;
    const style = overlayStyle === "none" ? "wash" : overlayStyle;
    /** The viewer draws with the next frame, when everything is as it was. */
    const withOverlay = (other: ViewOverlay | undefined, otherStyle: ViewOverlayStyle): Promise<Blob> => {
      viewer.overlay = other;
      viewer.overlayStyle = otherStyle;
      const png = viewer.toPng();
      viewer.overlay = overlay;
      viewer.overlayStyle = overlayStyle;
      return png;
    };
    const pictures = [{ picture: await withOverlay(undefined, "none"), caption: "X-ray" }];
    for (const label of reportFindings(this.state, item)) {
      const other = overlayOf(this.state, item, label);
      pictures.push({ picture: await withOverlay(other, style), caption: captionOf(item, label) });
    }
    return pictures;
  }

  #point(place: Place | undefined): void {
    const { region, places } = selectedItem(this.state)?.reading ?? {};
    const isKnown = place !== undefined && region !== undefined && places !== undefined;
    this.page.pointAt(isKnown ? cellAt(place.x, place.y, region, places.shape) : undefined);
  }
}

customElements.define("mx-stage", Stage);
