/**
 * The check `frontal-chest`: whether the pixels look like a frontal chest X-ray, upright and not mirrored.
 *
 * It measures a thumbnail of 32 × 32 averages with a small network (chest-pose.ts). The network is fitted on random
 * views of the 124 frontal X-rays of NIH ChestX-ray14 in the sample, of phantoms, and of photographs, documents,
 * drawings and noise from other sources. How often it is wrong on pictures that it was not fitted on is in the table of
 * docs/checks.md. It is least sure of mirrored X-rays, because only the heart shows them, and it is no test for lateral
 * views: some of them pass.
 *
 * Knows: what follows from the probabilities of the poses.
 */

import type { Check } from "./check.ts";
import { type ChestPose, likeliest, probabilityOf } from "./chest-pose.ts";
import type { Pose } from "./poses.ts";
import { score } from "./score.ts";

/** Below this probability of a chest in any pose, the picture is refused. */
const REFUSED_BELOW = 0.005;

/** Below this probability of a chest in any pose, the picture is warned about. */
const UNSURE_BELOW = 0.5;

/** How many times as probable as upright a mirrored chest must be for a warning. */
const MIRRORED_ODDS = 30;

const CHECK = "frontal-chest";

/** How a chest in this pose looks, and what to do about it. */
function described({ inverted, mirrored, turns }: Pose): { looks: string; way: string } {
  const looks = [
    mirrored ? "mirrored" : "",
    turns === 0 ? "" : `turned by ${turns * 90}° clockwise`,
    inverted ? "inverted" : "",
  ].filter((word) => word !== "");
  const ways = [
    turns === 0 ? "" : "turn it upright",
    mirrored ? "flip it from left to right" : "",
    inverted ? "invert its grey values" : "",
  ].filter((word) => word !== "");
  return { looks: looks.join(" and "), way: ways.join(" and ") };
}

/** A mirrored chest that may as well be an upright one counts as upright. */
function settled(found: ChestPose): Pose {
  const pose = likeliest(found);
  if (!pose.mirrored || pose.turns !== 0) return pose;
  const same = (mirrored: boolean) =>
    probabilityOf(
      found,
      (other) => other.turns === 0 && other.inverted === pose.inverted && other.mirrored === mirrored,
    );
  return same(true) < MIRRORED_ODDS * same(false) ? { ...pose, mirrored: false } : pose;
}

/**
 * Whether a picture is an upright frontal chest X-ray as far as its pixels show.
 *
 * @returns  `refuse` for what is clearly none, `warn` for one that is turned, mirrored or inverted and for what may be
 *           none, else `pass`. The score in the reason is a probability from 0 to 1.
 */
export function frontalChest(found: ChestPose): Check {
  const { chest } = found;
  if (chest < REFUSED_BELOW) {
    const reason = `The picture does not look like a frontal chest X-ray (score ${score(chest)}).`;
    return { check: CHECK, outcome: "refuse", reason };
  }
  if (chest < UNSURE_BELOW) {
    const reason = `The picture may not be a frontal chest X-ray (score ${score(chest)}); look at it before using its result.`;
    return { check: CHECK, outcome: "warn", reason };
  }
  const pose = settled(found);
  if (pose.inverted || pose.mirrored || pose.turns !== 0) {
    const { looks, way } = described(pose);
    const sure = probabilityOf(
      found,
      (other) =>
        other.inverted === pose.inverted && other.mirrored === pose.mirrored && other.turns === pose.turns,
    );
    return {
      check: CHECK,
      outcome: "warn",
      reason: `The picture looks ${looks} (score ${score(sure)}); ${way}.`,
    };
  }
  const reason = `The picture looks like an upright frontal chest X-ray (score ${score(chest)}).`;
  return { check: CHECK, outcome: "pass", reason };
}
