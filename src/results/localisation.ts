/**
 * How well heatmaps lie where findings are known to be.
 *
 * Knows: plain data.
 */

import type { LocalisationFigures } from "../evaluation/known-places.ts";
import { about, byName, type Of, object, text, yesOrNo } from "../schema/schema.ts";
import { count, file, share } from "./figures.ts";

/** Figures of heatmaps against boxes, with what they are of. */
export interface LocalisationReport {
  readonly boxFile: { readonly name: string; readonly sha256: string };
  /** Of the heatmaps. */
  readonly method: string;
  readonly layer: string;
  /** Those that have boxes in evaluated images. */
  readonly findings: readonly { readonly label: string; readonly figures: LocalisationFigures }[];
  /** Over all pairs of image and finding; an image with several findings is one image. */
  readonly overall: { readonly images: number; readonly figures: LocalisationFigures };
}

/** What one kind of map hits. */
export const MAP_HITS = object({
  pointing: about("Share of pairs where the centre of the highest cell lies in a box.", share()),
  pointing_tolerance: about("The same within `tolerance` of a box.", share()),
  iou: about("By threshold: share of pairs whose IoU is at least that.", byName(share())),
  iobb: about(
    "By threshold: share of pairs whose detected boxes lie in known ones by at least that share.",
    byName(share()),
  ),
});

const FIGURES = {
  mean_box_area: about("Share of the image, mean over all boxes.", share()),
  smaller_than_cell: about("Whether that is less than a cell of the map covers.", yesOrNo()),
  model: MAP_HITS,
  random: MAP_HITS,
  centre: MAP_HITS,
};

/** The JSON's field `localisation`. */
export const LOCALISATION = object({
  method: about("Of the heatmaps.", text()),
  layer: text(),
  level: about("Detected boxes lie around what is at least this share of the map's range.", share()),
  tolerance: about("A share of the image's sides.", share()),
  box_file: file(),
  findings: about(
    "By label, of those that have boxes in evaluated images.",
    byName(object({ n_images: count(), ...FIGURES })),
  ),
  overall: object({ n_images: count(), n_pairs: count(), ...FIGURES }),
});

export type LocalisationJson = Of<typeof LOCALISATION>;
