/**
 * Free-response curves: how many boxes the regions of heatmaps find, and how many false regions that takes.
 *
 * Knows: figures. How panels look is in `panel.ts`.
 */

import { area, line } from "d3-shape";
import type { MapKind } from "../../../evaluation/control-maps.ts";
import type { FreeResponsePoint, RegionFigures } from "../../../evaluation/region-figures.ts";
import { CURVE_THRESHOLD } from "../../../evaluation/region-tally.ts";
import { displayName } from "../../../findings.ts";
import type { LocalisationReport } from "../../../results/localisation.ts";
import { dashed, fill, type Ink, px, stroke } from "../../charts/chart.ts";
import { withInterval } from "../figures.ts";
import { shownMatch } from "../regions.ts";
import { type Axes, axesTo, type Panel, panelOf } from "./panel.ts";

export const FREE_RESPONSE_LEGEND =
  "From the highest level of the map to the lowest. Solid blue: the model’s maps; dotted grey: random maps; dashed orange: maps that are highest in the middle. " +
  "Shaded: 95 % interval of the sensitivity over patients. Circle: the level of predict. Controls may leave the panel on the right.";

const LINES: Readonly<Record<MapKind, { readonly ink: Ink; readonly dashes?: string }>> = {
  centre: { ink: "orange", dashes: "7 4" },
  random: { ink: "grey", dashes: "2 3" },
  model: { ink: "blue" },
};

/** A curve, broken where it leaves the panel. */
function curvePath({ x, y }: Axes, curve: readonly FreeResponsePoint[], end: number): string {
  const path = line<FreeResponsePoint>(
    ({ falseRegions }) => x(falseRegions),
    ({ sensitivity }) => y(sensitivity!.value),
  )
    .defined(({ falseRegions }) => falseRegions <= end)
    .digits(1);
  return path(curve) ?? "";
}

/** The band of a curve: a closed line along the lower ends of the intervals and back along the upper ones. */
function band({ x, y }: Axes, curve: readonly FreeResponsePoint[]): string {
  const shade = area<FreeResponsePoint>()
    .defined(({ sensitivity }) => sensitivity!.interval !== null)
    .x(({ falseRegions }) => x(falseRegions))
    .y0(({ sensitivity }) => y(sensitivity!.interval!.low))
    .y1(({ sensitivity }) => y(sensitivity!.interval!.high))
    .digits(1);
  return `<path d="${shade(curve) ?? ""}" fill-opacity="0.2" ${fill("blue")}/>`;
}

function panel(title: string, { pairs, maps }: RegionFigures): Panel {
  const { curve, regions } = maps.model;
  const { matched, recall } = shownMatch(maps.model);
  const shown = (regions - matched) / pairs;
  // The model's curve fills the panel.
  const end = Math.max(shown, ...curve.map(({ falseRegions }) => falseRegions)) || 1;
  const axes = axesTo(end);
  const curves = (Object.keys(LINES) as MapKind[]).map((kind) => {
    const { ink, dashes } = LINES[kind];
    return `<path d="${curvePath(axes, maps[kind].curve, end)}" fill="none" stroke-width="1.8" stroke-linejoin="round"${dashed(dashes)} ${stroke(ink)}/>`;
  });
  const frame = {
    title,
    remark: `recall ${withInterval(recall)} at IoU ${CURVE_THRESHOLD}`,
    xLabel: "false regions per heatmap",
    yLabel: "sensitivity (recall)",
  };
  const circle = `<circle cx="${px(axes.x(shown))}" cy="${px(axes.y(recall!.value))}" r="4" fill="none" stroke-width="2" ${stroke("blue")}/>`;
  return panelOf(frame, axes, band(axes, curve) + curves.join("") + circle);
}

/** A panel for each finding with boxes, and one for all pairs. */
export const freeResponsePanels = ({ findings, overall }: LocalisationReport): Panel[] => [
  ...findings.map(({ label, regions }) => panel(displayName(label), regions)),
  ...(findings.length > 1 ? [panel("All pairs", overall.regions)] : []),
];
