/**
 * The check `frontal-chest`: whether the pixels look like a frontal chest X-ray, upright and not mirrored.
 *
 * It measures a thumbnail of 32 × 32 averages with a small network (chest-pose.ts). The network is fitted on random
 * views of the 124 frontal X-rays of NIH ChestX-ray14 in the sample, of phantoms, and of photographs, documents,
 * drawings and noise from other sources. How often it is wrong on pictures that it was not fitted on is in the tables of
 * docs/checks.md. It is least sure of mirrored X-rays, because only the heart shows them, and it is no test for lateral
 * views: some of them pass.
 *
 * Knows: what follows from the probabilities of the poses.
 */

import type { Check } from "./check.ts";
import type { ChestPose } from "./chest-pose.ts";
import { LIMITS } from "./frontal-chest-network.ts";
import { score } from "./score.ts";
import { poseSentence, seenPose } from "./seen-pose.ts";

const CHECK = "frontal-chest";

/**
 * Whether a picture is an upright frontal chest X-ray as far as its pixels show.
 *
 * @returns  `refuse` for what is clearly none, `warn` for one that is turned, mirrored or inverted and for what may be
 *           none, else `pass`. The score in the reason is a probability from 0 to 1.
 */
export function frontalChest(found: ChestPose): Check {
  const { chest } = found;
  if (chest < LIMITS.refusedBelow) {
    const reason = `The picture does not look like a frontal chest X-ray (score ${score(chest)}).`;
    return { check: CHECK, outcome: "refuse", reason };
  }
  if (chest < LIMITS.unsureBelow) {
    const reason = `The picture may not be a frontal chest X-ray (score ${score(chest)}); look at it before using its result.`;
    return { check: CHECK, outcome: "warn", reason };
  }
  const pose = seenPose(found);
  if (pose.inverted || pose.mirrored || pose.turns !== 0) {
    return { check: CHECK, outcome: "warn", reason: poseSentence(found, pose) };
  }
  const reason = `The picture looks like an upright frontal chest X-ray (score ${score(chest)}).`;
  return { check: CHECK, outcome: "pass", reason };
}
