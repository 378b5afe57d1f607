/**
 * Whether heatmaps show what the model used.
 *
 * Knows: plain data.
 */

import type { FaithfulnessByMap } from "../evaluation/faithfulness.ts";
import { about, byName, list, number, type Of, object, text, whole } from "../schema/schema.ts";
import { count } from "./figures.ts";

/** What was measured, over pairs of image and finding that is present. */
export interface FaithfulnessReport {
  readonly method: string;
  readonly layer: string;
  /** Parts that an image is taken away in. */
  readonly steps: number;
  readonly findings: readonly {
    readonly label: string;
    readonly pairs: number;
    readonly maps: FaithfulnessByMap;
  }[];
  readonly overall: { readonly pairs: number; readonly maps: FaithfulnessByMap };
}

/** Of one kind of map. */
export const CURVES = object({
  deletion_area: number(),
  insertion_area: number(),
  deletion: about("Mean probabilities at 0, 1/steps, … 1 of the image taken away.", list(number())),
  insertion: about("Mean probabilities at 0, 1/steps, … 1 of the image given back.", list(number())),
});

const MAPS = { model: CURVES, random: CURVES, centre: CURVES };

/** The JSON's field `faithfulness`. */
export const FAITHFULNESS = object({
  method: about("Of the heatmaps.", text()),
  layer: text(),
  steps: about("Parts that an image is taken away in.", whole(1)),
  findings: about("By label.", byName(object({ n_images: count(), ...MAPS }))),
  overall: object({ n_pairs: count(), ...MAPS }),
});

export type FaithfulnessJson = Of<typeof FAITHFULNESS>;
