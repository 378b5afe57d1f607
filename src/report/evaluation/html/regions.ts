/**
 * The part of a page on the regions of heatmaps: whether they find known boxes.
 *
 * Knows: figures. Not how they are computed.
 */

import type { KindRegions, RegionFigures, RegionMatch } from "../../../evaluation/region-figures.ts";
import { REGION_THRESHOLDS } from "../../../evaluation/region-tally.ts";
import { displayName } from "../../../findings.ts";
import type { LocalisationReport } from "../../../results/localisation.ts";
import { count } from "../../../text.ts";
import { share } from "../../words/table.ts";
import { withInterval } from "../figures.ts";
import { FREE_RESPONSE_LEGEND, freeResponsePanels } from "../plots/free-response.ts";
import { shownMatch } from "../regions.ts";
import { panelFigure } from "./findings.ts";
import { html, type Markup, table } from "./markup.ts";

/** `precision` and `recall` without intervals. */
const both = (kind: KindRegions): string[] => {
  const { precision, recall } = shownMatch(kind);
  return [share(precision?.value ?? null), share(recall?.value ?? null)];
};

function row(name: string, level: string, { boxes, maps }: RegionFigures): string[] {
  const { precision, recall } = shownMatch(maps.model);
  return [
    ...[name, level, count(boxes), count(maps.model.regions)],
    ...[withInterval(precision), withInterval(recall)],
    ...both(maps.random),
    ...both(maps.centre),
  ];
}

/** A table of precision or recall at every threshold. */
function byThreshold({ findings, overall }: LocalisationReport, kind: "precision" | "recall"): Markup {
  const name = kind === "precision" ? "Precision" : "Recall";
  const cells = ({ maps }: RegionFigures) =>
    maps.model.matches.map((match: RegionMatch) => share(match[kind]?.value ?? null));
  return table({
    name: `${name} by threshold`,
    caption: `${name} of the model’s regions by IoU.`,
    head: ["finding", ...REGION_THRESHOLDS.map((threshold) => share(threshold).replace(/0+$/, ""))],
    rows: [
      ...findings.map(({ label, regions }) => [displayName(label), ...cells(regions)]),
      ["all pairs", ...cells(overall.regions)],
    ],
    foot: 1,
  });
}

/** Regions beside boxes: what it means, tables, and curves. */
export function regionParts(report: LocalisationReport): Markup[] {
  const { findings, overall } = report;
  return [
    html`<h3>Regions</h3>
<p>The regions that <code>predict</code> lists for a finding are matched with its boxes one to one, from the highest IoU down; a second
region on the same box is a false one (Everingham et al., 2010). <b>Precision</b> is the share of regions that match a box, and
<b>recall</b> the share of boxes that are found. Only images with boxes of the finding are counted, because nobody knows where the
finding is in other images. How many false regions there would be in images without it cannot be told from these figures.</p>`,
    table({
      name: "Regions compared with boxes",
      groups: [
        ["", 4],
        ["model, IoU ≥ .3", 2],
        ["random", 2],
        ["centre", 2],
      ],
      head: [
        ...["finding", "level", "boxes", "regions", "precision", "recall"],
        ...["precision", "recall", "precision", "recall"],
      ],
      rows: [
        ...findings.map(({ label, level, regions }) => row(displayName(label), share(level), regions)),
        row("all pairs", "", overall.regions),
      ],
      foot: 1,
    }),
    html`<div class="pair">${byThreshold(report, "precision")}${byThreshold(report, "recall")}</div>`,
    html`<h3>Free-response curves</h3>`,
    panelFigure(freeResponsePanels(report), FREE_RESPONSE_LEGEND),
  ];
}
