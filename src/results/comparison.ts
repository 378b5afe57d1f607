/**
 * Two models, or two files of predictions, on the same images.
 *
 * Knows: plain data.
 */

import type { Comparison } from "../evaluation/comparison.ts";
import { about, byName, number, type Of, object, orNull } from "../schema/schema.ts";
import { count, interval, share } from "./figures.ts";
import { PREDICTOR, type Predictor } from "./predictor.ts";
import { SEEN, type SeenReport } from "./seen.ts";

/** A comparison, with what was compared. */
export interface ComparisonReport {
  /** The predictor that the report's own, the first, is compared with. */
  readonly second: Predictor;
  readonly seen: SeenReport;
  /** The images that both have. */
  readonly images: number;
  readonly patients: number;
  /** The labels that both have, in the order of the report's. */
  readonly labels: readonly string[];
  readonly comparison: Comparison;
}

const COMPARED = {
  first: share(),
  second: share(),
  difference: about("`first` − `second`.", number()),
  difference_ci: interval(),
};

/** The JSON's field `comparison`. */
export const COMPARISON = object({
  with: PREDICTOR,
  seen_by_model: about("The same counts for the second predictor.", SEEN),
  n_images: about("Images for which both have predictions.", count()),
  n_patients: count(),
  findings: about(
    "By label; null if all images or none have the finding.",
    byName(
      orNull(
        object({
          auroc: object({
            ...COMPARED,
            delong_p: about("p value of DeLong's test, which assumes independent images.", orNull(share())),
            delong_z: orNull(number()),
            delong_ci: interval(),
            holm_p: about("The same p value, adjusted for all findings by Holm's method.", orNull(share())),
          }),
          average_precision: object(COMPARED),
        }),
      ),
    ),
  ),
  mean: orNull(object({ n_findings: count(), auroc: object(COMPARED), average_precision: object(COMPARED) })),
});

export type ComparisonJson = Of<typeof COMPARISON>;
