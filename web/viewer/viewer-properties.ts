/**
 * The properties of `<mx-viewer>`.
 *
 * Knows: names, types and defaults.
 */

import { LitElement } from "lit";
import { MAX_OPACITY } from "../../src/report/overlay/blend.ts";
import { type ColormapName, DEFAULT_COLORMAP } from "../../src/report/overlay/colormap.ts";
import type { ViewerPicture, ViewGrid, ViewOverlay, ViewOverlayStyle, ViewTool } from "./picture.ts";
import { type View, WHOLE } from "./view.ts";

/** An element with these properties, each of which may be set at any time. */
export class ViewerProperties extends LitElement {
  static override properties = {
    picture: { attribute: false },
    filled: { attribute: false },
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

  /** Another one starts with its own window and, unless `view` is set with it, in whole. Undefined for none. */
  declare picture: ViewerPicture | undefined;
  /** H·W·channels, drawn instead of `picture.shown`: the picture with what was erased filled. */
  declare filled: Uint8Array | undefined;
  /** What the picture is called, for assistive technology. */
  declare label: string;
  /** The heatmap of the chosen finding, if one is chosen. */
  declare overlay: ViewOverlay | undefined;
  declare overlayStyle: ViewOverlayStyle;
  /** Of the wash where it is hottest, 0 to 1; 0.6 is that of `predict --gradcam`. */
  declare opacity: number;
  /** Of the heatmap. */
  declare colormap: ColormapName;
  /** What dragging, tapping and the arrow keys do. */
  declare tool: ViewTool;
  /** Which part is seen. Give two viewers the same one to show the same part of both. */
  declare view: View;
  /** H·W, 1 where the picture is erased; undefined for nowhere. */
  declare mask: Uint8Array | undefined;
  /** The cells that `point` outlines; 7 × 7 over the whole picture unless given. */
  declare grid: ViewGrid | undefined;
  /** Whether every tool points where the mouse is or a finger taps, not only `point`. */
  declare pointOnHover: boolean;
  /** `data-testid` of the canvas. */
  declare testid: string;

  constructor() {
    super();
    this.label = "X-ray";
    this.overlayStyle = "wash";
    this.opacity = MAX_OPACITY;
    this.colormap = DEFAULT_COLORMAP;
    this.tool = "window";
    this.view = WHOLE;
    this.pointOnHover = false;
    this.testid = "view";
  }
}
