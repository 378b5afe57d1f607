/**
 * Images that a predictor has seen before, for programs.
 *
 * Knows: counts. Not how it is known.
 */

import type { SeenJson, SeenReport } from "../../results/seen.ts";

/** The object of the JSON's field `seen_by_model`. */
export const seenObject = (seen: SeenReport): SeenJson => ({
  n_training: seen.training,
  n_validation: seen.validation,
  n_calibration: seen.calibration,
  n_same_patients: seen.samePatients,
  n_calibration_same_patients: seen.calibrationPatients,
});
