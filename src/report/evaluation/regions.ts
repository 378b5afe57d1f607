/**
 * How well the regions of heatmaps find known boxes: a line for people, an object for programs.
 *
 * Knows:      figures. Not how they are computed.
 * Reference:  `regions` of `localisation` in docs/formats.md.
 */

import type { KindRegions, RegionFigures, RegionMatch } from "../../evaluation/region-figures.ts";
import { CURVE_THRESHOLD, REGION_THRESHOLDS } from "../../evaluation/region-tally.ts";
import type { LocalisationJson } from "../../results/localisation.ts";
import { share } from "../words/table.ts";
import { pairOf, withInterval } from "./figures.ts";

const SHOWN = REGION_THRESHOLDS.indexOf(CURVE_THRESHOLD);

/** What is shown of a kind of map in one place: its matches at an IoU of 0.3. */
export const shownMatch = ({ matches }: KindRegions): RegionMatch => matches[SHOWN]!;

/** `  Regions at IoU 0.3: precision .812 (.790–.831), recall .773 (.750–.800); random .020 and .010, centre .100 and .090.` */
export function regionLine({ maps }: RegionFigures): string {
  const { precision, recall } = shownMatch(maps.model);
  const control = (kind: KindRegions) => {
    const match = shownMatch(kind);
    return `${share(match.precision?.value ?? null)} and ${share(match.recall?.value ?? null)}`;
  };
  return (
    `  Regions at IoU ${CURVE_THRESHOLD}: precision ${withInterval(precision)}, recall ${withInterval(recall)}; ` +
    `random ${control(maps.random)}, centre ${control(maps.centre)}.`
  );
}

type KindJson = LocalisationJson["overall"]["regions"]["model"];

function kindObject({ regions, matches, curve }: KindRegions): KindJson {
  const by = <T>(of: (match: RegionMatch) => T): Record<string, T> =>
    Object.fromEntries(REGION_THRESHOLDS.map((threshold, t) => [String(threshold), of(matches[t]!)]));
  return {
    n_regions: regions,
    matched: by(({ matched }) => matched),
    precision: by(({ precision }) => precision?.value ?? null),
    precision_ci: by(({ precision }) => pairOf(precision?.interval ?? null)),
    recall: by(({ recall }) => recall!.value),
    recall_ci: by(({ recall }) => pairOf(recall!.interval)),
    free_response: curve.map(({ level, falseRegions, sensitivity }) => ({
      level,
      false_regions: falseRegions,
      sensitivity: sensitivity!.value,
      sensitivity_ci: pairOf(sensitivity!.interval),
    })),
  };
}

/** The object of the JSON's field `regions`, without the level. */
export const regionsObject = ({ boxes, maps }: RegionFigures): LocalisationJson["overall"]["regions"] => ({
  n_boxes: boxes,
  model: kindObject(maps.model),
  random: kindObject(maps.random),
  centre: kindObject(maps.centre),
});
