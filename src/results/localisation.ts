/**
 * How well heatmaps point at known places of findings.
 *
 * Knows: plain data.
 */

import type { LocalisationFigures } from "../evaluation/known-places.ts";
import { about, byName, type Of, object, text, yesOrNo } from "../schema/schema.ts";
import { count, file, share } from "./figures.ts";

/** Heatmaps compared with boxes, and which. */
export interface LocalisationReport {
  readonly boxFile: { readonly name: string; readonly sha256: string };
  /** Of the heatmaps. */
  readonly method: string;
  readonly layer: string;
  /** For findings that have boxes in evaluated images. */
  readonly findings: readonly { readonly label: string; readonly figures: LocalisationFigures }[];
  /** Over all pairs of image and finding; an image with several findings is one image. */
  readonly overall: { readonly images: number; readonly figures: LocalisationFigures };
}

/** How often one kind of map hits. */
export const MAP_HITS = object({
  pointing: about("Share of pairs where the centre of the highest cell lies in a box.", share()),
  pointing_tolerance: about("The same, within `tolerance` of a box.", share()),
  iou: about("By threshold: share of pairs whose IoU reaches it.", byName(share())),
  iobb: about(
    "By threshold: share of pairs where at least that share of the detected boxes lies in known boxes.",
    byName(share()),
  ),
});

const FIGURES = {
  mean_box_area: about("Mean area of the boxes, as a share of the image.", share()),
  smaller_than_cell: about("Whether that mean is smaller than one cell of the map.", yesOrNo()),
  model: MAP_HITS,
  random: MAP_HITS,
  centre: MAP_HITS,
};

/** The JSON's field `localisation`. */
export const LOCALISATION = object({
  method: about("Heatmap method.", text()),
  layer: text(),
  level: about("Detected boxes enclose the regions at or above this share of the map's range.", share()),
  tolerance: about("As a share of the image's sides.", share()),
  box_file: file(),
  findings: about(
    "By label, for findings that have boxes in evaluated images.",
    byName(object({ n_images: count(), ...FIGURES })),
  ),
  overall: object({ n_images: count(), n_pairs: count(), ...FIGURES }),
});

export type LocalisationJson = Of<typeof LOCALISATION>;
