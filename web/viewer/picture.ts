/**
 * What a viewer is given: a picture, a heatmap over it, and which cells a place may be pointed at.
 *
 * Knows: types only.
 */

import type { PlacedMap } from "../../src/report/overlay/blend.ts";
import type { OverlayStyle } from "../../src/report/overlay/style.ts";
import type { ViewerWindow } from "../engine/reading.ts";

export type { ViewerPicture } from "../engine/reading.ts";

/** A linear window: the value `center` is shown mid-grey; `center ± width / 2` are shown black and white. */
export type ViewWindow = Pick<ViewerWindow, "center" | "width">;

/** One finding's heatmap, and where it lies on the picture. */
export interface ViewOverlay extends PlacedMap {
  /** The finding's name as people read it, with its probability if that is to be exported. */
  readonly finding: string;
  /** Lines below the finding in an exported picture: the method, and what is known against it. */
  readonly remarks?: readonly string[];
}

/** How a heatmap is shown. */
export type ViewOverlayStyle = OverlayStyle | "none";

/** The cells that `Point` points at. */
export interface ViewGrid {
  readonly rows: number;
  readonly columns: number;
  /** The part of the picture that the cells cover, in its pixels. */
  readonly region: PlacedMap["region"];
}

/** What dragging, tapping and the arrow keys do. */
export type ViewTool = "window" | "pan" | "zoom" | "ruler" | "point" | "erase";

/** A place on a picture, in its pixels: (0, 0) is the outer corner of the first pixel. */
export interface Place {
  readonly x: number;
  readonly y: number;
}
