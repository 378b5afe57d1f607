/**
 * The examples that an evaluation can use: those whose truth is known, checked.
 *
 * Knows:      numbers. The only file of this room that looks at what is wrong with them.
 */

import { XrayError } from "../errors.ts";
import { counted } from "../text.ts";

/** Scores with their truths, in the order given. */
interface KnownExamples {
  readonly scores: Float64Array;
  /** 1 or 0; as long as `scores`. */
  readonly truths: Uint8Array;
}

/** Scores, truths or patients that do not fit together. */
export function badInput(problem: string, details: Readonly<Record<string, unknown>>): XrayError {
  return new XrayError("evaluation/bad-input", `scores cannot be evaluated: ${problem}`, details);
}

/**
 * Which examples something is known of.
 *
 * @param scores  Any numbers; ±∞ are numbers, NaN is one only where the truth is unknown.
 * @param truths  1, 0, or NaN where nothing is known; of the same length. Neither is modified.
 * @returns       Their indices, rising.
 * @throws        XrayError `evaluation/bad-input`.
 */
export function knownIndices(scores: ArrayLike<number>, truths: ArrayLike<number>): Uint32Array {
  const { length } = truths;
  if (scores.length !== length) {
    const found = { scores: scores.length, length };
    throw badInput(
      `the scores and labels differ in number: ${counted(scores.length, "score")} for ${counted(length, "label")}`,
      found,
    );
  }
  const known = new Uint32Array(length);
  let count = 0;
  for (let i = 0; i < length; i++) {
    const truth = truths[i]!;
    if (Number.isNaN(truth)) continue;
    if (Number.isNaN(scores[i]!)) throw badInput(`number ${i} is not a number`, { index: i });
    if (truth !== 1 && truth !== 0) {
      throw badInput(`label ${i} is ${truth}, but must be 1, 0 or unknown`, { index: i, truth });
    }
    known[count++] = i;
  }
  return known.subarray(0, count);
}

/** Leave out the examples of which nothing is known. Arguments and errors as of `knownIndices`. */
export function knownExamples(scores: ArrayLike<number>, truths: ArrayLike<number>): KnownExamples {
  const known = knownIndices(scores, truths);
  const examples = { scores: new Float64Array(known.length), truths: new Uint8Array(known.length) };
  for (let k = 0; k < known.length; k++) {
    examples.scores[k] = scores[known[k]!]!;
    examples.truths[k] = truths[known[k]!]!;
  }
  return examples;
}

/** As `knownExamples`, of probabilities: a known example's must be 0 to 1, or `evaluation/bad-input` is thrown. */
export function knownProbabilities(
  probabilities: ArrayLike<number>,
  truths: ArrayLike<number>,
): KnownExamples {
  const known = knownExamples(probabilities, truths);
  for (let i = 0; i < truths.length; i++) {
    const probability = probabilities[i]!;
    if (Number.isNaN(truths[i]!) || (probability >= 0 && probability <= 1)) continue;
    throw badInput(`number ${i} is ${probability}, but a probability lies between 0 and 1`, {
      index: i,
      probability,
    });
  }
  return known;
}
