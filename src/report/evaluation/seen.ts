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
  /** Others of the same patients. */
  readonly samePatients: number;
}

/** The object of the JSON's field `seen_by_model`. */
export const seenObject = ({ training, validation, calibration, samePatients }: SeenReport) => ({
  n_training: training,
  n_validation: validation,
  n_calibration: calibration,
  n_same_patients: samePatients,
});
