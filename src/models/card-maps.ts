/**
 * Which heatmap points best at which finding, as a model's card says it.
 *
 * Knows: plain data.
 */

import { CAM_METHODS, isFused } from "../heatmaps/methods.ts";
import {
  about,
  above,
  anyWords,
  between,
  byName,
  maybe,
  type Of,
  object,
  oneOf,
  some,
  where,
  whole,
} from "../schema/schema.ts";
import { HEATMAP_LAYERS } from "./densenet121.ts";

const MEASURED = object({
  pairs: about("Number of pairs of an image and this finding's boxes.", whole(1)),
  boxArea: about("Mean area of the boxes, as a share of the image.", between(0, 1)),
  pointing: about("Share of pairs where the centre of the map's highest cell lies in a box.", between(0, 1)),
  pointingLow: about("Lower end of the 95 % interval of that share.", between(0, 1)),
  pointingHigh: about("Upper end of that interval.", between(0, 1)),
  control: about(
    "The same share of the better of a random map and one that is highest in the middle.",
    between(0, 1),
  ),
  overlap: about(
    "Share of pairs where the boxes around the map's regions reach an IoU of 0.3.",
    between(0, 1),
  ),
});

const FINDING_MAPS = where(
  object({
    method: about("Heatmap method.", oneOf(CAM_METHODS)),
    layers: about("From last to first: one, or for a fused method two or more.", some(oneOf(HEATMAP_LAYERS))),
    level: maybe(about("Places at or above this share of a map's maximum belong to a region.", above(0, 1))),
    measured: maybe(
      about(
        "How well such maps point at boxes, cross-fitted: each half of the patients is measured with the map and level chosen on the other half. Absent if there were no boxes.",
        MEASURED,
      ),
    ),
  }),
  ({ method, layers }) => (isFused(method) ? new Set(layers).size >= 2 : layers.length === 1),
  "must name one layer, or two or more for a fused method",
);

/** The card's field `maps`. */
export const CARD_MAPS = object({
  description: about("On which images the choice was made and measured, in words.", anyWords()),
  findings: about("By label.", byName(FINDING_MAPS)),
});

export type CardMaps = Of<typeof CARD_MAPS>;

/** A finding's heatmap, and what was measured of it. */
export type FindingMaps = CardMaps["findings"][string];

/** Boxes that cover less of the image than one of 7 × 7 cells are small. */
const SMALL_BOX = 1 / 49;

/** What must be said of a finding's heatmap that was measured to point no better than a control; undefined of others. */
export function weaknessOf({ measured }: FindingMaps): string | undefined {
  if (measured === undefined || measured.pointingLow > measured.control) return undefined;
  return measured.boxArea < SMALL_BOX ? "too small to localise" : "points no better than chance";
}
