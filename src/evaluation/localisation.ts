/**
 * Does a heatmap lie where the finding is? The pointing game, and the overlap of boxes drawn around hot regions.
 *
 * Knows:      maps and rectangles in one system of coordinates. Not images, findings or files.
 * Reference:  Zhang et al., Top-down Neural Attention by Excitation Backprop, 2016 (pointing game); Wang et al.,
 *             ChestX-ray8, CVPR 2017 (boxes around regions over a threshold; IoU and IoBB of disease localization).
 */

import { XrayError } from "../errors.ts";
import { minMax, upsample } from "../heatmaps/upsample.ts";

/** A rectangle; x and y are its left and top edge. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A place, in the units of the rectangles that it is compared with. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A map and the part of the image that it covers. */
export interface PlacedMap {
  /** height × width, C order. */
  readonly values: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
  /** In the units of the boxes that it is compared with: pixels of the image, or shares of its sides. */
  readonly region: Rectangle;
}

/** The cells of a map; a map that holds anything but numbers is refused. */
function cellsOf({ values, height, width }: PlacedMap): Float64Array {
  const cells = Float64Array.from({ length: height * width }, (_, i) => values[i] ?? Number.NaN);
  const at = cells.findIndex(Number.isNaN);
  if (at < 0) return cells;
  throw new XrayError(
    "evaluation/bad-input",
    `a heatmap of ${height} × ${width} cells has no number in cell ${at}; was its image predicted?`,
    { height, width, at },
  );
}

/**
 * The centre of the highest cell, of equal ones the first; null where all are equal and the map points nowhere.
 *
 * @throws  XrayError `evaluation/bad-input` of a map with NaN.
 *
 * @example
 * const region = { x: 0, y: 0, width: 100, height: 100 };
 * const map = { values: [0, 0, 1, 0], height: 2, width: 2, region };
 * peakOf(map); // { x: 25, y: 75 }
 */
export function peakOf(map: PlacedMap): Point | null {
  const { height, width, region } = map;
  const values = cellsOf(map);
  let [best, isFlat] = [0, true];
  for (let i = 1; i < height * width; i++) {
    if (values[i] !== values[0]) isFlat = false;
    if (values[i]! > values[best]!) best = i;
  }
  if (isFlat) return null;
  return {
    x: region.x + (((best % width) + 0.5) / width) * region.width,
    y: region.y + ((Math.floor(best / width) + 0.5) / height) * region.height,
  };
}

/**
 * Is a point in one of the boxes, or within `tolerance` of its edges?
 *
 * @param tolerance  0 or more, in the units of both; the pointing game was first played with 15 pixels.
 * @returns          Whether; edges belong to a box. False of no boxes.
 *
 * @example
 * pointsInto({ x: 25, y: 75 }, [{ x: 0, y: 50, width: 50, height: 50 }]); // true
 */
export function pointsInto(point: Point, boxes: readonly Rectangle[], tolerance = 0): boolean {
  return boxes.some(
    ({ x, y, width, height }) =>
      point.x >= x - tolerance &&
      point.x <= x + width + tolerance &&
      point.y >= y - tolerance &&
      point.y <= y + height + tolerance,
  );
}

/** Places along each side at which a map is looked at for its regions. */
const RESOLUTION = 224;

/**
 * Boxes around the regions where a map is hot: brought to 0 … 1, enlarged to 224 × 224, cut at `level`; places that
 * touch at an edge or a corner are one region.
 *
 * @param level  Over 0, at most 1.
 * @throws       XrayError `evaluation/bad-level`, `evaluation/bad-input` of a map with NaN.
 * @returns      One box for each region, in the units of the map's, by its first place in C order; none of a flat map.
 *
 * @example
 * const region = { x: 0, y: 0, width: 100, height: 100 };
 * const map = { values: [0, 0, 1, 0], height: 2, width: 2, region };
 * boxesAround(map, 0.5).length; // 1
 */
export function boxesAround(map: PlacedMap, level: number): Rectangle[] {
  return boxesAtLevels(map, [level])[0]!;
}

/** The boxes of `boxesAround` at each of several levels. Throws as it does. */
export function boxesAtLevels(map: PlacedMap, levels: readonly number[]): Rectangle[][] {
  const { height, width } = map;
  for (const level of levels) checkRegionLevel(level);
  const heat = upsample(minMax(cellsOf(map)), height, width, RESOLUTION, RESOLUTION);
  return levels.map((level) => regionBoxes(heat, map.region, level));
}

function checkRegionLevel(level: number): void {
  if (level > 0 && level <= 1) return;
  throw new XrayError("evaluation/bad-level", `the level is ${level}; it must be above 0 and at most 1`, {
    level,
  });
}

/** @param heat  RESOLUTION × RESOLUTION values from 0 to 1. */
function regionBoxes(heat: Float64Array, region: Rectangle, level: number): Rectangle[] {
  const isOpen = new Uint8Array(heat.length);
  for (let i = 0; i < heat.length; i++) if (heat[i]! >= level) isOpen[i] = 1;
  const boxes: Rectangle[] = [];
  for (let i = isOpen.indexOf(1); i >= 0; i = isOpen.indexOf(1, i)) {
    const { left, top, right, bottom } = takeRegion(isOpen, i);
    boxes.push({
      x: region.x + (left * region.width) / RESOLUTION,
      y: region.y + (top * region.height) / RESOLUTION,
      width: ((right - left) * region.width) / RESOLUTION,
      height: ((bottom - top) * region.height) / RESOLUTION,
    });
  }
  return boxes;
}

/** Close all places that hang together with `start`; returns their extent, right and bottom excluded. */
function takeRegion(isOpen: Uint8Array, start: number) {
  let [left, top, right, bottom] = [RESOLUTION, RESOLUTION, 0, 0];
  const waiting = [start];
  isOpen[start] = 0;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const x = at % RESOLUTION;
    const y = (at - x) / RESOLUTION;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
    for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, RESOLUTION - 1); ny++) {
      for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, RESOLUTION - 1); nx++) {
        const next = ny * RESOLUTION + nx;
        if (isOpen[next] === 0) continue;
        isOpen[next] = 0;
        waiting.push(next);
      }
    }
  }
  return { left, top, right, bottom };
}

/** How two sets of boxes overlap. */
export interface Overlap {
  /** Intersection over union: 0 to 1. */
  readonly iou: number;
  /** Intersection over the area of the detected boxes: 0 to 1; 0 where nothing was detected. */
  readonly iobb: number;
}

/** 1 for each field whose middle lies in a box; those of a column stand together. */
function covered(boxes: readonly Rectangle[], xs: readonly number[], ys: readonly number[]): Uint8Array {
  const fields = new Uint8Array(xs.length * ys.length);
  for (const { x, y, width, height } of boxes) {
    const top = ys.findIndex((middle) => middle >= y);
    const bottom = ys.findLastIndex((middle) => middle <= y + height);
    for (const [i, middle] of xs.entries())
      if (middle >= x && middle <= x + width && top >= 0)
        fields.fill(1, i * ys.length + top, i * ys.length + bottom + 1);
  }
  return fields;
}

/** The middles between neighbours. */
const middlesOf = (edges: readonly number[]): number[] =>
  edges.slice(1).map((edge, i) => (edges[i]! + edge) / 2);

/**
 * Overlap of what was detected with what is known; boxes of one set may overlap each other, and count once.
 *
 * @param detected  In the units of `known`; widths and heights 0 or more.
 * @returns         0 where there is nothing to divide by.
 * @see             Wang et al. 2017, section 4.3: T(IoU) and T(IoBB) are shares of images over a threshold of these.
 *
 * @example
 * const detected = [{ x: 0, y: 0, width: 10, height: 10 }];
 * const known = [{ x: 5, y: 0, width: 10, height: 10 }];
 * overlapOf(detected, known); // { iou: 0.3333, iobb: 0.5 }
 */
export function overlapOf(detected: readonly Rectangle[], known: readonly Rectangle[]): Overlap {
  const edges = (from: (box: Rectangle) => readonly [number, number]): number[] =>
    [...new Set([...detected, ...known].flatMap(from))].sort((a, b) => a - b);
  const xs = edges(({ x, width }) => [x, x + width]);
  const ys = edges(({ y, height }) => [y, y + height]);
  const [columns, rows] = [middlesOf(xs), middlesOf(ys)];
  const [isFound, isKnown] = [covered(detected, columns, rows), covered(known, columns, rows)];
  let [both, found, either] = [0, 0, 0];
  // Between neighbouring edges everything is alike.
  for (let i = 0; i < columns.length; i++) {
    for (let j = 0; j < rows.length; j++) {
      const at = i * rows.length + j;
      const area = (xs[i + 1]! - xs[i]!) * (ys[j + 1]! - ys[j]!);
      if (isFound[at] === 1 && isKnown[at] === 1) both += area;
      if (isFound[at] === 1) found += area;
      if (isFound[at] === 1 || isKnown[at] === 1) either += area;
    }
  }
  return { iou: either > 0 ? both / either : 0, iobb: found > 0 ? both / found : 0 };
}
