/**
 * A heatmap over its X-ray, with the finding's name and the scale of colours.
 *
 * Knows:      pixels and maps. Not files, models or encoders.
 * Reference:  pytorch-grad-cam's post-processing: ReLU, min–max, bilinear resize.
 */

import type { Region } from "../image/crop.ts";
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
}

/** The map between 0 and 1 by its smallest and largest value, as float64; all 0 where it is flat. */
function minMax(map: Float32Array): Float64Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of map) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = high - low;
  return Float64Array.from(map, (value) => (range > 0 ? (value - low) / range : 0));
}

/** For each of `size` pixels: the two cells of a map it lies between, and the weight of the second. */
function cells(size: number, start: number, extent: number, count: number) {
  const low = new Int32Array(size);
  const high = new Int32Array(size);
  const weight = new Float64Array(size);
  const inside = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const at = ((i + 0.5 - start) / extent) * count - 0.5;
    const clamped = Math.min(Math.max(at, 0), count - 1);
    low[i] = Math.floor(clamped);
    high[i] = Math.min(low[i]! + 1, count - 1);
    weight[i] = clamped - low[i]!;
    inside[i] = i + 0.5 >= start && i + 0.5 <= start + extent ? 1 : 0;
  }
  return { low, high, weight, inside };
}

/** Blend a map's colours over an image, more opaque where it is hotter. Outside the map's region the image stays. */
export function blend(image: RgbPixels, panel: Panel, colormap: ColormapName): RgbPixels {
  const { width, height } = image;
  const colours = colourTable(colormap);
  const heat = minMax(panel.map);
  const xs = cells(width, panel.region.x, panel.region.width, panel.width);
  const ys = cells(height, panel.region.y, panel.region.height, panel.height);
  const data = image.data.slice();
  for (let y = 0; y < height; y++) {
    if (ys.inside[y] === 0) continue;
    const [top, bottom] = [ys.low[y]! * panel.width, ys.high[y]! * panel.width];
    const down = ys.weight[y]!;
    for (let x = 0; x < width; x++) {
      if (xs.inside[x] === 0) continue;
      const [left, right] = [xs.low[x]!, xs.high[x]!];
      const across = xs.weight[x]!;
      const upper = heat[top + left]! * (1 - across) + heat[top + right]! * across;
      const lower = heat[bottom + left]! * (1 - across) + heat[bottom + right]! * across;
      const value = upper * (1 - down) + lower * down;
      const opacity = MAX_OPACITY * value * (2 - value);
      const colour = Math.round(value * 255) * 3;
      const at = (y * width + x) * 3;
      for (let c = 0; c < 3; c++)
        data[at + c] = data[at + c]! * (1 - opacity) + colours[colour + c]! * opacity + 0.5;
    }
  }
  return { width, height, data };
}

/**
 * What is written over a panel: its title at the top left, and the scale of colours at the bottom.
 *
 * @returns  An SVG of the panel's size, otherwise transparent.
 */
export function labelsSvg(width: number, height: number, panel: Panel, colormap: ColormapName): string {
  const size = Math.max(10, Math.round(Math.min(width, height) / 32));
  const pad = Math.round(size * 0.6);
  const isFlat = panel.map.every((value) => value === panel.map[0]);
  const title = caption(isFlat ? `${panel.title} · nothing speaks for it` : panel.title, size);
  const [low, high] = [caption("0", size * 0.75), caption("max", size * 0.75)];
  const barWidth = Math.round(Math.min(width * 0.3, size * 10));
  const barHeight = Math.round(size * 0.6);
  const barX = pad * 2 + low.width;
  const barY = height - pad - barHeight;
  const colours = colourTable(colormap);
  const stops = Array.from({ length: 17 }, (_, i) => {
    const at = Math.round((i / 16) * 255) * 3;
    return `<stop offset="${i / 16}" stop-color="rgb(${colours[at]},${colours[at + 1]},${colours[at + 2]})"/>`;
  });
  const plate = (x: number, y: number, w: number, h: number) =>
    `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${size / 4}" fill="#000" fill-opacity="0.6"/>`;
  const scaleWidth = barX + barWidth + pad + high.width;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    `<defs><linearGradient id="heat">${stops.join("")}</linearGradient></defs>`,
    plate(pad / 2, pad / 2, title.width + pad, size + pad),
    `<g fill="#fff" transform="translate(${pad} ${pad / 2 + size})">${title.svg}</g>`,
    plate(pad / 2, barY - pad / 2, scaleWidth, barHeight + pad),
    `<g fill="#fff" transform="translate(${pad} ${barY + barHeight * 0.9})">${low.svg}</g>`,
    `<rect x="${barX}" y="${barY}" width="${barWidth}" height="${barHeight}" fill="url(#heat)"/>`,
    `<g fill="#fff" transform="translate(${barX + barWidth + pad / 2} ${barY + barHeight * 0.9})">${high.svg}</g>`,
    "</svg>",
  ].join("");
}

/** Rows and columns of a grid of panels, nearly square. */
export function gridOf(count: number): { columns: number; rows: number } {
  const columns = Math.ceil(Math.sqrt(count));
  return { columns, rows: Math.ceil(count / columns) };
}
