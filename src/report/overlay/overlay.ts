/**
 * A heatmap over its X-ray, with the finding's name and the scale of colours.
 *
 * Knows:      pixels and maps. Not files, models or encoders.
 * Reference:  pytorch-grad-cam's post-processing: ReLU, min–max, bilinear resize.
 */

import { cellWeights, minMax } from "../../heatmaps/upsample.ts";
import type { Region } from "../../image/crop.ts";
import { caption } from "./caption.ts";
import type { ColormapName } from "./colormap.ts";
import { colourTable } from "./colormap.ts";

/** Share of the heat's colour at the hottest place. */
const MAX_OPACITY = 0.6;

/** RGB samples, row by row, interleaved. */
export interface RgbPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** One finding's map, and what is written on its panel. */
export interface Panel {
  /** height × width values ≥ 0. */
  readonly map: Float32Array;
  readonly height: number;
  readonly width: number;
  /** The part of the image that the map covers, in its pixels. */
  readonly region: Region;
  readonly title: string;
  /** A second line, in smaller letters. */
  readonly remark?: string;
  /** Where the finding is known to be, in the image's pixels. */
  readonly boxes: readonly Region[];
}

/** What each level of heat does to a pixel: how much of it stays, and which colour is added. */
interface Mixture {
  readonly stays: Float64Array;
  readonly red: Float64Array;
  readonly green: Float64Array;
  readonly blue: Float64Array;
}

const LEVELS = 1023;

/**
 * A level's colour is interpolated: between neighbouring levels no sample differs by as much as 1, so that maps which differ
 * by their rounding alone give pictures which differ by one level at most.
 */
function mixtures(colormap: ColormapName): Mixture {
  const colours = colourTable(colormap);
  const colourAt = (heat: number, channel: number): number => {
    const position = heat * 255;
    const below = Math.min(254, Math.floor(position));
    const [low, high] = [colours[below * 3 + channel]!, colours[(below + 1) * 3 + channel]!];
    return low + (high - low) * (position - below);
  };
  const level = (at: (heat: number, opacity: number) => number) =>
    Float64Array.from({ length: LEVELS + 1 }, (_, i) => {
      const heat = i / LEVELS;
      return at(heat, MAX_OPACITY * heat * (2 - heat));
    });
  const colour = (channel: number) => level((heat, opacity) => opacity * colourAt(heat, channel) + 0.5);
  return { stays: level((_, opacity) => 1 - opacity), red: colour(0), green: colour(1), blue: colour(2) };
}

/** Blend a map's colours over an image, more opaque where it is hotter. Outside the map's region the image stays. */
export function blend(image: RgbPixels, panel: Panel, colormap: ColormapName): RgbPixels {
  const { width, height } = image;
  const { stays, red, green, blue } = mixtures(colormap);
  const heat = minMax(panel.map);
  const xs = cellWeights(width, panel.region.x, panel.region.width, panel.width);
  const ys = cellWeights(height, panel.region.y, panel.region.height, panel.height);
  const data = image.data.slice();
  const row = new Float64Array(panel.width);
  for (let y = 0; y < height; y++) {
    if (ys.inside[y] === 0) continue;
    const [top, bottom] = [ys.low[y]! * panel.width, ys.high[y]! * panel.width];
    const down = ys.weight[y]!;
    for (let i = 0; i < row.length; i++)
      row[i] = (heat[top + i]! * (1 - down) + heat[bottom + i]! * down) * LEVELS;
    for (let x = 0, at = y * width * 3; x < width; x++, at += 3) {
      if (xs.inside[x] === 0) continue;
      const left = row[xs.low[x]!]!;
      const level = Math.round(left + (row[xs.high[x]!]! - left) * xs.weight[x]!);
      const kept = stays[level]!;
      data[at] = data[at]! * kept + red[level]!;
      data[at + 1] = data[at + 1]! * kept + green[level]!;
      data[at + 2] = data[at + 2]! * kept + blue[level]!;
    }
  }
  return { width, height, data };
}

/**
 * Draw the outline of a box onto `image`, which is modified: white between black lines, to be seen on any colour. The
 * white line runs just outside the box.
 *
 * @param box  In pixels of the image; what lies outside it is cut off.
 */
export function outline(image: RgbPixels, { x, y, width, height }: Region): void {
  const line = Math.max(1, Math.round(Math.min(image.width, image.height) / 300));
  const frame = (distance: number, value: number) => {
    const left = Math.round(x) - distance;
    const top = Math.round(y) - distance;
    const right = Math.round(x + width) + distance;
    const bottom = Math.round(y + height) + distance;
    fill(image, left, top, right, top + line, value);
    fill(image, left, bottom - line, right, bottom, value);
    fill(image, left, top, left + line, bottom, value);
    fill(image, right - line, top, right, bottom, value);
  };
  frame(2 * line, 0);
  frame(0, 0);
  frame(line, 255);
}

/** Set all samples of a rectangle, right and bottom edge excluded. */
function fill(
  { width, height, data }: RgbPixels,
  left: number,
  top: number,
  right: number,
  bottom: number,
  value: number,
): void {
  const from = Math.max(left, 0);
  const to = Math.min(right, width);
  if (from >= to) return;
  for (let y = Math.max(top, 0); y < Math.min(bottom, height); y++) {
    data.fill(value, (y * width + from) * 3, (y * width + to) * 3);
  }
}

/** Something small that is drawn on a panel. */
export interface Label {
  readonly left: number;
  readonly top: number;
  /** An SVG of its own size. */
  readonly svg: string;
}

function svg(width: number, height: number, corner: number, body: string): string {
  const plate = `<rect width="${width}" height="${height}" rx="${corner}" fill="#000" fill-opacity="0.6"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${plate}${body}</svg>`;
}

/** What is written on a panel: its title at the top left, and the scale of colours at the bottom left. */
export function panelLabels(width: number, height: number, panel: Panel, colormap: ColormapName): Label[] {
  const size = Math.max(10, Math.round(Math.min(width, height) / 32));
  const pad = Math.round(size * 0.6);
  const edge = Math.round(pad / 2);
  const isFlat = panel.map.every((value) => value === panel.map[0]);
  const room = width - 2 * edge;
  const title = plate(isFlat ? `${panel.title} · nothing speaks for it` : panel.title, size, pad, room);
  return [
    { left: edge, top: edge, svg: title.svg },
    ...(panel.remark === undefined
      ? []
      : [
          {
            left: edge,
            top: 2 * edge + title.height,
            svg: plate(panel.remark, size * 0.8, pad * 0.8, room).svg,
          },
        ]),
    { left: edge, top: height - edge - scaleHeight(size, pad), svg: scaleSvg(width, size, pad, colormap) },
  ];
}

/** Words on a dark plate, in letters of this size or of one that fits the room. */
function plate(words: string, size: number, pad: number, room: number): { svg: string; height: number } {
  const wide = caption(words, size);
  const fit = Math.min(1, room / (wide.width + pad));
  const text = fit < 1 ? caption(words, size * fit) : wide;
  const height = Math.ceil((size + pad) * fit);
  const body = `<g fill="#fff" transform="translate(${(pad * fit) / 2} ${size * fit})">${text.svg}</g>`;
  return { svg: svg(Math.ceil(text.width + pad * fit), height, size / 4, body), height };
}

const scaleHeight = (size: number, pad: number): number => Math.round(size * 0.6) + pad;

/** The bar of colours between `0` and `max`. */
function scaleSvg(width: number, size: number, pad: number, colormap: ColormapName): string {
  const [low, high] = [caption("0", size * 0.75), caption("max", size * 0.75)];
  const barWidth = Math.round(Math.min(width * 0.3, size * 10));
  const barHeight = Math.round(size * 0.6);
  const barX = pad + low.width;
  const top = pad / 2;
  const baseline = top + barHeight * 0.9;
  const colours = colourTable(colormap);
  const stops = Array.from({ length: 17 }, (_, i) => {
    const at = Math.round((i / 16) * 255) * 3;
    return `<stop offset="${i / 16}" stop-color="rgb(${colours[at]},${colours[at + 1]},${colours[at + 2]})"/>`;
  });
  const body = [
    `<defs><linearGradient id="heat">${stops.join("")}</linearGradient></defs>`,
    `<g fill="#fff" transform="translate(${pad / 2} ${baseline})">${low.svg}</g>`,
    `<rect x="${barX}" y="${top}" width="${barWidth}" height="${barHeight}" fill="url(#heat)"/>`,
    `<g fill="#fff" transform="translate(${barX + barWidth + pad / 2} ${baseline})">${high.svg}</g>`,
  ];
  const total = Math.ceil(barX + barWidth + pad + high.width);
  return svg(total, scaleHeight(size, pad), size / 4, body.join(""));
}

/** Samples with opacity, row by row, interleaved RGBA. */
export interface RgbaPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Draw `stamp` onto `image`, which is modified; what lies outside is cut off. */
export function drawOnto(image: RgbPixels, stamp: RgbaPixels, left: number, top: number): void {
  for (let y = 0; y < stamp.height && y + top < image.height; y++) {
    for (let x = 0; x < stamp.width && x + left < image.width; x++) {
      const from = (y * stamp.width + x) * 4;
      const to = ((y + top) * image.width + x + left) * 3;
      const opacity = stamp.data[from + 3]! / 255;
      for (let c = 0; c < 3; c++) {
        image.data[to + c] = image.data[to + c]! * (1 - opacity) + stamp.data[from + c]! * opacity + 0.5;
      }
    }
  }
}

/** Copy `tile` into `canvas`, which is modified. */
export function place(canvas: RgbPixels, tile: RgbPixels, left: number, top: number): void {
  for (let y = 0; y < tile.height; y++) {
    const row = tile.data.subarray(y * tile.width * 3, (y + 1) * tile.width * 3);
    canvas.data.set(row, ((y + top) * canvas.width + left) * 3);
  }
}

/** Rows and columns of a grid of panels, nearly square. */
export function gridOf(count: number): { columns: number; rows: number } {
  const columns = Math.ceil(Math.sqrt(count));
  return { columns, rows: Math.ceil(count / columns) };
}
