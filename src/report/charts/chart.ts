/**
 * Small line charts as SVG: a panel with its grid, and lines that carry their names.
 *
 * A picture stands alone: no fonts, scripts or style sheets are fetched. Colours are attributes, made for white paper; a
 * style for dark screens is laid over them where a viewer knows such styles.
 *
 * Knows: numbers, scales and SVG. Not what is drawn.
 */

import type { ScaleContinuousNumeric } from "d3-scale";
import { line } from "d3-shape";

/** What an element is coloured by, on white and on dark. */
const INKS = {
  paper: ["#ffffff", "#12161c"],
  title: ["#16202c", "#f1f4f8"],
  text: ["#566374", "#a3afbf"],
  grid: ["#e2e7ed", "#2b333e"],
  mark: ["#8391a3", "#66727f"],
  blue: ["#2468b4", "#7db4f7"],
  orange: ["#c8540a", "#ffa35c"],
  grey: ["#566374", "#a3afbf"],
} as const;

export type Ink = keyof typeof INKS;

/** Attributes that fill an element with an ink, or draw its outline in it. */
export const fill = (ink: Ink): string => `class="f-${ink}" fill="${INKS[ink][0]}"`;
export const stroke = (ink: Ink): string => `class="s-${ink}" stroke="${INKS[ink][0]}"`;

/** Rules of a style sheet that set all inks for dark screens. */
export const DARK_RULES = Object.entries(INKS)
  .map(([ink, [, dark]]) => `.f-${ink}{fill:${dark}}.s-${ink}{stroke:${dark}}`)
  .join("");

/** The attribute of a broken line, so that lines are told apart without colours; nothing of a whole one. */
export const dashed = (dashes: string | undefined): string =>
  dashes === undefined ? "" : ` stroke-dasharray="${dashes}"`;

export const escapeXml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML does not allow them
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, " ");

/** A coordinate: a tenth of a pixel is enough. */
export const px = (value: number): string => Number(value.toFixed(1)).toString();

/** How a text is set; by default it starts at `x`, in the size of labels. */
export interface TextStyle {
  readonly ink?: Ink;
  readonly size?: number;
  readonly bold?: boolean;
  readonly anchor?: "start" | "middle" | "end";
}

/** A line of text; `y` is its baseline. */
export function textAt(x: number, y: number, words: string, style: TextStyle = {}): string {
  const { ink = "text", size = 13, bold = false, anchor = "start" } = style;
  return (
    `<text x="${px(x)}" y="${px(y)}" font-size="${size}"${bold ? ' font-weight="600"' : ""}` +
    `${anchor === "start" ? "" : ` text-anchor="${anchor}"`} ${fill(ink)}>${escapeXml(words)}</text>`
  );
}

const FONTS =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif";

/**
 * A picture within a page, whose style sheet has `DARK_RULES`: it fills the width that it is given.
 *
 * @param title  For those who do not see it.
 */
export function inlinePicture(width: number, height: number, title: string, body: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="${FONTS}">` +
    `<title>${escapeXml(title)}</title>${body}</svg>`
  );
}

/** A picture of its own, from parts drawn in its coordinates. */
export function picture(width: number, height: number, title: string, parts: readonly string[]): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
    `font-family="${FONTS}">\n` +
    `<title>${escapeXml(title)}</title>\n<style>@media (prefers-color-scheme: dark){${DARK_RULES}}</style>\n` +
    `<rect width="${width}" height="${height}" ${fill("paper")}/>\n${parts.join("\n")}\n</svg>\n`
  );
}

/** One line of a panel. Where a value is null or not finite, it is broken. */
export interface Series {
  readonly name: string;
  readonly ink: Ink;
  readonly points: readonly { readonly x: number; readonly value: number | null }[];
  /** A value in words, beside the name. */
  readonly format: (value: number) => string;
}

type Known = { readonly x: number; readonly value: number };

/** The points of a series that have a value. */
export const knownOf = ({ points }: Series): Known[] =>
  points.filter((point): point is Known => point.value !== null && Number.isFinite(point.value));

/** Heights of names beside the ends of their lines, at least a line of text apart. */
function apart(ends: readonly number[], bottom: number): number[] {
  const order = ends.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y);
  const heights = [...ends];
  let last = Number.NEGATIVE_INFINITY;
  for (const { y, i } of order) {
    last = Math.max(y, last + 18);
    heights[i] = last;
  }
  const over = Math.max(0, last - bottom);
  return heights.map((y) => y - over);
}

export type Scale = ScaleContinuousNumeric<number, number>;

/** Points are drawn one by one where there are so few that each can be told. */
const MANY = 40;

/** Lines, a dot at each point or at the end, and names beside the ends. */
export function lines(all: readonly Series[], x: Scale, y: Scale): string {
  const shown = all
    .map((series) => ({ series, known: knownOf(series) }))
    .filter(({ known }) => known.length > 0);
  const path = line<Series["points"][number]>(
    (point) => x(point.x),
    (point) => y(point.value ?? 0),
  )
    .defined(({ value }) => value !== null && Number.isFinite(value))
    .digits(1);
  const names = apart(
    shown.map(({ known }) => y(known.at(-1)!.value)),
    Math.max(...y.range()),
  );
  return shown
    .map(({ series: { name, ink, points, format }, known }, i) => {
      const last = known.at(-1)!;
      const dots = known.length <= MANY ? known : [last];
      const circles = dots.map(
        (dot) =>
          `<circle cx="${px(x(dot.x))}" cy="${px(y(dot.value))}" r="${dot === last ? 4 : 2.6}" ${fill(ink)}/>`,
      );
      return (
        `<path d="${path(points) ?? ""}" fill="none" stroke-width="2.2" stroke-linejoin="round" stroke-linecap="round" ${stroke(ink)}/>` +
        circles.join("") +
        textAt(x(last.x) + 14, names[i]! + 4.5, `${name} ${format(last.value)}`, {
          ink,
          bold: true,
        })
      );
    })
    .join("");
}

/** Lines across at the ticks of `y`, and their values left of it. */
export function grid(
  y: Scale,
  ticks: readonly number[],
  width: number,
  format: (tick: number) => string,
): string {
  return ticks
    .map(
      (tick) =>
        `<path d="M0 ${px(y(tick))}H${px(width)}" stroke-width="1" ${stroke("grid")}/>` +
        textAt(-12, y(tick) + 4.5, format(tick), { anchor: "end" }),
    )
    .join("");
}
