/**
 * Evaluating: probabilities and labels in, all figures out.
 *
 * Knows: what is evaluated, and of whom. The arithmetic is `evaluation/`'s.
 */

import { subgroupsOf, TRAITS } from "../../dataset/subgroups.ts";
import { evaluate } from "../../evaluation/evaluate.ts";
import type { BootstrapOptions } from "../../evaluation/patient-draws.ts";
import type { EvaluationReport, SubgroupReport } from "../../report/evaluation/report.ts";
import type { EvaluationInput } from "./input.ts";

/** Where nothing else is known. */
const DEFAULT_THRESHOLD = 0.5;

/** A threshold for every label: the card's where it has one. */
const thresholdOf = ({ operatingPoints }: EvaluationInput, label: string): number =>
  operatingPoints[label] ?? DEFAULT_THRESHOLD;

/** Evaluate all findings, their mean, and subgroups by sex, age and view. Errors as of `evaluation/evaluate.ts`. */
export function evaluateInput(
  input: EvaluationInput,
  options: Required<Pick<BootstrapOptions, "replicates" | "seed">>,
): EvaluationReport {
  const { labels, images, probabilities, truths } = input;
  const findings = labels.map((label, k) => ({
    scores: probabilities[k]!,
    truths: truths[k]!,
    threshold: thresholdOf(input, label),
  }));
  const groups = subgroupsOf(images);
  const { all, traits, curves } = evaluate(
    findings,
    images.map(({ patient }) => patient),
    { ...options, traits: TRAITS.map((trait) => groups[trait].map((group) => group.images)) },
  );
  const subgroups = TRAITS.map((trait, t) => [
    trait,
    traits[t]!.map((group, g): SubgroupReport => ({ name: groups[trait][g]!.name, ...group })),
  ]);
  return {
    predictor: input.predictor,
    labelFile: input.labelFile,
    labels,
    bootstrap: options,
    evaluation: all,
    subgroups: Object.fromEntries(subgroups) as EvaluationReport["subgroups"],
    localisation: input.localisation,
    curves,
    calibrated: null,
    comparison: null,
    faithfulness: null,
    examples: [],
    notes: input.notes,
  };
}
