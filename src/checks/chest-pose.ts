/**
 * In which pose a picture shows a chest, if it shows one.
 *
 * The network scores the thumbnail in 16 poses. The probability of pose p is exp(score p) / (1 + Σ exp(score)), and
 * that of no frontal chest X-ray is 1 / (1 + Σ exp(score)).
 *
 * Pipeline:   thumbnail → **probabilities of the poses** → frontal-chest, inverted
 * Knows:      probabilities. Not what is said about them.
 */

import { chestScores } from "./chest-network.ts";
import { PLACEMENTS, POSES, type Pose, takeBack } from "./poses.ts";

/** A thumbnail with less deviation than this has its values divided by this, so that it stays flat. */
const LEAST_DEVIATION = 0.5;

/** Values are cut off at so many deviations from the mean. */
const LIMIT = 3;

/** What the pixels say about a chest in the picture. */
export interface ChestPose {
  /** The probability of each pose, in the order of `POSES`. */
  readonly poses: Float64Array;
  /** The probability that the picture shows a frontal chest X-ray in any pose: the sum of `poses`. */
  readonly chest: number;
}

/** A thumbnail with mean 0 and deviation 1, cut off at ±LIMIT. */
function normalised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.max(Math.sqrt(variance), LEAST_DEVIATION);
  return values.map((value) => Math.max(-LIMIT, Math.min(LIMIT, (value - mean) / deviation)));
}

/** @param values  A thumbnail, 0 to 255. */
export function chestPose(values: Float64Array): ChestPose {
  const x = normalised(values);
  const both = PLACEMENTS.map((pose) => chestScores(takeBack(x, pose)));
  const scores = [...both.map(({ upright }) => upright), ...both.map(({ inverted }) => inverted)];
  const top = Math.max(0, ...scores);
  const weights = Float64Array.from(scores, (score) => Math.exp(score - top));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const total = sum + Math.exp(-top);
  return { poses: weights.map((weight) => weight / total), chest: sum / total };
}

/** The sum of the probabilities of the poses that `which` chooses. */
export const probabilityOf = ({ poses }: ChestPose, which: (pose: Pose) => boolean): number =>
  POSES.reduce((sum, pose, i) => sum + (which(pose) ? poses[i]! : 0), 0);

/** The most probable pose. */
export const likeliest = ({ poses }: ChestPose): Pose => POSES[poses.indexOf(Math.max(...poses))]!;
