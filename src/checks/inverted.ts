/**
 * The check `inverted`: whether black and white are exchanged, so that bones are dark and air is bright.
 *
 * It adds up what the network of `frontal-chest` gives to the poses that are inverted (chest-pose.ts, which says what it
 * was fitted on). How often it is wrong is in the table of docs/checks.md. Of a picture that looks like no chest, it
 * says nothing.
 *
 * Knows: what follows from the probabilities of the poses.
 */

import type { Check } from "./check.ts";
import { type ChestPose, probabilityOf } from "./chest-pose.ts";
import { score } from "./score.ts";

/** Below this probability of a chest in any pose there is nothing to judge by. */
const UNSURE_BELOW = 0.5;

/** Whether a picture is inverted; the score in the reason is the share of inverted poses, from 0 to 1. */
export function inverted(found: ChestPose): Check {
  const check = "inverted";
  if (found.chest < UNSURE_BELOW) {
    const reason = `Whether the picture is inverted cannot be said, because it may not be a chest X-ray (score ${score(found.chest)}).`;
    return { check, outcome: "unknown", reason };
  }
  const share = probabilityOf(found, (pose) => pose.inverted) / found.chest;
  if (share < 0.5) {
    return {
      check,
      outcome: "pass",
      reason: `Bones are bright and air is dark (score ${score(1 - share)}).`,
    };
  }
  const reason = `The picture looks inverted, with dark bones and bright air (score ${score(share)}); invert its grey values.`;
  return { check, outcome: "warn", reason };
}
