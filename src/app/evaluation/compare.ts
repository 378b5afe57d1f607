/**
 * Compares two predictors on the images and labels that both have.
 *
 * Knows: inputs of an evaluation. The arithmetic is in `evaluation/comparison.ts`.
 */

import { XrayError } from "../../errors.ts";
import { compareFindings } from "../../evaluation/comparison.ts";
import type { BootstrapOptions } from "../../evaluation/patient-draws.ts";
import type { ComparisonReport } from "../../results/comparison.ts";
import { agreeing, counted, some } from "../../text.ts";
import type { EvaluationInput } from "./input.ts";

/** What both have: pairs of positions of the same image, and labels in the first input's spelling. */
interface Common {
  readonly pairs: readonly (readonly [first: number, second: number])[];
  readonly labels: readonly string[];
}

/** @throws  XrayError `evaluation/no-common-image`, `evaluation/no-labels`. */
function inCommon(first: EvaluationInput, second: EvaluationInput): Common {
  // Both take their image names from one table, where every name is a different image.
  const places = new Map(second.images.map(({ image }, i) => [image, i]));
  const pairs = first.images.flatMap(({ image }, i) => {
    const at = places.get(image);
    return at === undefined ? [] : [[i, at] as const];
  });
  const labels = first.labels.filter((label) => second.labels.includes(label));
  if (pairs.length > 0 && labels.length > 0) return { pairs, labels };
  const what = pairs.length === 0 ? "image" : "finding";
  const { name } = second.predictor;
  throw new XrayError(
    pairs.length === 0 ? "evaluation/no-common-image" : "evaluation/no-labels",
    `${name}: it has no ${what} in common with ${first.predictor.name}; only what both have can be compared`,
    { file: name },
  );
}

/** Notes of the second input, and notes on what only one side has. */
function notesOf(first: EvaluationInput, second: EvaluationInput, { pairs, labels }: Common): string[] {
  const alone = (input: EvaluationInput, other: EvaluationInput) => {
    const n = input.images.length - pairs.length;
    return n === 0
      ? []
      : [
          `comparison: ${counted(n, "image")} of ${input.predictor.name} ${agreeing(n, "is", "are")} left out, because ${other.predictor.name} lacks ${agreeing(n, "it", "them")}`,
        ];
  };
  const { name } = second.predictor;
  // Notes that apply to both need not be repeated.
  const ofSecond = [...second.notes, ...second.seen.notes].filter(
    (note) => ![...first.notes, ...first.seen.notes].includes(note),
  );
  const lacking = [...first.labels, ...second.labels].filter((label) => !labels.includes(label));
  return [
    ...ofSecond.map((note) => (note.includes(name) ? note : `${name}: ${note}`)),
    ...alone(first, second),
    ...alone(second, first),
    ...(lacking.length === 0
      ? []
      : [
          `comparison: ${some(lacking)} ${agreeing(lacking.length, "is", "are")} left out, because only one of the two has ${agreeing(lacking.length, "it", "them")}`,
        ]),
  ];
}

/**
 * Compare two inputs with the same label file.
 *
 * @returns  The figures, and notes on images and labels that only one side has.
 * @throws   XrayError `evaluation/no-common-image`, `evaluation/no-labels`.
 */
export function compareInputs(
  first: EvaluationInput,
  second: EvaluationInput,
  options: BootstrapOptions,
): { comparison: ComparisonReport; notes: string[] } {
  const common = inCommon(first, second);
  const { pairs, labels } = common;
  const pick = (values: ArrayLike<number>, side: 0 | 1) =>
    Float64Array.from(pairs, (pair) => values[pair[side]]!);
  const findings = labels.map((label) => {
    const [a, b] = [first.labels.indexOf(label), second.labels.indexOf(label)];
    return {
      first: pick(first.probabilities[a]!, 0),
      second: pick(second.probabilities[b]!, 1),
      truths: pick(first.truths[a]!, 0),
    };
  });
  const patients = pairs.map(([i]) => first.images[i]!.patient);
  return {
    comparison: {
      second: second.predictor,
      seen: second.seen,
      images: pairs.length,
      patients: new Set(patients).size,
      labels,
      comparison: compareFindings(findings, patients, options),
    },
    notes: notesOf(first, second, common),
  };
}
