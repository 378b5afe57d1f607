/**
 * How well heatmaps point at known places of findings: a table for people, an object for programs.
 *
 * Knows:      figures. Not how they are computed.
 * Reference:  `localisation` of the schema `medical-x/evaluation@1` in docs/formats.md.
 */

import {
  type LocalisationFigures,
  type MapFigures,
  OVERLAP_THRESHOLDS,
  POINTING_TOLERANCE,
} from "../../evaluation/known-places.ts";
import { CURVE_THRESHOLD } from "../../evaluation/region-tally.ts";
import { displayName } from "../../findings.ts";
import { HEAT_LEVEL } from "../../heatmaps/regions.ts";
import type { LocalisationJson, LocalisationReport } from "../../results/localisation.ts";
import { count, counted } from "../../text.ts";
import { heatmapsIn } from "../words/heatmaps.ts";
import { columns, share } from "../words/table.ts";
import { regionLine, regionsObject } from "./regions.ts";

const SMALL = "*";

function row(name: string, figures: LocalisationFigures): string[] {
  const { model, random, centre } = figures.maps;
  return [
    figures.isSmallerThanCell ? `${name} ${SMALL}` : name,
    count(figures.pairs),
    share(figures.meanBoxArea),
    share(model.pointing),
    share(model.pointingNear),
    share(model.iobb[0]!),
    share(model.iou[0]!),
    share(random.pointing),
    share(centre.pointing),
  ];
}

/** The table that `evaluate` prints of it, with a sentence on findings that are too small for the map. */
export function localisationLines({
  boxFile,
  method,
  layer,
  findings,
  overall,
}: LocalisationReport): string[] {
  const isAnySmall = findings.some(({ figures }) => figures.isSmallerThanCell);
  return [
    "",
    `${heatmapsIn(method, layer)} compared with ${boxFile.name} (sha256 ${boxFile.sha256.slice(0, 12)}…), ${counted(overall.images, "image")}; share of hits:`,
    ...columns([
      ["", "pairs", "box area", "pointing", "within 15/512", "IoBB 0.1", "IoU 0.1", "random", "centre"],
      ...findings.map(({ label, figures }) => row(displayName(label), figures)),
      ["all pairs", ...row("", overall.figures).slice(1)],
    ]),
    "  random, centre: pointing of a random map and of a map that is highest in the middle.",
    ...(isAnySmall
      ? [
          `  ${SMALL} The mean box is smaller than one cell of the map, so the map cannot show the place. Lower layers have smaller cells.`,
        ]
      : []),
    regionLine(overall.regions),
  ];
}

const atThresholds = (shares: readonly number[]): Record<string, number> =>
  Object.fromEntries(OVERLAP_THRESHOLDS.map((threshold, k) => [String(threshold), shares[k]!]));

const mapObject = ({ pointing, pointingNear, iou, iobb }: MapFigures) => ({
  pointing,
  pointing_tolerance: pointingNear,
  iou: atThresholds(iou),
  iobb: atThresholds(iobb),
});

const figuresObject = ({ meanBoxArea, isSmallerThanCell, maps }: LocalisationFigures) => ({
  mean_box_area: meanBoxArea,
  smaller_than_cell: isSmallerThanCell,
  model: mapObject(maps.model),
  random: mapObject(maps.random),
  centre: mapObject(maps.centre),
});

/** The object of the JSON's field `localisation`. */
export function localisationObject({
  boxFile,
  method,
  layer,
  findings,
  overall,
}: LocalisationReport): LocalisationJson {
  return {
    method,
    layer,
    level: HEAT_LEVEL,
    tolerance: POINTING_TOLERANCE,
    free_response_iou: CURVE_THRESHOLD,
    box_file: boxFile,
    findings: Object.fromEntries(
      findings.map(({ label, level, figures, regions }) => [
        label,
        {
          n_images: figures.pairs,
          ...figuresObject(figures),
          regions: { level, ...regionsObject(regions) },
        },
      ]),
    ),
    overall: {
      n_images: overall.images,
      n_pairs: overall.figures.pairs,
      ...figuresObject(overall.figures),
      regions: regionsObject(overall.regions),
    },
  };
}
