/**
 * How well heatmaps point at known places of findings.
 *
 * Knows: plain data.
 */

import type { LocalisationFigures } from "../evaluation/known-places.ts";
import type { RegionFigures } from "../evaluation/region-figures.ts";
import {
  about,
  above,
  byName,
  list,
  number,
  type Of,
  object,
  orNull,
  text,
  yesOrNo,
} from "../schema/schema.ts";
import { count, file, interval, share } from "./figures.ts";

/** Heatmaps compared with boxes, and which. */
export interface LocalisationReport {
  readonly boxFile: { readonly name: string; readonly sha256: string };
  /** Of the heatmaps. */
  readonly method: string;
  readonly layer: string;
  /** For findings that have boxes in evaluated images. */
  readonly findings: readonly {
    readonly label: string;
    readonly figures: LocalisationFigures;
    /** Share of a map's maximum at which its regions are cut. */
    readonly level: number;
    readonly regions: RegionFigures;
  }[];
  /** Over all pairs of image and finding; an image with several findings is one image. */
  readonly overall: {
    readonly images: number;
    readonly figures: LocalisationFigures;
    readonly regions: RegionFigures;
  };
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

/** The regions of one kind of map, beside known boxes. */
export const MAP_REGIONS = object({
  n_regions: about("Number of regions at the level.", count()),
  matched: about(
    "By threshold of IoU: number of regions that match a box, one to one. As many boxes are found.",
    byName(count()),
  ),
  precision: about(
    "By threshold: share of regions that match a box; null if there is no region.",
    byName(orNull(share())),
  ),
  precision_ci: byName(interval()),
  recall: about("By threshold: share of boxes that are found.", byName(share())),
  recall_ci: byName(interval()),
  free_response: about(
    "From the highest level to the lowest, with matches from `free_response_iou` on.",
    list(
      object({
        level: about("Share of each map's maximum at which its regions are cut.", above(0, 1)),
        false_regions: about("Mean number of regions of a map that match no box.", number()),
        sensitivity: about("Share of boxes that are found.", share()),
        sensitivity_ci: interval(),
      }),
    ),
  ),
});

/** A finding's regions, or all of them. */
const REGIONS = {
  n_boxes: count(),
  model: MAP_REGIONS,
  random: MAP_REGIONS,
  centre: MAP_REGIONS,
};

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
  free_response_iou: about("A region and a box of this IoU match in `free_response`.", share()),
  findings: about(
    "By label, for findings that have boxes in evaluated images.",
    byName(
      object({
        n_images: count(),
        ...FIGURES,
        regions: about(
          "Regions as `predict` lists them, beside boxes.",
          object({
            level: about("Share of each map's maximum at which they are cut.", above(0, 1)),
            ...REGIONS,
          }),
        ),
      }),
    ),
  ),
  overall: object({
    n_images: count(),
    n_pairs: count(),
    ...FIGURES,
    regions: about("Those of all pairs together, each at the level of its finding.", object(REGIONS)),
  }),
});

export type LocalisationJson = Of<typeof LOCALISATION>;
