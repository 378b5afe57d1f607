/**
 * Forest plots: figures with their intervals, row below row.
 *
 * Knows: figures, scales and SVG. Not what the rows are.
 */

import { scaleLinear } from "d3-scale";
import type { BootstrapFigure } from "../../../evaluation/replicated.ts";
import { fill, inlinePicture, picture, px, stroke, textAt } from "../../charts/chart.ts";

/** A row, or with nothing but a name a heading. */
export interface ForestRow {
  readonly name: string;
  readonly figure?: BootstrapFigure | null;
  /** The figure in words, at the right. */
  readonly words?: string;
  /** Other figures of the same row, by the index of their kind in the plot. */
  readonly others?: readonly (number | null)[];
}

/** A forest plot. */
export interface Forest {
  readonly title: string;
  /** Below the axis. */
  readonly axis: string;
  readonly rows: readonly ForestRow[];
  /** Where a dotted line goes down: no difference, or the figure of all. */
  readonly line?: number;
  /** What other figures are, at most three: a square, a diamond, a cross. */
  readonly kinds?: readonly string[];
  /** The lowest and highest value of the axis that make sense, such as 0 and 1. */
  readonly limits: readonly [low: number, high: number];
}

const WIDTH = 860;
const LEFT = 190;
const RIGHT = 210;
const INNER = WIDTH - LEFT - RIGHT;
const ROW = 24;
const TOP = 16;
const FOOT = 52;

const MARKS: readonly ((x: string, y: number) => string)[] = [
  (x, y) => `M${x} ${y}m-4 -4h8v8h-8z`,
  (x, y) => `M${x} ${y}m0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z`,
  (x, y) => `M${x} ${y}m-4 -4l8 8m0 -8l-8 8`,
];

/** From the lowest to the highest of all that is drawn, with some air. */
function scaleOf({ rows, line, limits }: Forest) {
  const values = rows.flatMap(({ figure, others = [] }) => [
    ...(figure
      ? [figure.value, figure.interval?.low ?? figure.value, figure.interval?.high ?? figure.value]
      : []),
    ...others.filter((other) => other !== null),
  ]);
  const all = [...values, ...(line === undefined ? [] : [line])];
  const [low, high] = all.length === 0 ? limits : [Math.min(...all), Math.max(...all)];
  const air = Math.max((high - low) * 0.06, 1e-3);
  const [from, to] = scaleLinear([Math.max(limits[0], low - air), Math.min(limits[1], high + air)], [0, 1])
    .nice(6)
    .domain() as [number, number];
  return scaleLinear([Math.max(limits[0], from), Math.min(limits[1], to)], [0, INNER]);
}

function drawRow(
  { name, figure, words, others = [] }: ForestRow,
  x: ReturnType<typeof scaleOf>,
  y: number,
): string {
  if (figure === undefined) return textAt(-LEFT, y + 4.5, name, { ink: "title", bold: true });
  const parts = [textAt(-LEFT + 12, y + 4.5, name, { ink: "title" })];
  for (const [kind, other] of others.entries()) {
    if (other === null) continue;
    parts.push(
      `<path d="${MARKS[kind]!(px(x(other)), y)}" fill="none" stroke-width="1.4" ${stroke("mark")}/>`,
    );
  }
  if (figure !== null) {
    const { value, interval } = figure;
    if (interval !== null)
      parts.push(
        `<path d="M${px(x(interval.low))} ${y}H${px(x(interval.high))}" stroke-width="2" ${stroke("blue")}/>`,
      );
    parts.push(`<circle cx="${px(x(value))}" cy="${y}" r="4.5" ${fill("blue")}/>`);
  }
  parts.push(textAt(INNER + 16, y + 4.5, words ?? "–", { size: 12.5 }));
  return parts.join("");
}

function drawKinds(kinds: readonly string[], y: number): string {
  let at = 0;
  return kinds
    .map((kind, k) => {
      const mark = `<path d="${MARKS[k]!(px(at + 6), y - 4)}" fill="none" stroke-width="1.4" ${stroke("mark")}/>`;
      const words = textAt(at + 18, y, kind, { size: 12 });
      at += 40 + kind.length * 6.6;
      return mark + words;
    })
    .join("");
}

/** The plot's contents and its height. */
function draw(forest: Forest): { body: string; height: number } {
  const { rows, axis, line, kinds = [] } = forest;
  const x = scaleOf(forest);
  const bottom = TOP + rows.length * ROW;
  const ticks = x.ticks(6);
  const format = x.tickFormat(6);
  const body = [
    ...ticks.map(
      (tick) =>
        `<path d="M${px(x(tick))} ${TOP - 8}V${bottom}" stroke-width="1" ${stroke("grid")}/>` +
        textAt(x(tick), bottom + 18, format(tick), { size: 12, anchor: "middle" }),
    ),
    ...(line === undefined
      ? []
      : [
          `<path d="M${px(x(line))} ${TOP - 8}V${bottom}" stroke-width="1.3" stroke-dasharray="2 4" ${stroke("title")}/>`,
        ]),
    ...rows.map((row, i) => drawRow(row, x, TOP + (i + 0.5) * ROW)),
    textAt(INNER / 2, bottom + 38, axis, { size: 12, anchor: "middle" }),
    kinds.length === 0 ? "" : drawKinds(kinds, bottom + 60),
  ].join("");
  return {
    body: `<g transform="translate(${LEFT} 0)">${body}</g>`,
    height: bottom + FOOT + (kinds.length === 0 ? 0 : 22),
  };
}

/** Within a page. */
export function inlineForest(forest: Forest): string {
  const { body, height } = draw(forest);
  return inlinePicture(WIDTH, height, forest.title, body);
}

/** As a picture of its own. */
export function forestSvg(forest: Forest): string {
  const { body, height } = draw(forest);
  return picture(WIDTH + 48, height + 60, forest.title, [
    textAt(24, 34, forest.title, { ink: "title", size: 18, bold: true }),
    `<g transform="translate(24 52)">${body}</g>`,
  ]);
}
