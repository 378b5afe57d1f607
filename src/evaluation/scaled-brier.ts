/**
 * The scaled Brier score: how much better probabilities are than always saying the prevalence.
 *
 * Knows:      probabilities. Unknown truths (NaN) take no part.
 * Reference:  Steyerberg et al., Assessing the performance of prediction models: a framework for traditional and novel
 *             measures, Epidemiology 2010; also known as the Brier skill score.
 */

import { knownProbabilities } from "./known.ts";
import { brierScore } from "./reliability.ts";

/**
 * Scaled Brier score: 1 − Brier / (p (1 − p)), where p is the share of positives.
 *
 * @param probabilities  0 to 1; anything where the truth is unknown.
 * @param truths         1, 0, or NaN where nothing is known; of the same length. Neither is modified.
 * @returns              1 for certainty that is right, 0 for a model that always says p, below 0 for a worse one; there is
 *                       no lower bound. Null where there is no positive or no negative.
 * @throws               XrayError `evaluation/bad-input`.
 */
export function scaledBrierScore(probabilities: ArrayLike<number>, truths: ArrayLike<number>): number | null {
  const known = knownProbabilities(probabilities, truths);
  let positives = 0;
  for (let i = 0; i < known.truths.length; i++) positives += known.truths[i]!;
  const prevalence = positives / known.truths.length;
  if (!(prevalence > 0 && prevalence < 1)) return null;
  return 1 - brierScore(probabilities, truths)! / (prevalence * (1 - prevalence));
}
