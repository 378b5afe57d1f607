/**
 * Which heatmap points best at which finding, as a model's card says it.
 *
 * Knows: plain data.
 */

import { HEATMAP_METHODS, isFused } from "../heatmaps/methods.ts";
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
  pointing: about("Share of pairs where the centre of the map's highest cell lies in a box.", between(0, 1)),
  pointingLow: about("Lower end of the 95 % interval of that share.", between(0, 1)),
  pointingHigh: about("Upper end of that interval.", between(0, 1)),
  control: about(
    "The same share of the better of a random map and one that is highest in the middle.",
    between(0, 1),
  ),
  overlap: about(
    "Share of pairs where the boxes around the map reach an IoU of 0.3 at `level`.",
    between(0, 1),
  ),
});

const FINDING_MAPS = where(
  object({
    method: about("Heatmap method.", oneOf(HEATMAP_METHODS)),
    layers: about("From last to first: one, or of a fused method two or more.", some(oneOf(HEATMAP_LAYERS))),
    level: maybe(about("Places at or above this share of a map's maximum belong to a region.", above(0, 1))),
    measured: maybe(
      about("How well such maps point at boxes. Absent if there were none to compare with.", MEASURED),
    ),
  }),
  ({ method, layers }) => (isFused(method) ? new Set(layers).size >= 2 : layers.length === 1),
  "must name one layer, or two or more of a fused method",
);

/** The card's field `maps`. */
export const CARD_MAPS = object({
  description: about("On which images the choice was made and measured, in words.", anyWords()),
  findings: about("By label.", byName(FINDING_MAPS)),
});

export type CardMaps = Of<typeof CARD_MAPS>;

/** A finding's heatmap, and what was measured of it. */
export type FindingMaps = CardMaps["findings"][string];

/** Whether a finding's heatmap was measured to point no better than a control, so that it cannot show its place. */
export const isTooSmall = ({ measured }: FindingMaps): boolean =>
  measured !== undefined && measured.pointingLow <= measured.control;
