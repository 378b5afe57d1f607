/**
 * An evaluation, in whatever format it is reported.
 *
 * Knows: plain data.
 */

import type { Trait } from "../dataset/subgroups.ts";
import type { FindingCurves } from "../evaluation/curves.ts";
import type { Evaluation, GroupEvaluation } from "../evaluation/evaluate.ts";
import type { CalibratedReport } from "./calibrated.ts";
import type { ComparisonReport } from "./comparison.ts";
import type { FindingExamples } from "./examples.ts";
import type { FaithfulnessReport } from "./faithfulness.ts";
import type { LocalisationReport } from "./localisation.ts";
import type { Predictor } from "./predictor.ts";
import type { SeenReport } from "./seen.ts";

/** A part of the images. */
export interface SubgroupReport extends GroupEvaluation {
  readonly name: string;
}

/** Where the thresholds of operating points come from. */
export type ThresholdSource = "card" | "given" | "default";

/** An evaluation, with what was evaluated. */
export interface EvaluationReport {
  readonly predictor: Predictor;
  readonly labelFile: { readonly name: string; readonly sha256: string };
  readonly labels: readonly string[];
  /** Whether the images are drawn phantoms, not X-rays. */
  readonly isPhantom: boolean;
  readonly thresholds: ThresholdSource;
  readonly bootstrap: { readonly replicates: number; readonly seed: number };
  readonly evaluation: Evaluation;
  /** Empty for a trait with fewer than two groups. */
  readonly subgroups: Readonly<Record<Trait, readonly SubgroupReport[]>>;
  /** Heatmaps against boxes; null without boxes. */
  readonly localisation: LocalisationReport | null;
  /** For each label, its curves; null if it has no figures. */
  readonly curves: readonly (FindingCurves | null)[];
  /** The model card's calibration; null if it has none. */
  readonly calibrated: CalibratedReport | null;
  /** Comparison with a second model or prediction file; null without one. */
  readonly comparison: ComparisonReport | null;
  /** Of the heatmaps, by deletion and insertion; null unless it was asked for. */
  readonly faithfulness: FaithfulnessReport | null;
  /** For each finding that has any, in the order of labels. */
  readonly examples: readonly FindingExamples[];
  readonly seen: SeenReport;
  /** Why figures may be too good. */
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  /** Notices that go with every result of the predictor, the most specific first. */
  readonly notices: readonly string[];
}
