/**
 * Training curves as one SVG: loss, mean validation AUROC and learning rate over epochs.
 *
 * The panels share their epochs. Blue is training, orange is validation, and a dotted line marks the epoch whose weights
 * were kept.
 *
 * Knows: figures of epochs. How lines are drawn is in `charts/chart.ts`.
 */

import { scaleLinear, scaleLog } from "d3-scale";
import { counted } from "../../text.ts";
import type { EpochMetrics } from "../../training/metrics.ts";
import {
  grid,
  knownOf,
  lines,
  picture,
  px,
  type Scale,
  type Series,
  stroke,
  textAt,
} from "../charts/chart.ts";
import { digits, duration, short, tickFormat } from "../words/numbers.ts";

const WIDTH = 960;
const LEFT = 76;
const RIGHT = 176;
const INNER = WIDTH - LEFT - RIGHT;
const HEADER = 76;
const GAP = 62;

/** Of an AUROC. */
const fixed = (value: number): string => value.toFixed(3);

/** One panel's contents, from its own top left. */
interface Panel {
  readonly title: string;
  readonly height: number;
  readonly series: readonly Series[];
  readonly y: Scale;
  readonly isLog: boolean;
  readonly ticks: readonly number[];
  readonly extra?: string;
}

/** From the lowest to the highest value; logarithmic if they lie far apart. */
function scaleOf(series: readonly Series[], height: number, apart: number): { y: Scale; isLog: boolean } {
  const values = series.flatMap((one) => knownOf(one).map(({ value }) => value));
  const [low, high] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
  if (low > 0 && high / low > apart) return { y: scaleLog([low, high], [height, 0]).nice(), isLog: true };
  const space = high > low ? 0 : Math.max(Math.abs(high) * 0.05, 1e-9);
  return { y: scaleLinear([low - space, high + space], [height, 0]).nice(4), isLog: false };
}

/** Few ticks of a scale: of powers of ten, those at 1, 2 and 5, or at 1 alone. */
function ticksOf(y: Scale, isLog: boolean, count: number): number[] {
  const ticks = y.ticks(count);
  if (!isLog) return ticks;
  const leads = (wanted: string) => ticks.filter((tick) => wanted.includes(tick.toExponential()[0]!));
  return leads("125").length <= 2 * count ? leads("125") : leads("1");
}

function seriesOf(
  epochs: readonly EpochMetrics[],
  field: "train_loss" | "val_loss" | "val_auroc" | "lr",
  look: Pick<Series, "name" | "ink" | "format">,
): Series {
  return { ...look, points: epochs.map((metrics) => ({ x: metrics.epoch, value: metrics[field] })) };
}

/** Crosses at the upper edge where the training loss is no number. */
function brokenMarks(epochs: readonly EpochMetrics[], x: Scale): string {
  const broken = epochs.filter(({ train_loss }) => !Number.isFinite(train_loss));
  if (broken.length === 0) return "";
  const crosses = broken.map(({ epoch }) => {
    const at = px(x(epoch) - 4);
    return `<path d="M${at} 4l8 8m0 -8l-8 8" stroke-width="2" ${stroke("blue")}/>`;
  });
  const words = "× the training loss is not a finite number";
  return crosses.join("") + textAt(INNER, -14, words, { ink: "blue", anchor: "end" });
}

function lossPanel(epochs: readonly EpochMetrics[], x: Scale): Panel {
  const series = [
    seriesOf(epochs, "train_loss", { name: "training", ink: "blue", format: digits(4) }),
    seriesOf(epochs, "val_loss", { name: "validation", ink: "orange", format: digits(4) }),
  ];
  const height = 210;
  const { y, isLog } = scaleOf(series, height, 50);
  const title = `Loss: binary cross-entropy${isLog ? " (log scale)" : ""}`;
  return { title, height, series, y, isLog, ticks: ticksOf(y, isLog, 4), extra: brokenMarks(epochs, x) };
}

/** A ring around the best figure, with its value unless that stands at the end of the line. */
function ring(series: Series, bestEpoch: number | null, x: Scale, y: Scale): string {
  const known = knownOf(series);
  const best = known.find((point) => point.x === bestEpoch);
  if (best === undefined) return "";
  const [cx, cy] = [x(best.x), y(best.value)];
  const circle = `<circle cx="${px(cx)}" cy="${px(cy)}" r="7.5" fill="none" stroke-width="1.8" ${stroke("orange")}/>`;
  if (best === known.at(-1)) return circle;
  const below = cy < 22 ? 25 : -15;
  const words = textAt(cx, cy + below, fixed(best.value), { ink: "orange", bold: true, anchor: "middle" });
  // A margin of paper around the letters keeps lines out of them.
  return `${circle}<g paint-order="stroke" stroke-width="5" stroke-linejoin="round" ${stroke("paper")}>${words}</g>`;
}

function aurocPanel(epochs: readonly EpochMetrics[], x: Scale, bestEpoch: number | null): Panel {
  const series = seriesOf(epochs, "val_auroc", { name: "validation", ink: "orange", format: fixed });
  const height = 180;
  const { y } = scaleOf([series], height, Number.POSITIVE_INFINITY);
  const ticks = ticksOf(y, false, 4).filter((tick) => tick <= 1);
  const extra = ring(series, bestEpoch, x, y);
  return {
    title: "Mean AUROC of the validation images",
    height,
    series: [series],
    y,
    isLog: false,
    ticks,
    extra,
  };
}

function ratePanel(epochs: readonly EpochMetrics[]): Panel {
  const series = seriesOf(epochs, "lr", { name: "lr", ink: "grey", format: short });
  const height = 44;
  const { y, isLog } = scaleOf([series], height, 20);
  const [low, high] = y.domain() as [number, number];
  const isFlat = new Set(epochs.map(({ lr }) => lr)).size === 1;
  return { title: "Learning rate", height, series: [series], y, isLog, ticks: isFlat ? [] : [low, high] };
}

/** A panel, with a line at the epoch whose weights were kept. */
function drawPanel(panel: Panel, x: Scale, top: number, bestEpoch: number | null): string {
  const { title, series, y, ticks, height, isLog, extra = "" } = panel;
  const kept =
    bestEpoch === null
      ? ""
      : `<path d="M${px(x(bestEpoch))} 0V${height}" stroke-width="1.2" stroke-dasharray="2 4" ${stroke("mark")}/>`;
  return (
    `<g transform="translate(${LEFT} ${top})">${textAt(0, -14, title, { ink: "title", size: 15, bold: true })}` +
    `${grid(y, ticks, INNER, isLog ? short : tickFormat(ticks))}${kept}${lines(series, x, y)}${extra}</g>`
  );
}

/** Whole epochs along the bottom. */
function epochAxis(x: Scale, last: number, top: number): string {
  const step = Math.max(
    1,
    ...x
      .ticks(10)
      .slice(1, 2)
      .map((tick) => tick - x.ticks(10)[0]!),
  );
  const ticks = x.ticks(10).filter((tick) => Number.isInteger(tick) && tick >= 1 && tick <= last);
  if (!ticks.includes(1) && ticks[0] !== undefined && ticks[0] - 1 >= step / 2) ticks.unshift(1);
  const labels = ticks.map((tick) => textAt(x(tick), 22, String(tick), { anchor: "middle" }));
  return `<g transform="translate(${LEFT} ${top})">${labels.join("")}${textAt(INNER + 24, 22, "epoch")}</g>`;
}

function subtitle(epochs: readonly EpochMetrics[], bestEpoch: number | null): string {
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const best = epochs.find(({ epoch }) => epoch === bestEpoch);
  const auroc = best?.val_auroc == null ? "" : `, mean validation AUROC ${fixed(best.val_auroc)}`;
  return [
    `${counted(epochs.length, "epoch")} in ${duration(seconds)}`,
    ...(best === undefined ? [] : [`kept: epoch ${best.epoch}${auroc}`]),
  ].join("  ·  ");
}

/**
 * Draw the curves of a run.
 *
 * @param epochs     At least one, rising.
 * @param bestEpoch  Whose weights were kept.
 * @param title      What stands above, such as the name of the run.
 * @returns          The text of an SVG file, the same for the same figures. Without a validation there is no AUROC panel.
 */
export function curvesSvg(
  epochs: readonly EpochMetrics[],
  bestEpoch: number | null = null,
  title = "Training curves",
): string {
  const [first, last] = [epochs[0]?.epoch ?? 1, epochs.at(-1)?.epoch ?? 1];
  const x = scaleLinear(first === last ? [first - 1, first + 1] : [first, last], [0, INNER]);
  const isJudged = epochs.some(({ val_auroc }) => val_auroc !== null && Number.isFinite(val_auroc));
  const panels = [
    lossPanel(epochs, x),
    ...(isJudged ? [aurocPanel(epochs, x, bestEpoch)] : []),
    ratePanel(epochs),
  ];
  let bottom = HEADER + 46 - GAP;
  const drawn = panels.map((panel) => {
    const top = bottom + GAP;
    bottom = top + panel.height;
    return drawPanel(panel, x, top, bestEpoch);
  });
  return picture(WIDTH, bottom + 46, title, [
    textAt(LEFT, 40, title, { ink: "title", size: 22, bold: true }),
    textAt(LEFT, 66, subtitle(epochs, bestEpoch), { size: 14 }),
    ...drawn,
    epochAxis(x, last, bottom),
  ]);
}
