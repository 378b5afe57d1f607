/**
 * The jobs that the main thread gives to the image threads.
 *
 * Knows: types only, so that giving jobs loads none of the code that does them.
 */

import type { ImageRequest, ImageSource } from "../engine/ports.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import type { OverlayPlan } from "../report/overlay/plan.ts";

/** An overlay of heatmaps to draw on an image. */
export interface Drawing {
  readonly source: ImageSource;
  /** The same options with which the image was read for its prediction. */
  readonly reading?: ReadingOptions;
  readonly plan: OverlayPlan;
}

/** The data that an image thread starts with. */
export interface ImageThreadData {
  /** Shared by all threads that decode (`node/decoder-gate.ts`). */
  readonly gate: SharedArrayBuffer;
  /** Whether the main thread comes first (`node/background.ts`). */
  readonly inBackground: boolean;
}

/** A job for an image thread. The preparation is sent once, when it is known. */
export type ImageJob =
  | ({ readonly kind: "prepare" } & ImageRequest)
  | { readonly kind: "draw"; readonly drawing: Drawing };
