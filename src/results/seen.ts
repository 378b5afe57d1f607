/**
 * Images that a predictor has seen before.
 *
 * Knows: counts. Not how it is known.
 */

import { about, type Of, object } from "../schema/schema.ts";
import { count } from "./figures.ts";

/** Evaluated images that the predictor has seen, by count. */
export interface SeenReport {
  readonly training: number;
  /** Those that chose its epoch or its thresholds. */
  readonly validation: number;
  /** Those that its calibration was fitted to, which may be the same. */
  readonly calibration: number;
  /** Others of patients of whom it was trained or validated on images. */
  readonly samePatients: number;
  /** Others of patients of whose images its calibration was fitted to some. */
  readonly calibrationPatients: number;
}

/** The JSON's field `seen_by_model`. */
export const SEEN = object({
  n_training: about("Evaluated images that it was trained on.", count()),
  n_validation: about("Evaluated images that chose its epoch or thresholds.", count()),
  n_calibration: about("Evaluated images that its calibration was fitted to.", count()),
  n_same_patients: about("Others, of patients of the images that it was trained or validated on.", count()),
  n_calibration_same_patients: about(
    "Others, of patients of the images that its calibration was fitted to.",
    count(),
  ),
});

export type SeenJson = Of<typeof SEEN>;
