/**
 * A decoded image to the network's input: as it is, or in a view that is drawn at random.
 *
 * Knows: how a view's random numbers are found. Not how images are decoded.
 */

import { drawView } from "../image/augment.ts";
import type { Preparation } from "../image/preparation.ts";
import { type DecodedImage, type PreparedImage, prepareImage } from "../image/prepare.ts";
import { Random } from "../random.ts";
import type { ViewRequest } from "./ports.ts";

/** Prepare an image. The same request gives the same view on every machine. Throws as `prepareImage`. */
export function prepareView(
  decoded: DecodedImage,
  steps: Preparation,
  view: ViewRequest | undefined,
): PreparedImage {
  if (view === undefined) return prepareImage(decoded, steps);
  return prepareImage(decoded, steps, drawView(Random.of(view.seed, ...view.keys), view.kind, decoded));
}
