/**
 * Sections on heatmaps: whether they point at known boxes, and whether they show what the model used.
 *
 * Knows: figures. Not how they are computed.
 */

import { line } from "d3-shape";
import type { FaithfulnessByMap, FaithfulnessFigures } from "../../../evaluation/faithfulness.ts";
import { type LocalisationFigures, OVERLAP_THRESHOLDS } from "../../../evaluation/known-places.ts";
import { displayName } from "../../../findings.ts";
import type { FaithfulnessReport } from "../../../results/faithfulness.ts";
import type { LocalisationReport } from "../../../results/localisation.ts";
import { count, counted } from "../../../text.ts";
import { dashed, type Ink, stroke } from "../../charts/chart.ts";
import { heatmapWords } from "../../words/heatmaps.ts";
import { share } from "../../words/table.ts";
import { axesTo, type Panel, panelOf } from "../plots/panel.ts";
import { panelFigure } from "./findings.ts";
import { html, type Markup, section, table } from "./markup.ts";
import { regionParts } from "./regions.ts";

const SMALL = " *";

function placeRow(name: string, figures: LocalisationFigures): string[] {
  const { model, random, centre } = figures.maps;
  return [
    figures.isSmallerThanCell ? name + SMALL : name,
    count(figures.pairs),
    share(figures.meanBoxArea),
    ...[model.pointing, random.pointing, centre.pointing, model.pointingNear].map(share),
    ...[model.iobb[0]!, random.iobb[0]!, centre.iobb[0]!].map(share),
    ...[model.iou[0]!, random.iou[0]!, centre.iou[0]!].map(share),
  ];
}

/** Heatmaps compared with boxes. */
export function localisationSection(report: LocalisationReport): Markup {
  const { boxFile, method, layer, findings, overall } = report;
  const rows = [
    ...findings.map(({ label, figures }) => placeRow(displayName(label), figures)),
    ["all pairs", ...placeRow("", overall.figures).slice(1)],
  ];
  const byThreshold = (kind: "iobb" | "iou") =>
    table({
      name: `${kind === "iobb" ? "IoBB" : "IoU"} by threshold`,
      caption: `Share of pairs whose ${kind === "iobb" ? "IoBB" : "IoU"} reaches the threshold.`,
      head: ["finding", ...OVERLAP_THRESHOLDS.map((threshold) => share(threshold).replace(/0+$/, ""))],
      rows: [
        ...findings.map(({ label, figures }) => [displayName(label), ...figures.maps.model[kind].map(share)]),
        ["all pairs", ...overall.figures.maps.model[kind].map(share)],
      ],
      foot: 1,
    });
  return section(
    "Do heatmaps point at findings?",
    html`<p>${heatmapWords(method, layer)}, compared with the boxes of ${boxFile.name} (${counted(overall.images, "image")}). A random map and a map
that is highest in the middle serve as controls. <b>Pointing</b> is the share of pairs of image and finding where the centre of
the hottest cell lies in a box; <b>near</b> also counts up to 15 pixels of 512 beside a box. <b>IoBB</b> is the share of the boxes around
hot regions (from 180/255 of the map’s range) that lies in known boxes, and <b>IoU</b> is their intersection over their union. Both
count as a hit from one tenth on (Wang et al., 2017).</p>`,
    table({
      name: "Heatmaps compared with boxes",
      groups: [
        ["", 3],
        ["pointing", 4],
        ["IoBB ≥ .1", 3],
        ["IoU ≥ .1", 3],
      ],
      head: [
        ...["finding", "pairs", "box area", "model", "random", "centre", "model, near"],
        ...["model", "random", "centre", "model", "random", "centre"],
      ],
      rows,
      foot: 1,
    }),
    findings.some(({ figures }) => figures.isSmallerThanCell)
      ? html`<p class="soft">* The mean box is smaller than one cell of the map, so the map cannot show the place. Lower layers have smaller cells.</p>`
      : null,
    html`<div class="pair">${byThreshold("iobb")}${byThreshold("iou")}</div>`,
    ...regionParts(report),
  );
}

const LINES: Readonly<Record<keyof FaithfulnessByMap, { readonly ink: Ink; readonly dashes?: string }>> = {
  model: { ink: "blue" },
  random: { ink: "grey", dashes: "2 3" },
  centre: { ink: "orange", dashes: "7 4" },
};

function curvePanel(maps: FaithfulnessByMap, kind: "deletion" | "insertion"): Panel {
  const axes = axesTo();
  const drawing = (Object.keys(LINES) as (keyof FaithfulnessByMap)[]).map((map) => {
    const values = maps[map][kind];
    const path = line<number>(
      (i) => axes.x(i / (values.length - 1)),
      (i) => axes.y(values[i]!),
    ).digits(1)([...values.keys()]);
    const { ink, dashes } = LINES[map];
    return `<path d="${path}" fill="none" stroke-width="1.8"${dashed(dashes)} ${stroke(ink)}/>`;
  });
  const frame = {
    title: kind === "deletion" ? "Deletion" : "Insertion",
    remark: kind === "deletion" ? "lower is better" : "higher is better",
    xLabel: kind === "deletion" ? "share blurred" : "share restored",
    yLabel: "mean probability",
  };
  return panelOf(frame, axes, drawing.join(""));
}

/** Deletion and insertion. */
export function faithfulnessSection({ method, layer, steps, findings, overall }: FaithfulnessReport): Markup {
  const areas = (figures: FaithfulnessByMap, of: (one: FaithfulnessFigures) => number) =>
    [figures.model, figures.random, figures.centre].map((one) => share(of(one)));
  const row = (name: string, pairs: number, maps: FaithfulnessByMap) => [
    name,
    count(pairs),
    ...areas(maps, ({ deletionArea }) => deletionArea),
    ...areas(maps, ({ insertionArea }) => insertionArea),
  ];
  return section(
    "Do heatmaps show what the model used?",
    html`<p>${heatmapWords(method, layer)}. Deletion blurs the hottest places away in ${steps} steps, and the finding’s probability should fall
early. Insertion restores them in a blurred image, and the probability should rise early. Curves and areas are means over
${counted(overall.pairs, "pair")} of an image and a finding that it has (Petsiuk et al., 2018, with blur in both).</p>`,
    panelFigure(
      [curvePanel(overall.maps, "deletion"), curvePanel(overall.maps, "insertion")],
      "Solid blue: the model’s maps. Dotted grey: random maps. Dashed orange: maps that are highest in the middle.",
    ),
    table({
      name: "Areas under deletion and insertion curves",
      groups: [
        ["", 2],
        ["deletion", 3],
        ["insertion", 3],
      ],
      head: ["finding", "pairs", "model", "random", "centre", "model", "random", "centre"],
      rows: [
        ...findings.map(({ label, pairs, maps }) => row(displayName(label), pairs, maps)),
        row("all pairs", overall.pairs, overall.maps),
      ],
      foot: 1,
    }),
  );
}
