/**
 * How often heatmaps hit known places, beside two maps that have seen nothing of the image.
 *
 * Pipeline:   map and boxes of a pair of image and finding → what each kind of map hits → **shares of all pairs**
 * Knows:      numbers, in shares of an image's sides. Not images, findings, models or files.
 * Reference:  Wang et al., ChestX-ray8, CVPR 2017 (boxes at 180 of 255; accuracy of IoU and IoBB over a threshold);
 *             Zhang et al., Excitation Backprop, 2016 (pointing game, its tolerance and its centre baseline).
 */

import { HEAT_LEVEL } from "../heatmaps/regions.ts";
import type { Random } from "../random.ts";
import { centreMap, type MapKind, randomMap } from "./control-maps.ts";
import {
  boxesAround,
  type Overlap,
  overlapOf,
  type PlacedMap,
  peakOf,
  pointsInto,
  type Rectangle,
} from "./localisation.ts";

/** Of the pointing game: 15 pixels where an image's side has 512. */
export const POINTING_TOLERANCE = 15 / 512;

/** An overlap is a hit at or over one of these. */
export const OVERLAP_THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7] as const;

/** What one map hits. */
interface MapHits {
  /** The centre of its highest cell lies in a box; never of a flat map. */
  readonly isPointing: boolean;
  /** The same within the tolerance. */
  readonly isPointingNear: boolean;
  readonly overlap: Overlap;
}

/** A map, and how many cells show where things are: those of its finest layer if it is fused, by default its own. */
export interface LocatedMap extends PlacedMap {
  readonly cells?: { readonly height: number; readonly width: number };
}

/** One pair of image and finding, looked at. */
export interface LocatedPair {
  readonly boxes: number;
  /** Sum over the boxes: shares of the image, 0 to 1 each. */
  readonly boxArea: number;
  /** Share of the image that one of the map's cells covers. */
  readonly cellArea: number;
  readonly hits: Readonly<Record<MapKind, MapHits>>;
}

function hitsOf(map: PlacedMap, boxes: readonly Rectangle[]): MapHits {
  const peak = peakOf(map);
  return {
    isPointing: peak !== null && pointsInto(peak, boxes),
    isPointingNear: peak !== null && pointsInto(peak, boxes, POINTING_TOLERANCE),
    overlap: overlapOf(boxesAround(map, HEAT_LEVEL), boxes),
  };
}

/**
 * Look at one pair of image and finding.
 *
 * @param map     The model's map; its region in shares of the image's width and height. A box, or part of one, that
 *                lies outside the region was never seen by the model, and counts all the same.
 * @param boxes   The finding's known places in the same shares; at least one.
 * @param random  Where the random map is drawn from: one stream for each pair.
 * @throws        XrayError `evaluation/bad-input` of a map with NaN.
 */
export function locatePair(map: LocatedMap, boxes: readonly Rectangle[], random: Random): LocatedPair {
  const { region, height, width, cells = map } = map;
  return {
    boxes: boxes.length,
    boxArea: boxes.reduce((sum, box) => sum + box.width * box.height, 0),
    cellArea: (region.width * region.height) / (cells.height * cells.width),
    hits: {
      model: hitsOf(map, boxes),
      random: hitsOf({ ...map, values: randomMap(height, width, random) }, boxes),
      centre: hitsOf({ ...map, values: centreMap(height, width) }, boxes),
    },
  };
}

/** What one kind of map hits, in shares of the pairs: 0 to 1. */
export interface MapFigures {
  /** Pointing game. */
  readonly pointing: number;
  /** Pointing game with `POINTING_TOLERANCE`. */
  readonly pointingNear: number;
  /** Accuracy at each of `OVERLAP_THRESHOLDS`: the share of pairs whose IoU is at least that. */
  readonly iou: readonly number[];
  /** The same of IoBB, the share of the detected boxes that lies in known ones. */
  readonly iobb: readonly number[];
}

/** Figures of some pairs: of one finding, or of all. */
export interface LocalisationFigures {
  readonly pairs: number;
  /** Mean over all boxes of the share of the image that each covers. */
  readonly meanBoxArea: number;
  /** Whether that is less than a cell of the maps covers, in the mean over the same boxes. */
  readonly isSmallerThanCell: boolean;
  readonly maps: Readonly<Record<MapKind, MapFigures>>;
}

function figuresOf(hits: readonly MapHits[]): MapFigures {
  const share = (isHit: (hit: MapHits) => boolean): number => hits.filter(isHit).length / hits.length;
  return {
    pointing: share(({ isPointing }) => isPointing),
    pointingNear: share(({ isPointingNear }) => isPointingNear),
    iou: OVERLAP_THRESHOLDS.map((threshold) => share(({ overlap }) => overlap.iou >= threshold)),
    iobb: OVERLAP_THRESHOLDS.map((threshold) => share(({ overlap }) => overlap.iobb >= threshold)),
  };
}

/** Figures of pairs; null where there are none. */
export function localisationFigures(pairs: readonly LocatedPair[]): LocalisationFigures | null {
  if (pairs.length === 0) return null;
  const sum = (of: (pair: LocatedPair) => number): number =>
    pairs.reduce((total, pair) => total + of(pair), 0);
  const boxArea = sum((pair) => pair.boxArea);
  return {
    pairs: pairs.length,
    meanBoxArea: boxArea / sum(({ boxes }) => boxes),
    isSmallerThanCell: boxArea < sum(({ boxes, cellArea }) => boxes * cellArea),
    maps: {
      model: figuresOf(pairs.map(({ hits }) => hits.model)),
      random: figuresOf(pairs.map(({ hits }) => hits.random)),
      centre: figuresOf(pairs.map(({ hits }) => hits.centre)),
    },
  };
}
