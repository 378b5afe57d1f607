/**
 * `<mx-viewer>`: an X-ray with a heatmap, to be looked at as on a reading station.
 *
 * Properties (all settable at any time):
 *   picture       the picture, or undefined for none; another one starts with its own window and the whole picture in view
 *   label         what the picture is called, for assistive technology
 *   overlay       the heatmap of the chosen finding, or undefined
 *   overlayStyle  `wash`, `contour` or `none`
 *   opacity       of the wash where it is hottest, 0 to 1; 0.6 is that of `predict --gradcam`
 *   colormap      of the heatmap
 *   tool          what dragging, tapping and the arrow keys do
 *   view          which part is seen; give two viewers the same one to show the same part of both
 *   mask          H·W, 1 where the picture is erased; undefined for nowhere
 *   grid          the cells that `point` outlines; 7 × 7 over the heatmap's region unless given
 *   pointOnHover  whether every tool points where the mouse is, not only `point`
 *   testid        `data-testid` of the canvas
 *
 * Events (none of them follows from setting a property):
 *   mx-point            detail `{ x, y }` in pixels of the picture, or undefined when the place was left
 *   mx-erase            detail `{ mask, done }`: while a stroke is drawn, and once more with `done` at its end
 *   mx-view-change      detail the new view
 *   mx-window-change    detail `{ window, inverted }`; `window` is undefined where the picture has its own grey levels
 *   mx-overlay-change   detail `{ style, opacity }`: chosen by key or with the toolbar
 *   mx-tool-change      detail the new tool
 *   mx-change           anything that a toolbar shows; no detail
 *
 * Knows: the picture and what is done to it by hand. Not where either comes from, nor what is computed from them.
 */

import { css, html, LitElement, type PropertyValues } from "lit";
import type { ColormapName } from "../../src/report/overlay/colormap.ts";
import type { ViewGrid, ViewOverlay, ViewOverlayStyle, ViewPicture, ViewTool } from "./picture.ts";
import { placementOf, type View, WHOLE } from "./view.ts";

export class Viewer extends LitElement {
  static override properties = {
    picture: { attribute: false },
    label: {},
    overlay: { attribute: false },
    overlayStyle: { attribute: "overlay-style" },
    opacity: { type: Number },
    colormap: {},
    tool: { reflect: true },
    view: { attribute: false },
    mask: { attribute: false },
    grid: { attribute: false },
    pointOnHover: { type: Boolean, attribute: "point-on-hover" },
    testid: {},
  };

  declare picture: ViewPicture | undefined;
  declare label: string;
  declare overlay: ViewOverlay | undefined;
  declare overlayStyle: ViewOverlayStyle;
  declare opacity: number;
  declare colormap: ColormapName;
  declare tool: ViewTool;
  declare view: View;
  declare mask: Uint8Array | undefined;
  declare grid: ViewGrid | undefined;
  declare pointOnHover: boolean;
  declare testid: string;

  static override styles = css`
    :host { display: block; position: relative; background: #000; min-height: 8rem; }
    ::slotted(canvas) { position: absolute; inset: 0; width: 100%; height: 100%; touch-action: none; }
  `;

  /** A child of the element rather than of its shadow root, so that the document finds it. */
  readonly #canvas = document.createElement("canvas");
  readonly #resizing = new ResizeObserver(() => this.requestUpdate());

  constructor() {
    super();
    this.label = "X-ray";
    this.overlayStyle = "wash";
    this.opacity = 0.6;
    this.colormap = "inferno";
    this.tool = "window";
    this.view = WHOLE;
    this.pointOnHover = false;
    this.testid = "view";
  }

  override connectedCallback() {
    super.connectedCallback();
    if (this.#canvas.parentNode !== this) this.append(this.#canvas);
    this.#resizing.observe(this);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#resizing.disconnect();
  }

  /** The picture as PNG at its own size, with window, heatmap, finding and the research notice. */
  async toPng(): Promise<Blob> {
    return new Promise((resolve, reject) =>
      this.#canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob))),
    );
  }

  protected override render() {
    return html`<slot></slot>`;
  }

  protected override updated(_changed: PropertyValues<this>) {
    this.#canvas.dataset["testid"] = this.testid;
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("aria-label", this.label);
    const { picture } = this;
    const canvas = this.#canvas;
    [canvas.width, canvas.height] = [
      this.clientWidth * devicePixelRatio,
      this.clientHeight * devicePixelRatio,
    ];
    const context = canvas.getContext("2d");
    if (picture === undefined || context === null || canvas.width === 0) return;
    const image = new ImageData(picture.width, picture.height);
    for (let i = 0; i < picture.width * picture.height; i++) {
      for (let c = 0; c < 3; c++) {
        image.data[i * 4 + c] = picture.shown[i * picture.channels + (picture.channels === 3 ? c : 0)]!;
      }
      image.data[i * 4 + 3] = 255;
    }
    const layer = new OffscreenCanvas(picture.width, picture.height);
    layer.getContext("2d")?.putImageData(image, 0, 0);
    const { a, b, c, d, e, f } = placementOf(this.view, picture, canvas);
    context.setTransform(a, b, c, d, e, f);
    context.drawImage(layer, 0, 0);
  }
}

customElements.define("mx-viewer", Viewer);

declare global {
  interface HTMLElementTagNameMap {
    "mx-viewer": Viewer;
  }
}
