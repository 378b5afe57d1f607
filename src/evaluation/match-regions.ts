/**
 * Which regions found which known boxes.
 *
 * Every region finds at most one box, and every box is found by at most one region: a second region on the same box is a
 * false one. Pairs are matched in the order of their IoU, the highest first. Regions have no scores to rank them by, and
 * the same matching serves all thresholds.
 *
 * Knows:      rectangles in one system of coordinates.
 * Reference:  Everingham et al., The Pascal Visual Object Classes challenge, 2010, section 4.2 (repeated detections are
 *             false); Maier-Hein et al., Metrics reloaded, Nature Methods 21, 2024 (greedy matching by the localisation
 *             criterion, for detections without scores).
 */

import type { Rectangle } from "./localisation.ts";

/** Intersection over union of two rectangles: 0 to 1. */
function iouOf(a: Rectangle, b: Rectangle): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (across <= 0 || down <= 0) return 0;
  const both = across * down;
  return both / (a.width * a.height + b.width * b.height - both);
}

/**
 * Match regions with known boxes, one to one.
 *
 * @param regions  Their boxes, in the units of `known`.
 * @returns        The IoU of each matched pair, the highest first; pairs that do not overlap are not matched.
 *
 * @example
 * const known = [{ x: 0, y: 0, width: 10, height: 10 }];
 * const regions = [{ x: 0, y: 0, width: 10, height: 8 }, { x: 0, y: 8, width: 10, height: 2 }];
 * matchedOverlaps(regions, known); // [0.8]
 */
export function matchedOverlaps(regions: readonly Rectangle[], known: readonly Rectangle[]): number[] {
  const pairs = regions.flatMap((region, r) =>
    known.flatMap((box, k) => {
      const iou = iouOf(region, box);
      return iou > 0 ? [{ r, k, iou }] : [];
    }),
  );
  const [usedRegions, usedBoxes] = [new Set<number>(), new Set<number>()];
  const matched: number[] = [];
  for (const { r, k, iou } of pairs.sort((a, b) => b.iou - a.iou)) {
    if (usedRegions.has(r) || usedBoxes.has(k)) continue;
    usedRegions.add(r);
    usedBoxes.add(k);
    matched.push(iou);
  }
  return matched;
}
