/**
 * Which of several kinds of heatmaps points best at one finding, judged by boxes.
 *
 * A map's peak either lies in a box or not; on a few hundred boxes, kinds of maps that are nearly as good cannot be told
 * apart by that alone. So the score of a kind adds how deep in the box its peaks lie: the mean share of pairs whose peak
 * lies in the boxes, plus the mean of that share over boxes shrunk around their centres by 0, 10, 20 and 30 %. No kind
 * is chosen that points less often than the first, which is Grad-CAM at norm5.
 *
 * Pipeline:   map and boxes of each pair → **hits → best kind, and its figures on pairs that did not choose it**
 * Knows:      numbers. Not which kinds of maps there are, nor where they come from.
 * Reference:  Zhang et al., Excitation Backprop, 2016 (pointing game). The choice is this project's: docs/heatmaps.md.
 */

import type { Random } from "../random.ts";
import { centreMap, randomMap } from "./control-maps.ts";
import { type PlacedMap, peakOf, pointsInto, type Rectangle } from "./localisation.ts";

/** By which shares of their sides boxes are shrunk. */
const SHRUNK = [0, 0.1, 0.2, 0.3] as const;

/** How one map points at one pair's boxes. */
export interface Hit {
  /** Whether its peak lies in a box. */
  readonly isPointing: boolean;
  /** The share of `SHRUNK` at which it still does: 0 to 1. */
  readonly depth: number;
}

const shrunk = ({ x, y, width, height }: Rectangle, by: number): Rectangle => ({
  x: x + (by * width) / 2,
  y: y + (by * height) / 2,
  width: (1 - by) * width,
  height: (1 - by) * height,
});

/** Look at one map. Throws XrayError `evaluation/bad-input` of a map with NaN. */
export function hitOf(map: PlacedMap, boxes: readonly Rectangle[]): Hit {
  const peak = peakOf(map);
  const isIn = (by: number) =>
    peak !== null &&
    pointsInto(
      peak,
      boxes.map((box) => shrunk(box, by)),
    );
  const depth = SHRUNK.filter(isIn).length / SHRUNK.length;
  return { isPointing: isIn(0), depth };
}

/** Whether a random map and one that is highest in the middle point at boxes, for maps of 7 × 7 cells. */
export function controlHits(
  region: Rectangle,
  boxes: readonly Rectangle[],
  random: Random,
): { readonly random: boolean; readonly centre: boolean } {
  const [height, width] = [7, 7];
  const isHit = (values: Float64Array) => hitOf({ values, height, width, region }, boxes).isPointing;
  return { random: isHit(randomMap(height, width, random)), centre: isHit(centreMap(height, width)) };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The share of pairs at which a kind points. */
export const pointingShare = (hits: readonly Hit[]): number =>
  mean(hits.map(({ isPointing }) => Number(isPointing)));

/**
 * The kind that points best.
 *
 * @param hits   By kind and pair; kinds in the order of preference, and at least one pair.
 * @returns      Its index: of equal ones the first.
 */
export function bestKind(hits: readonly (readonly Hit[])[]): number {
  const least = pointingShare(hits[0]!);
  let [best, top] = [0, Number.NEGATIVE_INFINITY];
  for (const [kind, its] of hits.entries()) {
    const pointing = pointingShare(its);
    const score = pointing + mean(its.map(({ depth }) => depth));
    if (pointing >= least && score > top) [best, top] = [kind, score];
  }
  return best;
}

/** Pairs divided into two halves, by patient. */
export type Halves = readonly [readonly number[], readonly number[]];

/** Divide pairs so that all of a patient are in the same half. @param patients  Of each pair. */
export function halvesOf(patients: readonly string[], random: Random): Halves {
  const names = [...new Set(patients)].sort();
  const order = random.permutation(names.length);
  const half = new Map(names.map((name, i) => [name, order[i]! % 2]));
  const those = (which: number) => [...patients.keys()].filter((i) => half.get(patients[i]!) === which);
  return [those(0), those(1)];
}

/** Some pairs' part of the hits of all. */
export const ofPairs = <T>(rows: readonly (readonly T[])[], pairs: readonly number[]): T[][] =>
  rows.map((row) => pairs.map((i) => row[i]!));
