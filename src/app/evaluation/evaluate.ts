/**
 * Evaluates: probabilities and labels in, all figures out.
 *
 * Knows: what is evaluated, and whose predictions it is. The arithmetic is in `evaluation/`.
 */

import { subgroupsOf, TRAITS } from "../../dataset/subgroups.ts";
import { DEFAULT_THRESHOLD } from "../../engine/thresholds.ts";
import { type Evaluation, evaluate, type FindingEvaluation } from "../../evaluation/evaluate.ts";
import { calibrationFigures } from "../../evaluation/finding-figures.ts";
import type { Criterion } from "../../evaluation/operating-points.ts";
import type { BootstrapOptions } from "../../evaluation/patient-draws.ts";
import { reliabilityBins, TEN_EQUAL_MASSES } from "../../evaluation/reliability.ts";
import type { CalibratedFigures, CalibratedReport } from "../../results/calibrated.ts";
import type { EvaluationReport, SubgroupReport, ThresholdSource } from "../../results/evaluation.ts";
import type { Threshold } from "../../results/prediction.ts";
import { agreeing, count, counted } from "../../text.ts";
import { type EvaluationInput, noOperatingPoints } from "./input.ts";
import { localisationReport } from "./localisation-report.ts";

/** How to evaluate an input. */
export interface EvaluateOptions extends Required<Pick<BootstrapOptions, "replicates" | "seed">> {
  /** The operating points; by default the card's if it has any, else 0.5. */
  readonly threshold?: Threshold;
  /** Fit thresholds that reach this sensitivity. */
  readonly targetSensitivity?: number;
  readonly targetSpecificity?: number;
  /** Whether to compute curves. */
  readonly withCurves?: boolean;
  /** Called with the number of patient draws that are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The threshold of each label, where they come from, and notes on them. */
function thresholdsOf(
  { labels, operatingPoints, predictor }: EvaluationInput,
  threshold: Threshold | undefined,
): { values: number[]; source: ThresholdSource; notes: string[] } {
  if (typeof threshold === "number")
    return { values: labels.map(() => threshold), source: "given", notes: [] };
  const isThere = labels.some((label) => operatingPoints[label] !== undefined);
  if (threshold === "card" && !isThere) throw noOperatingPoints(predictor.name);
  const missing = labels.filter((label) => operatingPoints[label] === undefined);
  return {
    values: labels.map((label) => operatingPoints[label] ?? DEFAULT_THRESHOLD),
    source: isThere ? "card" : "default",
    notes:
      isThere && missing.length > 0
        ? [
            `the card of ${predictor.name} has no operating point for ${missing.join(", ")}, so ${DEFAULT_THRESHOLD} is used`,
          ]
        : [],
  };
}

function criteriaOf({ targetSensitivity, targetSpecificity }: EvaluateOptions): Criterion[] {
  return [
    { kind: "youden" },
    { kind: "f1" },
    ...(targetSensitivity === undefined ? [] : [{ kind: "sensitivity" as const, target: targetSensitivity }]),
    ...(targetSpecificity === undefined ? [] : [{ kind: "specificity" as const, target: targetSpecificity }]),
  ];
}

/** Reasons why a predictor's figures mean less than they seem to. */
export const warningsOf = ({ seen }: EvaluationInput): string[] => [...seen.warnings, ...seen.unknowns];

/** Figures of calibrated probabilities, for findings with raw figures, next to raw figures on the same images. */
function calibratedReport(
  { calibrated, truths, probabilities }: EvaluationInput,
  findings: readonly FindingEvaluation[],
): { calibrated: CalibratedReport | null; notes: string[] } {
  if (calibrated === null) return { calibrated: null, notes: [] };
  const { description } = calibrated;
  let most = 0;
  const judged = findings.map(({ figures }, k): CalibratedFigures | null => {
    const values = calibrated.probabilities[k];
    if (figures === null || !values) return null;
    // Images without a calibrated probability are left out.
    const known = truths[k]!.map((truth, i) => (Number.isNaN(values[i]!) ? Number.NaN : truth));
    most = Math.max(most, values.filter(Number.isNaN).length);
    const [own, raw] = [calibrationFigures(values, known), calibrationFigures(probabilities[k]!, known)];
    return own && raw && { ...own, raw, massBins: reliabilityBins(values, known, TEN_EQUAL_MASSES) };
  });
  const without = `up to ${counted(most, "image")} of a finding ${agreeing(most, "has", "have")} no calibrated probability; raw and calibrated ones are compared on the others`;
  return { calibrated: { description, findings: judged }, notes: most === 0 ? [] : [without] };
}

/** Notes on the interval of the mean, if some draws lack a finding. */
function meanNotes({ mean }: Evaluation): string[] {
  if (mean.auroc === null || mean.auroc.leftOut === 0) return [];
  const { leftOut, replicates, interval } = mean.auroc;
  const drawn = `${count(leftOut)} of the ${count(leftOut + replicates)} draws of patients ${agreeing(leftOut, "lacks", "lack")} a finding`;
  if (interval !== null)
    return [`${drawn}, so the mean's interval comes from the other ${count(replicates)}`];
  // It may be missing for other reasons.
  return leftOut > replicates ? [`${drawn}, so the mean has no interval`] : [];
}

/**
 * Evaluate all findings, their mean, and subgroups by sex, age and view.
 *
 * @throws  XrayError `threshold/no-card`, and those of `evaluation/evaluate.ts`.
 */
export function evaluateInput(input: EvaluationInput, options: EvaluateOptions): EvaluationReport {
  const { labels, images, probabilities, truths, labelFile, seen } = input;
  const { replicates, seed, withCurves = false, onProgress } = options;
  // Curves and the regions of heatmaps each take another round of draws.
  const total = replicates * (1 + Number(withCurves) + Number(input.compared !== null));
  let drawn = 0;
  const onDraw = () => onProgress?.(++drawn, total);
  const thresholds = thresholdsOf(input, options.threshold);
  const findings = labels.map((_, k) => ({
    scores: probabilities[k]!,
    truths: truths[k]!,
    threshold: thresholds.values[k]!,
  }));
  const groups = subgroupsOf(images);
  const { all, traits, curves } = evaluate(
    findings,
    images.map(({ patient }) => patient),
    {
      replicates,
      seed,
      withCurves,
      onDraw,
      criteria: criteriaOf(options),
      traits: TRAITS.map((trait) => groups[trait].map((group) => group.images)),
    },
  );
  const subgroups = TRAITS.map((trait, t) => [
    trait,
    traits[t]!.map((group, g): SubgroupReport => ({ name: groups[trait][g]!.name, ...group })),
  ]);
  const { calibrated, notes } = calibratedReport(input, all.findings);
  return {
    predictor: input.predictor,
    labelFile: { name: labelFile.name, sha256: labelFile.sha256 },
    labels,
    isPhantom: input.phantom !== undefined,
    thresholds: thresholds.source,
    bootstrap: { replicates, seed },
    evaluation: all,
    subgroups: Object.fromEntries(subgroups) as EvaluationReport["subgroups"],
    localisation: input.compared && localisationReport(input.compared, images, { replicates, seed, onDraw }),
    curves,
    calibrated,
    comparison: null,
    faithfulness: null,
    examples: [],
    seen,
    warnings: warningsOf(input),
    notes: [...input.notes, ...thresholds.notes, ...seen.notes, ...notes, ...meanNotes(all)],
    notices: input.notices,
  };
}
