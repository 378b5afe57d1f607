/**
 * Evaluating: probabilities and labels in, all figures out.
 *
 * Knows: what is evaluated, and of whom. The arithmetic is `evaluation/`'s.
 */

import { type Subgroups, subgroupsOf } from "../../dataset/subgroups.ts";
import type { BootstrapOptions } from "../../evaluation/bootstrap.ts";
import { type EvaluatedFinding, evaluateFindings, subsetOf } from "../../evaluation/evaluate.ts";
import type { EvaluationReport, SubgroupReport } from "../../report/evaluation/report.ts";
import type { EvaluationInput } from "./input.ts";

/** Where nothing else is known. */
const DEFAULT_THRESHOLD = 0.5;

/** A threshold for every label: the card's where it has one. */
const thresholdOf = ({ operatingPoints }: EvaluationInput, label: string): number =>
  operatingPoints[label] ?? DEFAULT_THRESHOLD;

function evaluateGroups(
  findings: readonly EvaluatedFinding[],
  patients: readonly string[],
  groups: Subgroups[keyof Subgroups],
  options: BootstrapOptions,
): SubgroupReport[] {
  // One group is no comparison.
  if (groups.length < 2) return [];
  return groups.map(({ name, images }): SubgroupReport => {
    const part = subsetOf(findings, patients, images);
    return { name, evaluation: evaluateFindings(part.findings, part.patients, options) };
  });
}

/** Evaluate all findings, their mean, and subgroups by sex, age and view. Errors as of `evaluateFindings`. */
export function evaluate(
  input: EvaluationInput,
  options: Required<Pick<BootstrapOptions, "replicates" | "seed">>,
): EvaluationReport {
  const { labels, images, probabilities, truths } = input;
  const patients = images.map(({ patient }) => patient);
  const findings = labels.map((label, k) => ({
    scores: probabilities[k]!,
    truths: truths[k]!,
    threshold: thresholdOf(input, label),
  }));
  const groups = subgroupsOf(images);
  return {
    predictor: input.predictor,
    labelFile: input.labelFile,
    labels,
    bootstrap: options,
    evaluation: evaluateFindings(findings, patients, options),
    subgroups: {
      sex: evaluateGroups(findings, patients, groups.sex, options),
      age: evaluateGroups(findings, patients, groups.age, options),
      view: evaluateGroups(findings, patients, groups.view, options),
    },
    localisation: input.localisation,
    curves: labels.map(() => null),
    calibrated: null,
    comparison: null,
    faithfulness: null,
    examples: [],
    notes: input.notes,
  };
}
