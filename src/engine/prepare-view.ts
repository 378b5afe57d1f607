/**
 * From a decoded image to the network's input, either unchanged or as a random view.
 *
 * Knows: how to find a view's random numbers. Not how images are decoded.
 */

import { drawView } from "../image/augment.ts";
import type { Preparation } from "../image/preparation.ts";
import { type DecodedImage, type PreparedImage, prepareImage } from "../image/prepare.ts";
import { Random } from "../random.ts";
import type { ViewRequest } from "./ports.ts";

/** Prepare an image. The same request gives the same view on every machine. Throws what `prepareImage` throws. */
export function prepareView(
  decoded: DecodedImage,
  steps: Preparation,
  view: ViewRequest | undefined,
): PreparedImage {
  if (view === undefined) return prepareImage(decoded, steps);
  return prepareImage(decoded, steps, drawView(Random.of(view.seed, ...view.keys), view.kind, decoded));
}
