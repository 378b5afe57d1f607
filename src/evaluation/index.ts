/**
 * What `medical-x/evaluation` offers: this room's figures, of anyone's numbers.
 *
 * ```ts
 * import { auroc, delongTest, evaluate } from "medical-x/evaluation";
 * auroc([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0]); // 0.875
 * ```
 *
 * Knows:      this room, and how a fitted calibration is applied.
 */

export {
  type Breakpoint,
  type Calibration,
  type CalibrationKind,
  calibrate,
  type IsotonicCalibration,
  type PlattCalibration,
  type TemperatureCalibration,
} from "../calibration/calibration.ts";
export {
  bootstrapDifferences,
  bootstrapFindings,
  bootstrapStatistic,
  type ComparedFinding,
  type FindingsBootstrap,
  type RankIntervals,
  type ScoredFinding,
  type WeightedStatistic,
} from "./bootstrap.ts";
export {
  type ComparedFigure,
  type Comparison,
  compareFindings,
  type FindingComparison,
} from "./comparison.ts";
export { type Confusion, confusionAt } from "./confusion.ts";
export type { CurveBand, CurvePoints, FindingCurves } from "./curves.ts";
export {
  type AurocComparison,
  type AurocEstimate,
  delongAuroc,
  delongCovariance,
  delongInterval,
  delongTest,
} from "./delong.ts";
export { type DiagnosticFigures, diagnosticFigures, type PointFigure } from "./diagnostic-figures.ts";
export {
  type EvaluatedFinding,
  type Evaluation,
  type EvaluationOptions,
  type EvaluationResult,
  evaluate,
  type FindingEvaluation,
  type FittedPoint,
  type GroupEvaluation,
  type JudgedFigures,
  type MeanFigures,
} from "./evaluate.ts";
export type { FindingFigures } from "./finding-figures.ts";
export { fitCalibration } from "./fit-calibration.ts";
export { holmAdjusted } from "./holm.ts";
export { type Interval, wilsonInterval } from "./intervals.ts";
export {
  boxesAround,
  type Overlap,
  overlapOf,
  type PlacedMap,
  type Point,
  peakOf,
  pointsInto,
  type Rectangle,
} from "./localisation.ts";
export { type Criterion, fitOperatingPoint, type OperatingPoint } from "./operating-points.ts";
export type { BootstrapOptions, Patients } from "./patient-draws.ts";
export type { PointFigures } from "./point-figures.ts";
export { averagePrecision, type PrecisionRecallCurve, precisionRecallCurve } from "./precision-recall.ts";
export {
  type Binning,
  brierScore,
  expectedCalibrationError,
  type ReliabilityBin,
  reliabilityBins,
} from "./reliability.ts";
export type { BootstrapFigure } from "./replicated.ts";
export { auroc, type RocCurve, rocCurve } from "./roc.ts";
export type { FindingGap, GroupGaps } from "./subgroup-gaps.ts";
