/**
 * How well the regions of maps find known boxes: precision, recall and the free-response curve, with intervals over
 * patients.
 *
 * Counts are summed over pairs of image and finding before they are divided, so that an image with many regions or boxes
 * counts as often as it has them. A draw of patients weights the pairs of each.
 *
 * Pipeline:   rows of counts, patients → sums of each draw → **figures** → report
 * Knows:      numbers, and which image each row is of.
 * Reference:  Everingham et al., The Pascal Visual Object Classes challenge, 2010 (precision, recall); Bunch et al., 1978
 *             (free-response curve); Rutter, 2000 (bootstrap over patients).
 */

import type { MapKind } from "./control-maps.ts";
import type { PatientDraws } from "./patient-draws.ts";
import { CURVE_LEVELS, MAP_KINDS, REGION_THRESHOLDS, TALLY, TALLY_WIDTH } from "./region-tally.ts";
import { type BootstrapFigure, figureOf } from "./replicated.ts";

/** One pair of image and finding. */
export interface TalliedPair {
  /** Index of the image among those that patients are drawn of. */
  readonly image: number;
  /** A row with the columns of `TALLY`. */
  readonly counts: Uint32Array;
}

/** Regions against boxes at one threshold of IoU. */
export interface RegionMatch {
  /** Regions that match a box, which are as many as the boxes that are found. */
  readonly matched: number;
  /** The share of regions that match a box; null where there is no region. */
  readonly precision: BootstrapFigure | null;
  /** The share of boxes that are found. */
  readonly recall: BootstrapFigure | null;
}

/** A point of the free-response curve. */
export interface FreeResponsePoint {
  /** Share of each map's maximum at which its regions are cut. */
  readonly level: number;
  /** Mean number of regions of a map that match no box: 0 or more. */
  readonly falseRegions: number;
  /** The share of boxes that are found. */
  readonly sensitivity: BootstrapFigure | null;
}

/** The regions of one kind of map. */
export interface KindRegions {
  /** At the level of `predict`. */
  readonly regions: number;
  /** At each of `REGION_THRESHOLDS`. */
  readonly matches: readonly RegionMatch[];
  /** At each of `CURVE_LEVELS`. */
  readonly curve: readonly FreeResponsePoint[];
}

/** Regions of some pairs: of one finding, or of all. */
export interface RegionFigures {
  readonly pairs: number;
  readonly boxes: number;
  readonly maps: Readonly<Record<MapKind, KindRegions>>;
}

/** The columns whose draws are looked at: boxes, regions and matches. */
const DRAWN: readonly number[] = [
  TALLY.boxes,
  ...MAP_KINDS.flatMap((_, kind) => [
    TALLY.regions(kind),
    ...REGION_THRESHOLDS.map((_, t) => TALLY.matched(kind, t)),
    ...CURVE_LEVELS.map((_, l) => TALLY.curveMatched(kind, l)),
  ]),
];

/** Sums of counts, as they are and in each draw. */
interface Sums {
  readonly pairs: number;
  /** Different ones. */
  readonly patients: number;
  /** By column. */
  readonly values: Float64Array;
  /** By column and replicate; empty of columns that are not in `DRAWN`. */
  readonly draws: readonly Float64Array[];
}

const ratio = (part: number, whole: number): number => (whole === 0 ? Number.NaN : part / whole);

/** A sum over another with its interval; null where that is 0. */
function ratioOf(
  { values, draws, patients }: Sums,
  part: number,
  whole: number,
  level: number,
): BootstrapFigure | null {
  const value = ratio(values[part]!, values[whole]!);
  const drawn = draws[part]!.map((sum, i) => ratio(sum, draws[whole]![i]!));
  return figureOf({ value, draws: drawn, patients }, level);
}

function figuresOf(sums: Sums, level: number): RegionFigures {
  const { pairs, values } = sums;
  const ofKind = (kind: number): KindRegions => ({
    regions: values[TALLY.regions(kind)]!,
    matches: REGION_THRESHOLDS.map((_, t) => {
      const matched = TALLY.matched(kind, t);
      return {
        matched: values[matched]!,
        precision: ratioOf(sums, matched, TALLY.regions(kind), level),
        recall: ratioOf(sums, matched, TALLY.boxes, level),
      };
    }),
    curve: CURVE_LEVELS.map((at, l) => {
      const matched = TALLY.curveMatched(kind, l);
      return {
        level: at,
        falseRegions: (values[TALLY.curveRegions(kind, l)]! - values[matched]!) / pairs,
        sensitivity: ratioOf(sums, matched, TALLY.boxes, level),
      };
    }),
  });
  const maps = Object.fromEntries(MAP_KINDS.map((name, kind) => [name, ofKind(kind)]));
  return { pairs, boxes: values[TALLY.boxes]!, maps: maps as RegionFigures["maps"] };
}

/** Sums of a finding's rows. */
class Finding {
  readonly #pairs: readonly TalliedPair[];
  readonly sums: Sums;

  constructor(pairs: readonly TalliedPair[], draws: PatientDraws) {
    this.#pairs = pairs;
    const values = new Float64Array(TALLY_WIDTH);
    for (const { counts } of pairs) for (let c = 0; c < TALLY_WIDTH; c++) values[c]! += counts[c]!;
    this.sums = {
      pairs: pairs.length,
      patients: draws.patientsOf(pairs.map(({ image }) => image)),
      values,
      draws: Array.from(values, (_, c) => new Float64Array(DRAWN.includes(c) ? draws.replicates : 0)),
    };
  }

  draw(weights: Float64Array, replicate: number): void {
    const sums = new Float64Array(TALLY_WIDTH);
    for (const { image, counts } of this.#pairs) {
      const weight = weights[image]!;
      if (weight > 0) for (const c of DRAWN) sums[c]! += weight * counts[c]!;
    }
    for (const c of DRAWN) this.sums.draws[c]![replicate] = sums[c]!;
  }
}

/** The sums of all findings' pairs together. */
function pooled(findings: readonly Finding[], draws: PatientDraws, images: readonly number[]): Sums {
  const add = (columns: readonly Float64Array[]) =>
    columns[0]!.map((_, i) => columns.reduce((sum, column) => sum + column[i]!, 0));
  return {
    pairs: images.length,
    patients: draws.patientsOf(images),
    values: add(findings.map(({ sums }) => sums.values)),
    draws: Array.from({ length: TALLY_WIDTH }, (_, c) => add(findings.map(({ sums }) => sums.draws[c]!))),
  };
}

/**
 * Figures of regions.
 *
 * @param findings  The pairs of each; at least one finding, with at least one pair each.
 * @param draws     Of the evaluated images' patients.
 */
export function regionFigures(
  findings: readonly (readonly TalliedPair[])[],
  draws: PatientDraws,
): { readonly findings: readonly RegionFigures[]; readonly overall: RegionFigures } {
  const all = findings.map((pairs) => new Finding(pairs, draws));
  draws.forEach((weights, replicate) => {
    for (const finding of all) finding.draw(weights, replicate);
  });
  const images = findings.flatMap((pairs) => pairs.map(({ image }) => image));
  return {
    findings: all.map(({ sums }) => figuresOf(sums, draws.level)),
    overall: figuresOf(pooled(all, draws, images), draws.level),
  };
}
