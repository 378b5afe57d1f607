/**
 * What the page learns about an image: all of it from one decoding and one forward pass.
 *
 * Knows: types only.
 */

import type { FinerMap as MadeMap } from "../../src/engine/finer-maps.ts";
import type { FullReading } from "../../src/engine/full-reading.ts";
import type { ModelPrediction } from "../../src/engine/model.ts";
import type { ViewerPicture } from "../../src/engine/viewer-picture.ts";
import type { Region } from "../../src/image/crop.ts";
import type { PredictionJson } from "../../src/results/prediction.ts";

export type { ErasedReading, PreparedView } from "../../src/engine/full-reading.ts";
export type { Spacing, ViewerPicture, ViewerWindow } from "../../src/engine/viewer-picture.ts";
export type { SeenPicture } from "../../src/image/prepare.ts";

/** A finer map, and where it lies. */
export interface FinerMap extends MadeMap {
  /** The part of the image that it covers, in pixels of the image. */
  readonly region: Region;
}

/** Everything that is known about one image after one decoding and one forward pass. */
export interface ImageReading extends FullReading {
  /** The prediction; its `image` is the name that the page gave. */
  readonly prediction: ModelPrediction;
  /** The same as `medical-x/prediction@1`, as `predict --format json` prints it. Heatmaps are not in it. */
  readonly json: PredictionJson;
  /** The picture for the viewer. */
  readonly picture: ViewerPicture;
}
