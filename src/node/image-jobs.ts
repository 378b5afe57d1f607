/**
 * What the main thread asks of the image threads.
 *
 * Knows: types only, so that asking loads none of the code that answers.
 */

import type { ImageRequest, ImageSource } from "../engine/ports.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import type { OverlayPlan } from "../report/overlay/plan.ts";

/** A picture of heatmaps to draw, over which image. */
export interface Drawing {
  readonly source: ImageSource;
  /** As the image was read for its prediction. */
  readonly reading?: ReadingOptions;
  readonly plan: OverlayPlan;
}

/** What an image thread starts with. */
export interface ImageThreadData {
  /** Shared by all threads that decode (`node/decoder-gate.ts`). */
  readonly gate: SharedArrayBuffer;
}

/** What an image thread is asked for. The preparation is told once, when it is known. */
export type ImageJob =
  | ({ readonly kind: "prepare" } & ImageRequest)
  | { readonly kind: "draw"; readonly drawing: Drawing };
