/**
 * The pose that a picture is said to have, and the sentence that says so.
 *
 * Knows: the words. Not which checks use them.
 */

import { type ChestPose, likeliest, probabilityOf } from "./chest-pose.ts";
import { LIMITS } from "./frontal-chest-network.ts";
import type { Pose } from "./poses.ts";
import { score } from "./score.ts";

/** The most probable pose; but one that is mirrored counts as not mirrored if it may as well not be. */
export function seenPose(found: ChestPose): Pose {
  const pose = likeliest(found);
  if (!pose.mirrored) return pose;
  const same = (mirrored: boolean) =>
    probabilityOf(
      found,
      (other) =>
        other.turns === pose.turns && other.inverted === pose.inverted && other.mirrored === mirrored,
    );
  return same(true) < LIMITS.mirroredOdds * same(false) ? { ...pose, mirrored: false } : pose;
}

/** How a picture in this pose, which is not upright, looks and what to do about it, with the pose's probability. */
export function poseSentence(found: ChestPose, { inverted, mirrored, turns }: Pose): string {
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
  // Where it is not said to be mirrored, it may be.
  const sure = probabilityOf(
    found,
    (other) => other.inverted === inverted && (!mirrored || other.mirrored) && other.turns === turns,
  );
  return `The picture looks ${looks.join(" and ")} (score ${score(sure)}); ${ways.join(" and ")}.`;
}
