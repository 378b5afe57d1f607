/**
 * At which share of a map's maximum the boxes around its regions overlap known boxes best.
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

/** The smallest and largest value of a map. */
function extremes({ values }: PlacedMap): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return [low, high];
}

/**
 * The boxes around the regions where a map, 0 or more, reaches shares of its maximum.
 *
 * @param levels  Rising: above 0, at most 1.
 * @returns       The boxes at each level; none of a flat map.
 */
export function boxesAtShares(map: PlacedMap, levels: readonly number[]): (readonly Rectangle[])[] {
  const [low, high] = extremes(map);
  if (high <= low) return levels.map(() => []);
  // A level that even the smallest value reaches takes in the whole map.
  const above = levels.filter((level) => level * high > low);
  const found = boxesAtLevels(
    map,
    above.map((level) => (level * high - low) / (high - low)),
  );
  const whole = levels.slice(0, levels.length - above.length).map(() => [map.region]);
  return [...whole, ...found];
}

/** The IoU of the boxes around a map, 0 or more, with known ones, at each of `LEVELS`. */
export const overlapsOf = (map: PlacedMap, boxes: readonly Rectangle[]): number[] =>
  boxesAtShares(map, LEVELS).map((detected) => overlapOf(detected, boxes).iou);

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
