/**
 * At which share of a map's range the boxes around its regions overlap known boxes best.
 *
 * Pipeline:   map and boxes of each pair → **overlap at each level → best level** → regions
 * Knows:      numbers. Not which kind of map it is.
 * Reference:  Wang et al., ChestX-ray8, CVPR 2017, section 4.3, which takes two levels for all findings; here each
 *             finding has one of its own, fitted on validation images.
 */

import { boxesAtLevels, overlapOf, type PlacedMap, type Rectangle } from "./localisation.ts";

/** The levels that are tried. */
export const LEVELS: readonly number[] = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** From this IoU on, boxes count as overlapping. */
export const OVERLAPPING = 0.3;

/** The IoU of the boxes around a map with known ones, at each of `LEVELS`. */
export const overlapsOf = (map: PlacedMap, boxes: readonly Rectangle[]): number[] =>
  boxesAtLevels(map, LEVELS).map((detected) => overlapOf(detected, boxes).iou);

/** The share of pairs that overlap at a level. @param overlaps  By pair and level; at least one pair. */
export const overlapShare = (overlaps: readonly (readonly number[])[], level: number): number =>
  overlaps.filter((row) => row[level]! >= OVERLAPPING).length / overlaps.length;

/**
 * The level at which most pairs overlap: the middle one of those that are equally good.
 *
 * @returns  Its index in `LEVELS`.
 */
export function bestLevel(overlaps: readonly (readonly number[])[]): number {
  const shares = LEVELS.map((_, level) => overlapShare(overlaps, level));
  const top = Math.max(...shares);
  const best = [...shares.keys()].filter((level) => shares[level] === top);
  return best[Math.floor((best.length - 1) / 2)]!;
}
