/**
 * Calibrated probabilities beside raw ones: what calibration changed.
 *
 * Knows: figures. Not how they are computed.
 */

import type { ReliabilityBin } from "../../evaluation/reliability.ts";

/** Figures of calibrated probabilities. Ranks, and so AUROC, are the raw ones' but for ties. */
export interface CalibratedFigures {
  readonly brier: number;
  /** Expected calibration error over the bins. */
  readonly ece: number;
  readonly bins: readonly ReliabilityBin[];
}

/** The model card's calibration, judged on the evaluated images. */
export interface CalibratedReport {
  /** How it was fitted and on what, in words. */
  readonly description: string;
  /** In the order of the report's labels; null where the card has none, or a class is missing. */
  readonly findings: readonly (CalibratedFigures | null)[];
}
