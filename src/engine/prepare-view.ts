/**
 * From a decoded image to the network's input, either unchanged or as a random view, and to what the input checks say.
 *
 * Knows: how to find a view's random numbers. Not how images are decoded.
 */

import type { Check } from "../checks/check.ts";
import { checkPicture } from "../checks/check-picture.ts";
import { XrayError } from "../errors.ts";
import { drawView } from "../image/augment.ts";
import { luma } from "../image/colour.ts";
import type { Preparation } from "../image/preparation.ts";
import {
  type DecodedImage,
  type EightBitImage,
  eightBits,
  type PreparedImage,
  prepareEightBits,
  prepareImage,
  prepareSeen,
  type SeenPicture,
} from "../image/prepare.ts";
import { Random } from "../random.ts";
import type { CheckedImage, ViewRequest } from "./ports.ts";

/** Prepare an image. The same request gives the same view on every machine. Throws what `prepareImage` throws. */
export function prepareView(
  decoded: DecodedImage,
  steps: Preparation,
  view: ViewRequest | undefined,
): PreparedImage {
  if (view === undefined) return prepareImage(decoded, steps);
  return prepareImage(decoded, steps, drawView(Random.of(view.seed, ...view.keys), view.kind, decoded));
}

/** A picture with a heatmap on it, and the words beside it, would be taken for an X-ray. */
const ownResult = (): XrayError =>
  new XrayError(
    "input/own-result",
    "this picture is an overlay that Medical-X drew, not an X-ray; give the image that it was made of",
  );

/**
 * What the checks that need no model say about an image.
 *
 * @throws  XrayError `input/own-result`.
 */
function checksOf({ image, eight, raster }: EightBitImage): readonly Check[] {
  const { width, height, header } = image;
  if (header?.isOwnResult === true) throw ownResult();
  return checkPicture({
    width,
    height,
    grey: raster.channels === 3 ? luma(raster.data) : raster.data,
    isColour: raster.channels === 3,
    lowBits: eight.lowBits,
    header,
  });
}

/** The same for an image of 8 bits, and what the network sees of it. */
export function prepareCheckedSeen(
  eight: EightBitImage,
  steps: Preparation,
): { readonly prepared: CheckedImage; readonly seen: SeenPicture } {
  const { prepared, seen } = prepareSeen(eight, steps);
  return { prepared: { ...prepared, checks: checksOf(eight) }, seen };
}

/** Prepare and check an image that is to be predicted. Throws what `prepareImage` throws, and `input/own-result`. */
export function prepareChecked(decoded: DecodedImage, steps: Preparation): CheckedImage {
  const eight = eightBits(decoded, steps);
  return { ...prepareEightBits(eight, steps), checks: checksOf(eight) };
}
