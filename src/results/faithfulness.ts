/**
 * Whether heatmaps show what the model used.
 *
 * Knows: plain data.
 */

import type { FaithfulnessByMap } from "../evaluation/faithfulness.ts";
import { about, byName, list, number, type Of, object, text, whole } from "../schema/schema.ts";
import { count } from "./figures.ts";

/** What was measured, over pairs of an image and a finding that it has. */
export interface FaithfulnessReport {
  readonly method: string;
  readonly layer: string;
  /** In how many steps an image is blurred or restored. */
  readonly steps: number;
  readonly findings: readonly {
    readonly label: string;
    readonly pairs: number;
    readonly maps: FaithfulnessByMap;
  }[];
  readonly overall: { readonly pairs: number; readonly maps: FaithfulnessByMap };
}

/** Curves of one kind of map. */
export const CURVES = object({
  deletion_area: number(),
  insertion_area: number(),
  deletion: about("Mean probabilities when 0, 1/steps, …, 1 of the image is blurred.", list(number())),
  insertion: about("Mean probabilities when 0, 1/steps, …, 1 of the image is restored.", list(number())),
});

const MAPS = { model: CURVES, random: CURVES, centre: CURVES };

/** The JSON's field `faithfulness`. */
export const FAITHFULNESS = object({
  method: about("Heatmap method.", text()),
  layer: text(),
  steps: about("The number of steps in which an image is blurred or restored.", whole(1)),
  findings: about("By label.", byName(object({ n_images: count(), ...MAPS }))),
  overall: object({ n_pairs: count(), ...MAPS }),
});

export type FaithfulnessJson = Of<typeof FAITHFULNESS>;
