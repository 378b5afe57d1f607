/**
 * Views of an X-ray for training: a crop, a mirror, a small turn, another contrast.
 *
 * Pipeline:   decode → **crop** → resize → **flip → rotate → contrast** → normalise
 * Knows:      samples and random numbers. Not files.
 * Reference:  torchvision.transforms RandomResizedCrop (get_params), hflip, rotate, adjust_contrast on PIL images:
 *             PIL's affine transform with its bilinear filter, and ImageEnhance.Contrast.
 */

import type { Random } from "../random.ts";
import { luma } from "./colour.ts";
import type { Region } from "./crop.ts";
import type { Raster8 } from "./resample.ts";

/** How images are varied: not at all, mirrored half of the time, or by all that is below. */
export const AUGMENTATIONS = ["none", "flip", "standard"] as const;

export type Augmentation = (typeof AUGMENTATIONS)[number];

/** One view of an image. */
export interface AugmentedView {
  /** In the image's pixels. */
  readonly crop: Region;
  readonly flip: boolean;
  /** In degrees, counter-clockwise. */
  readonly angle: number;
  /** 1 is as it was, 0 a grey of the mean. */
  readonly contrast: number;
}

/** Chest X-rays keep most of their area and nearly their proportions. */
const CROP = { area: [0.8, 1], aspect: [0.9, 1 / 0.9], tries: 10 } as const;
const MAX_ANGLE = 7;
const MAX_CONTRAST = 0.15;

/** A crop as `RandomResizedCrop.get_params` draws it; the whole image where none fits. */
function randomCrop(random: Random, width: number, height: number): Region {
  for (let i = 0; i < CROP.tries; i++) {
    const area = width * height * random.uniform(...CROP.area);
    const aspect = Math.exp(random.uniform(Math.log(CROP.aspect[0]), Math.log(CROP.aspect[1])));
    const [w, h] = [Math.round(Math.sqrt(area * aspect)), Math.round(Math.sqrt(area / aspect))];
    if (w > 0 && w <= width && h > 0 && h <= height) {
      return { x: random.int(width - w + 1), y: random.int(height - h + 1), width: w, height: h };
    }
  }
  return { x: 0, y: 0, width, height };
}

/** Draw a view of an image of this size. */
export function drawView(
  random: Random,
  kind: Exclude<Augmentation, "none">,
  { width, height }: { width: number; height: number },
): AugmentedView {
  if (kind === "flip") {
    return { crop: { x: 0, y: 0, width, height }, flip: random.chance(0.5), angle: 0, contrast: 1 };
  }
  return {
    crop: randomCrop(random, width, height),
    flip: random.chance(0.5),
    angle: random.uniform(-MAX_ANGLE, MAX_ANGLE),
    contrast: random.uniform(1 - MAX_CONTRAST, 1 + MAX_CONTRAST),
  };
}

/** Cut out a region that lies within the image. */
export function cropRegion(image: Raster8, { x, y, width, height }: Region): Raster8 {
  if (width === image.width && height === image.height) return image;
  const { channels } = image;
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * image.width + x) * channels;
    data.set(image.data.subarray(from, from + width * channels), row * width * channels);
  }
  return { width, height, channels, data };
}

function flip({ width, height, channels, data }: Raster8): Raster8 {
  const mirrored = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [from, to] = [(y * width + x) * channels, (y * width + width - 1 - x) * channels];
      for (let c = 0; c < channels; c++) mirrored[to + c] = data[from + c]!;
    }
  }
  return { width, height, channels, data: mirrored };
}

/** Python's `round(value, 15)`, near enough for sines: PIL rounds its matrix so. */
const round15 = (value: number): number => Number(value.toFixed(15));

/** PIL's `rotate(angle, BILINEAR)`: about the centre, black where nothing is known. */
function rotate(image: Raster8, degrees: number): Raster8 {
  const { width, height, channels, data } = image;
  const angle = (-(((degrees % 360) + 360) % 360) * Math.PI) / 180;
  const [cos, sin] = [round15(Math.cos(angle)), round15(Math.sin(angle))];
  const [cx, cy] = [width / 2, height / 2];
  const [ox, oy] = [cos * -cx + sin * -cy + cx, -sin * -cx + cos * -cy + cy];
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const px = cos * (x + 0.5) + sin * (y + 0.5) + ox;
      const py = -sin * (x + 0.5) + cos * (y + 0.5) + oy;
      if (px < 0 || px >= width || py < 0 || py >= height) continue;
      const [left, top] = [Math.floor(px - 0.5), Math.floor(py - 0.5)];
      const [dx, dy] = [px - 0.5 - left, py - 0.5 - top];
      // Beyond an edge, PIL repeats it.
      const [x0, x1] = [Math.max(left, 0), Math.min(left + 1, width - 1)];
      const [y0, y1] = [Math.max(top, 0), top + 1 < height ? top + 1 : Math.max(top, 0)];
      for (let c = 0; c < channels; c++) {
        const at = (column: number, row: number) => data[(row * width + column) * channels + c]!;
        const upper = at(x0, y0) + (at(x1, y0) - at(x0, y0)) * dx;
        const lower = at(x0, y1) + (at(x1, y1) - at(x0, y1)) * dx;
        turned[(y * width + x) * channels + c] = upper + (lower - upper) * dy;
      }
    }
  }
  return { width, height, channels, data: turned };
}

/** PIL's `ImageEnhance.Contrast`: away from the mean grey, or towards it. */
function changeContrast({ width, height, channels, data }: Raster8, factor: number): Raster8 {
  const grey = channels === 3 ? luma(data) : data;
  let sum = 0;
  for (const value of grey) sum += value;
  const mean = Math.floor(sum / grey.length + 0.5);
  const table = Uint8Array.from({ length: 256 }, (_, value) =>
    Math.min(255, Math.max(0, Math.fround(mean + Math.fround(factor) * (value - mean)))),
  );
  return { width, height, channels, data: data.map((value) => table[value]!) };
}

/** What is done after the resize: flip, rotate, contrast. The image is not modified. */
export function applyView(image: Raster8, view: Omit<AugmentedView, "crop">): Raster8 {
  const flipped = view.flip ? flip(image) : image;
  const turned = view.angle === 0 ? flipped : rotate(flipped, view.angle);
  return view.contrast === 1 ? turned : changeContrast(turned, view.contrast);
}
