/**
 * Images that a predictor has seen before.
 *
 * Knows: counts. Not how it is known.
 */

import { about, type Of, object } from "../schema/schema.ts";
import { count } from "./figures.ts";

/** How many evaluated images the predictor has seen. */
export interface SeenReport {
  readonly training: number;
  /** Images that its epoch or thresholds were chosen on. */
  readonly validation: number;
  /** Images that its calibration was fitted to, which may be the same ones. */
  readonly calibration: number;
  /** Other images of patients whose images it was trained or validated on. */
  readonly samePatients: number;
  /** Other images of patients whose images its calibration was fitted to. */
  readonly calibrationPatients: number;
}

/** The JSON's field `seen_by_model`. */
export const SEEN = object({
  n_training: about("Evaluated images that the model was trained on.", count()),
  n_validation: about("Evaluated images on which its epoch or thresholds were chosen.", count()),
  n_calibration: about("Evaluated images that its calibration was fitted to.", count()),
  n_same_patients: about("Other images of patients whose images it was trained or validated on.", count()),
  n_calibration_same_patients: about(
    "Other images of patients whose images its calibration was fitted to.",
    count(),
  ),
});

export type SeenJson = Of<typeof SEEN>;
