/**
 * All that one decoding and one forward pass say about an image: the prediction, Grad-CAM of all findings at norm5, the
 * terms of their logits, and what the network saw.
 *
 * Knows: open models and decoded images. Not files, workers or pages.
 */

import type { Region } from "../image/crop.ts";
import type { SeenPicture } from "../image/prepare.ts";
import type { MapRecipe } from "../models/map-recipe.ts";

/** What a forward pass says about the places of an image. Arrays are in the order of the model's labels. */
export interface PlacesRead {
  /** labels × h × w, C order: Grad-CAM at norm5, raw, as `--heatmaps` writes it. */
  readonly heatmaps: Float32Array;
  readonly shape: readonly [labels: number, height: number, width: number];
  /**
   * labels × h × w, C order: HiResCAM's terms at norm5 before any ReLU, W_c · ReLU(A(i, j)) / (h·w). Positive where a place
   * speaks for a finding, negative where it speaks against it. For each label, their sum and its `bias` make its
   * `termLogits`, but for rounding.
   */
  readonly terms: Float32Array;
  /** By label: the classifier's bias. */
  readonly bias: Float32Array;
  /**
   * By label: the logit that the terms add up to. With ten-crop that of the centre crop; otherwise the prediction's own.
   */
  readonly termLogits: Float32Array;
}

/** A reading of one image, beside its prediction. */
export interface FullReading extends PlacesRead {
  readonly seen: SeenPicture;
  /** The part of the image that the network saw, in pixels of the image. Heatmaps and terms cover it. */
  readonly region: Region;
}

/** The map of one finding that the model's card names, which may be finer than that at norm5. */
export interface FinerMap {
  /** height × width, C order, after the ReLU. Raw, or 0 to 1 for a fused map. */
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly recipe: MapRecipe;
}

/** What the model says about an image of which a part was erased. Records are keyed by label. */
export interface ErasedReading extends PlacesRead {
  readonly probabilities: Readonly<Record<string, number>>;
  readonly logits: Readonly<Record<string, number>>;
  /** For the labels that the model's calibration covers; undefined if it has none. */
  readonly calibrated?: Readonly<Record<string, number>>;
  /** H·W·channels: the picture with the erased part filled from its surroundings; otherwise `ViewerPicture.shown`. */
  readonly shown: Uint8Array;
}
