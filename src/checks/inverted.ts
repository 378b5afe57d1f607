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
import { LIMITS } from "./frontal-chest-network.ts";
import { score } from "./score.ts";
import { poseSentence, seenPose } from "./seen-pose.ts";

/**
 * Whether a picture is inverted.
 *
 * @returns  `unknown` if it may not be a chest X-ray. The score in the reason is the share of inverted poses, from 0 to 1.
 *           If `frontal-chest` names the inversion as well, a warning has the sentence of that check, so that it need
 *           not be read twice (`distinctWarnings`).
 */
export function inverted(found: ChestPose): Check {
  const check = "inverted";
  if (found.chest < LIMITS.unsureBelow) {
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
  const pose = seenPose(found);
  const reason = pose.inverted
    ? poseSentence(found, pose)
    : `The picture looks inverted, with dark bones and bright air (score ${score(share)}); invert its grey values.`;
  return { check, outcome: "warn", reason };
}
