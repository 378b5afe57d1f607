/**
 * Images that a predictor has seen before, for programs.
 *
 * Knows: counts. Not how it is known.
 */

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

/** The object of the JSON's field `seen_by_model`. */
export const seenObject = (seen: SeenReport) => ({
  n_training: seen.training,
  n_validation: seen.validation,
  n_calibration: seen.calibration,
  n_same_patients: seen.samePatients,
  n_calibration_same_patients: seen.calibrationPatients,
});
