/**
 * What is reported of an evaluation, whatever the format.
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

/** Where the thresholds of operating points are from. */
export type ThresholdSource = "card" | "given" | "default";

/** An evaluation, with what it is of. */
export interface EvaluationReport {
  readonly predictor: Predictor;
  readonly labelFile: { readonly name: string; readonly sha256: string };
  readonly labels: readonly string[];
  /** Whether the images are drawn, and no X-rays. */
  readonly isPhantom: boolean;
  readonly thresholds: ThresholdSource;
  readonly bootstrap: { readonly replicates: number; readonly seed: number };
  readonly evaluation: Evaluation;
  /** A trait with fewer than two groups has none. */
  readonly subgroups: Readonly<Record<Trait, readonly SubgroupReport[]>>;
  /** Heatmaps against boxes; null without boxes. */
  readonly localisation: LocalisationReport | null;
  /** For each label, its curves; null where it has no figures. */
  readonly curves: readonly (FindingCurves | null)[];
  /** The model card's calibration; null where it has none. */
  readonly calibrated: CalibratedReport | null;
  /** With a second model, or a second file of predictions; null without. */
  readonly comparison: ComparisonReport | null;
  /** Of the heatmaps, by taking away what they show; null where that was not asked for. */
  readonly faithfulness: FaithfulnessReport | null;
  /** By finding, in the order of labels, those that have any. */
  readonly examples: readonly FindingExamples[];
  readonly seen: SeenReport;
  /** What makes the figures mean less than they seem to. */
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  /** What goes with every result of the predictor, the most particular first. */
  readonly notices: readonly string[];
}
