/**
 * How many regions of a map there are, and how many of them match known boxes: at the level of `predict`, and at levels
 * from 0.95 down to 0.05 for the free-response curve; for the model's map and for two that have seen nothing of the image.
 *
 * Pipeline:   map and boxes of each pair of image and finding → **a row of counts** → sums over drawn patients → figures
 * Knows:      numbers, in shares of an image's sides. Not images, findings or files.
 * Reference:  Bunch et al., A free-response approach to the measurement and characterization of radiographic-observer
 *             performance, 1978.
 */

import { minMax } from "../heatmaps/upsample.ts";
import type { Random } from "../random.ts";
import { centreMap, type MapKind, randomMap } from "./control-maps.ts";
import { LEVELS, OVERLAPPING } from "./fit-level.ts";
import type { PlacedMap, Rectangle } from "./localisation.ts";
import { matchedOverlaps } from "./match-regions.ts";
import { regionBoxes } from "./region-boxes.ts";

/** A region and a box match at or over one of these. */
export const REGION_THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5] as const;

/** The threshold of the free-response curve, and of the figures that are printed. */
export const CURVE_THRESHOLD = OVERLAPPING;

/** The levels of the free-response curve, from the highest to the lowest. */
export const CURVE_LEVELS: readonly number[] = [...LEVELS].reverse();

/** The kinds of maps in the order of their counts. */
export const MAP_KINDS: readonly MapKind[] = ["model", "random", "centre"];

/** Where counts stand in a row: the boxes of the pair, then for each kind of map a block. */
const BLOCK = 1 + REGION_THRESHOLDS.length + 2 * CURVE_LEVELS.length;

/** Number of counts in a row. */
export const TALLY_WIDTH = 1 + MAP_KINDS.length * BLOCK;

/** The columns of a row. */
export const TALLY = {
  boxes: 0,
  /** Regions at the level of `predict`. */
  regions: (kind: number) => 1 + kind * BLOCK,
  /** Of these, the ones that match at a threshold. */
  matched: (kind: number, threshold: number) => 1 + kind * BLOCK + 1 + threshold,
  /** Regions that match at a level of the curve. */
  curveMatched: (kind: number, level: number) => 1 + kind * BLOCK + 1 + REGION_THRESHOLDS.length + level,
  /** Regions at a level of the curve. */
  curveRegions: (kind: number, level: number) =>
    1 + kind * BLOCK + 1 + REGION_THRESHOLDS.length + CURVE_LEVELS.length + level,
} as const;

/** Boxes at the level of `predict`, and at each level of the curve. */
type LevelBoxes = readonly (readonly Rectangle[])[];

const within = (value: number): number => Math.min(1, Math.max(0, value));

/** Where a box of a map lies on the image, cut off at the image's edges. */
function onImage({ x, y, width, height }: Rectangle, region: Rectangle): Rectangle[] {
  const [left, right] = [x, x + width].map((at) => within(region.x + at * region.width)) as [number, number];
  const [top, bottom] = [y, y + height].map((at) => within(region.y + at * region.height)) as [
    number,
    number,
  ];
  return right > left && bottom > top ? [{ x: left, y: top, width: right - left, height: bottom - top }] : [];
}

/** Counts pair after pair. */
export class RegionTallier {
  /** The boxes of central maps, which depend on their sizes and levels alone. */
  readonly #centre = new Map<string, LevelBoxes>();

  #centreBoxes(height: number, width: number, levels: readonly number[]): LevelBoxes {
    const key = `${height} ${width} ${levels[0]}`;
    const known = this.#centre.get(key);
    if (known !== undefined) return known;
    // Its values are below 0, and only their order means anything.
    const found = regionBoxes({ data: minMax(centreMap(height, width)), height, width }, levels);
    this.#centre.set(key, found);
    return found;
  }

  /**
   * Count the regions of one pair of image and finding.
   *
   * @param map     The model's map: values of 0 or more, none of them NaN; its region in shares of the image's sides.
   * @param cells   Of its finest layer. The other two maps have a value for each: more of them would only break a random map
   *                into more and smaller regions.
   * @param known   The finding's boxes, in the same shares.
   * @param level   At which `predict` cuts regions, as a share of the map's maximum.
   * @param random  Where the random map is drawn from: one stream for each pair.
   * @returns       A row with the columns of `TALLY`.
   */
  tally(
    { values, height, width, region }: PlacedMap,
    cells: { readonly height: number; readonly width: number },
    known: readonly Rectangle[],
    level: number,
    random: Random,
  ): Uint32Array {
    const levels = [level, ...CURVE_LEVELS];
    const noise = randomMap(cells.height, cells.width, random);
    const boxes: Readonly<Record<MapKind, LevelBoxes>> = {
      model: regionBoxes({ data: values, height, width }, levels),
      random: regionBoxes({ ...cells, data: noise }, levels),
      centre: this.#centreBoxes(cells.height, cells.width, levels),
    };
    const row = new Uint32Array(TALLY_WIDTH);
    row[TALLY.boxes] = known.length;
    for (const [kind, name] of MAP_KINDS.entries()) {
      const [atLevel, ...curve] = boxes[name].map((some) => some.flatMap((box) => onImage(box, region)));
      const overlaps = matchedOverlaps(atLevel!, known);
      row[TALLY.regions(kind)] = atLevel!.length;
      for (const [t, threshold] of REGION_THRESHOLDS.entries())
        row[TALLY.matched(kind, t)] = overlaps.filter((iou) => iou >= threshold).length;
      for (const [l, some] of curve.entries()) {
        row[TALLY.curveRegions(kind, l)] = some.length;
        row[TALLY.curveMatched(kind, l)] = matchedOverlaps(some, known).filter(
          (iou) => iou >= CURVE_THRESHOLD,
        ).length;
      }
    }
    return row;
  }
}
