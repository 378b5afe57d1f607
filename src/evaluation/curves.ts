/**
 * ROC and precision–recall curves for a picture: few points, and a band around each.
 *
 * Knows: numbers.
 */

/** Points of a curve from left to right; `x` rises, and is the same twice where the curve is upright. */
export interface CurvePoints {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A pointwise interval around a curve, at `x` = 0, 0.01, … 1. */
export interface CurveBand {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** One finding's curves. */
export interface FindingCurves {
  /** False positive rate and sensitivity. */
  readonly roc: CurvePoints;
  /** Null where there are too few patients. */
  readonly rocBand: CurveBand | null;
  /** Recall and precision. */
  readonly precisionRecall: CurvePoints;
  readonly precisionRecallBand: CurveBand | null;
}
