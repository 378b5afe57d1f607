/**
 * Training curves as one SVG: loss above, mean validation AUROC below, over epochs.
 *
 * It stands alone: no fonts or scripts are fetched, and it reads on white and on dark. Lines carry their names.
 *
 * Knows: figures of epochs. Scales and paths are d3's.
 */

import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { EpochMetrics } from "../training/metrics.ts";

const WIDTH = 760;
const MARGIN = { left: 64, right: 132, top: 52 } as const;
const PANEL = { height: 210, gap: 58 } as const;
const INNER = WIDTH - MARGIN.left - MARGIN.right;

/** One line of a panel. */
interface Series {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly { readonly epoch: number; readonly value: number }[];
}

const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

function series(
  epochs: readonly EpochMetrics[],
  field: "train_loss" | "val_loss" | "val_auroc",
  name: string,
  colour: string,
): Series {
  const values = epochs.flatMap((metrics) => {
    const value = metrics[field];
    return value === null || !Number.isFinite(value) ? [] : [{ epoch: metrics.epoch, value }];
  });
  return { name, colour, values };
}

const number = (value: number): string => Number(value.toPrecision(3)).toString();

/** Where names stand beside the ends of their lines, apart from one another. */
function labelHeights(ends: readonly number[]): number[] {
  const order = ends.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y);
  const heights = [...ends];
  let last = Number.NEGATIVE_INFINITY;
  for (const { y, i } of order) {
    last = Math.max(y, last + 16);
    heights[i] = last;
  }
  return heights;
}

/** One panel: grid, axes, lines with their names, and a ring at `best`. */
function panel(
  title: string,
  all: readonly Series[],
  lastEpoch: number,
  top: number,
  best: number | null,
): string {
  const shown = all.filter(({ values }) => values.length > 0);
  const numbers = shown.flatMap(({ values }) => values.map(({ value }) => value));
  const x = scaleLinear([Math.min(1, lastEpoch - 1), Math.max(lastEpoch, 2)], [0, INNER]);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const space = high > low ? 0 : Math.max(Math.abs(high) * 0.05, 0.01);
  const y = scaleLinear([low - space, high + space], [PANEL.height, 0]).nice(5);
  const grid = y.ticks(5).map((tick) => {
    const at = y(tick).toFixed(1);
    return `<path class="grid" d="M0 ${at}H${INNER}"/><text x="-10" y="${at}" dy="4" text-anchor="end">${number(tick)}</text>`;
  });
  const epochs = x
    .ticks(Math.min(10, Math.max(1, lastEpoch - 1)))
    .filter((tick) => Number.isInteger(tick) && tick >= 1);
  const axis = epochs.map(
    (tick) => `<text x="${x(tick).toFixed(1)}" y="${PANEL.height + 20}" text-anchor="middle">${tick}</text>`,
  );
  const path = line<{ epoch: number; value: number }>(
    ({ epoch }) => x(epoch),
    ({ value }) => y(value),
  );
  const heights = labelHeights(shown.map(({ values }) => y(values.at(-1)!.value)));
  const lines = shown.map(({ name, colour, values }, i) => {
    const { epoch, value } = values.at(-1)!;
    const [px, py] = [x(epoch).toFixed(1), y(value).toFixed(1)];
    return (
      `<path class="line" stroke="${colour}" d="${path([...values]) ?? ""}"/><circle cx="${px}" cy="${py}" r="3.5" fill="${colour}"/>` +
      `<text class="name" x="${Number(px) + 10}" y="${heights[i]!.toFixed(1)}" dy="4" fill="${colour}">${escapeXml(name)} ${number(value)}</text>`
    );
  });
  const marked = shown.flatMap(({ values, colour }) => {
    const point = values.find(({ epoch }) => epoch === best);
    if (point === undefined) return [];
    return [
      `<circle cx="${x(point.epoch).toFixed(1)}" cy="${y(point.value).toFixed(1)}" r="7" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
    ];
  });
  return (
    `<g transform="translate(${MARGIN.left} ${top})"><text class="title" x="0" y="-14">${escapeXml(title)}</text>` +
    `${grid.join("")}${axis.join("")}${lines.join("")}${marked.join("")}</g>`
  );
}

const STYLE =
  "text{font:13px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#5b6472}" +
  ".title{font-size:15px;font-weight:600;fill:#1d2530}.name{font-weight:600;fill:revert-layer}" +
  ".grid{stroke:#8a94a3;stroke-opacity:.28;stroke-width:1}.line{fill:none;stroke-width:2.25;stroke-linejoin:round}" +
  ".paper{fill:#fff}@media(prefers-color-scheme:dark){text{fill:#aab3c0}.title{fill:#eef1f5}.paper{fill:#12161c}}";

/**
 * Draw the curves of a run.
 *
 * @param epochs     At least one.
 * @param bestEpoch  Whose weights were kept: a ring marks it.
 * @returns          The text of an SVG file.
 */
export function curvesSvg(epochs: readonly EpochMetrics[], bestEpoch: number | null = null): string {
  const loss = [
    series(epochs, "train_loss", "training", "#2f6fde"),
    series(epochs, "val_loss", "validation", "#d9662b"),
  ];
  const auroc = series(epochs, "val_auroc", "validation", "#1f9d6b");
  const last = epochs.at(-1)?.epoch ?? 1;
  const panels = [{ title: "Binary cross-entropy", all: loss }];
  if (auroc.values.length > 0) panels.push({ title: "Mean validation AUROC", all: [auroc] });
  const drawn = panels
    .filter(({ all }) => all.some(({ values }) => values.length > 0))
    .map(({ title, all }, i) =>
      panel(title, all, last, MARGIN.top + i * (PANEL.height + PANEL.gap), bestEpoch),
    );
  const height = MARGIN.top + drawn.length * (PANEL.height + PANEL.gap) + 4;
  const bottom = height - 18;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">` +
    `<title>Training curves over ${last} epochs</title><style>${STYLE}</style>` +
    `<rect class="paper" width="${WIDTH}" height="${height}"/>${drawn.join("")}` +
    `<text x="${MARGIN.left + INNER / 2}" y="${bottom}" text-anchor="middle">epoch</text></svg>\n`
  );
}
