/**
 * What the main thread and a thread of the network say to each other.
 *
 * Knows: types only, so that the main thread loads none of the code that does the work.
 */

import type { FindingChoice } from "../../engine/choose-findings.ts";
import type { CheckedImage } from "../../engine/ports.ts";
import type { Prediction } from "../../engine/predict.ts";
import type { SentModel } from "../../engine/sent-model.ts";
import type { SessionOptions } from "../../graph/session.ts";
import type { MapChoice } from "../../models/map-choice.ts";

/** The model that the thread runs, told once. */
export interface EngineModel {
  readonly model: SentModel;
  readonly options: SessionOptions;
}

/** Which findings' maps are wanted of an image. */
export interface WantedMaps {
  readonly choice: FindingChoice;
  /** Each label's threshold, for those that are detected. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** An image for the network. */
export interface EngineImage {
  readonly image: CheckedImage;
  /** Undefined for the maps of all labels, in the model's order. */
  readonly wanted: WantedMaps | undefined;
}

/** A job for an engine's thread: to start, so that the first image need not wait for it; or to predict images. */
export type EngineJob =
  | { readonly kind: "start"; readonly maps: MapChoice | undefined }
  | {
      readonly kind: "predict";
      readonly images: readonly EngineImage[];
      readonly maps: MapChoice | undefined;
    };

/** What it answers for one image. */
export type EnginePrediction = Omit<Prediction, "source" | "ownMaps" | "drawn">;
