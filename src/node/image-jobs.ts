/**
 * The jobs that the main thread gives to the image threads.
 *
 * Knows: types only, so that giving jobs loads none of the code that does them.
 */

import type { CheckedImage, ImageRequest, ImageSource } from "../engine/ports.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import type { RgbPixels } from "../report/overlay/pixels.ts";
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
  | { readonly kind: "draw"; readonly drawing: Drawing }
  | { readonly kind: "draw-pixels"; readonly drawing: Drawing };

/** The answer to a job: a prepared image, the bytes of a JPEG file, or a picture. */
export type ImageAnswer = CheckedImage | Uint8Array | RgbPixels;
