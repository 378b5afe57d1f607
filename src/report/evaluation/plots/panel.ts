/**
 * Small square charts of one finding, all of one size: to be set side by side.
 *
 * Knows: scales and SVG. Not what is drawn.
 */

import { type ScaleLinear, scaleLinear } from "d3-scale";
import { inlinePicture, picture, px, stroke, textAt } from "../../charts/chart.ts";
import { tickFormat } from "../../words/numbers.ts";

/** Extents of a panel, and of the square in it. */
const PANEL = { width: 258, height: 288, left: 50, top: 46, side: 196 } as const;

/** Where words begin. */
const EDGE = 8;

/** A drawn panel: its contents, from its own top left. */
export interface Panel {
  /** For those who do not see it. */
  readonly title: string;
  readonly body: string;
}

/** The axes of a panel. */
export interface Axes {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

/** Axes that end where the data do; from 0 to 1 unless said otherwise. */
export function axesTo(endX = 1, endY = 1): Axes {
  return {
    x: scaleLinear([0, endX], [0, PANEL.side]),
    y: scaleLinear([0, endY], [PANEL.side, 0]),
  };
}

/** What stands around a square. */
export interface Frame {
  readonly title: string;
  readonly remark: string;
  readonly xLabel: string;
  readonly yLabel: string;
}

function ticks({ x, y }: Axes): string {
  const [xs, ys] = [x.ticks(2), y.ticks(2)];
  const [xFormat, yFormat] = [tickFormat(xs), tickFormat(ys)];
  const { side } = PANEL;
  return [
    ...xs.map((tick) => {
      const at = px(x(tick));
      return (
        `<path d="M${at} 0V${side}" stroke-width="1" ${stroke("grid")}/>` +
        textAt(x(tick), side + 16, xFormat(tick), { size: 11, anchor: "middle" })
      );
    }),
    ...ys.map((tick) => {
      const at = px(y(tick));
      return (
        `<path d="M0 ${at}H${side}" stroke-width="1" ${stroke("grid")}/>` +
        textAt(-6, y(tick) + 4, yFormat(tick), { size: 11, anchor: "end" })
      );
    }),
  ].join("");
}

/** A panel: its frame, and what is drawn in the square. */
export function panelOf({ title, remark, xLabel, yLabel }: Frame, axes: Axes, drawing: string): Panel {
  const { left, top, side } = PANEL;
  const body =
    textAt(EDGE, 18, title, { ink: "title", size: 14, bold: true }) +
    textAt(EDGE, 35, remark, { size: 11.5 }) +
    `<g transform="translate(${left} ${top})">${ticks(axes)}${drawing}</g>` +
    textAt(left + side / 2, top + side + 36, xLabel, { size: 11, anchor: "middle" }) +
    `<g transform="translate(${EDGE + 4} ${top + side / 2}) rotate(-90)">${textAt(0, 0, yLabel, { size: 11, anchor: "middle" })}</g>`;
  return { title: `${title}: ${remark}`, body };
}

/** A panel within a page. */
export const inlinePanel = ({ title, body }: Panel): string =>
  inlinePicture(PANEL.width, PANEL.height, title, body);

const MARGIN = 20;
const TITLE = 34;
const LEGEND_LINE = 16;
/** Of the legend, about, in pixels. */
const CHARACTER = 6.4;

/** Words in lines of at most so many characters. */
function wrapped(words: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** All panels as a picture of its own, with a heading and words that explain them. */
export function sheetOf(panels: readonly Panel[], title: string, legend: string): string {
  const columns = Math.min(4, panels.length);
  const rows = Math.ceil(panels.length / columns);
  const width = columns * PANEL.width + 2 * MARGIN;
  const words = wrapped(legend, Math.floor((width - 2 * MARGIN - 8) / CHARACTER));
  const header = TITLE + words.length * LEGEND_LINE + 14;
  const height = rows * PANEL.height + header + MARGIN;
  return picture(width, height, title, [
    textAt(MARGIN + 8, 30, title, { ink: "title", size: 18, bold: true }),
    ...words.map((line, i) => textAt(MARGIN + 8, TITLE + (i + 1) * LEGEND_LINE, line, { size: 12 })),
    ...panels.map(({ body }, i) => {
      const x = MARGIN + (i % columns) * PANEL.width;
      const y = header + Math.floor(i / columns) * PANEL.height;
      return `<g transform="translate(${x} ${y})">${body}</g>`;
    }),
  ]);
}
