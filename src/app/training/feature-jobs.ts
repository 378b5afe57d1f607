/**
 * What must be computed before training under a frozen front: the images and their views, in an order that depends on
 * neither the split nor the machine.
 *
 * Knows: views. Not where features are kept.
 */

import type { ImageRequest } from "../../engine/ports.ts";
import type { Augmentation } from "../../image/augment.ts";
import type { VoiChoice } from "../../image/prepare.ts";
import type { ImageFile } from "../data/image-file.ts";

/** How images are read and augmented, and with which seed. */
export interface Views {
  /** How the stored values of DICOM files become grey levels. */
  readonly voi: VoiChoice;
  readonly kind: Augmentation;
  readonly seed: number;
  /** Number of augmented views of an image to keep under a frozen front. */
  readonly count: number;
}

/** One view of one example. View 0 is the image as it is. */
export interface FeatureJob {
  readonly example: number;
  readonly view: number;
}

/** The views of an image that training needs. */
function wanted({ kind, count }: Views, isVaried: boolean): readonly number[] {
  return kind === "none" || !isVaried ? [0] : Array.from({ length: count }, (_, i) => i + 1);
}

/**
 * Everything that must be computed, by example and view.
 *
 * @param varied  Training examples, which need their augmented views.
 * @param plain   Examples that only need the image as it is.
 */
export function featureJobs(varied: Uint32Array, plain: Uint32Array, views: Views): FeatureJob[] {
  return [
    ...[...varied].flatMap((example) => wanted(views, true).map((view) => ({ example, view }))),
    ...[...plain].map((example) => ({ example, view: 0 })),
  ].sort((a, b) => a.example - b.example || a.view - b.view);
}

/** What an image thread is asked for. */
export function requestOf(
  { path: source, name }: ImageFile,
  { kind, seed, voi }: Views,
  view: number,
): ImageRequest {
  const reading = { voi };
  if (view === 0 || kind === "none") return { source, reading };
  return { source, reading, view: { kind, seed, keys: ["view", name, view] } };
}
