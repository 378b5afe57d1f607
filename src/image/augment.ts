/**
 * Varied views of an X-ray for training: cropped, mirrored, slightly rotated, with another contrast.
 *
 * Pipeline:   decode → **crop** → resize → **flip → rotate → contrast** → normalise
 * Knows:      samples and random numbers. Not files.
 * Reference:  torchvision.transforms on PIL images: RandomResizedCrop (get_params), hflip, rotate, adjust_contrast.
 */

import { adjustContrast } from "./contrast.ts";
import { mirrorRows, type Region, roundHalfEven } from "./crop.ts";
import type { Raster8 } from "./resample.ts";
import { rotateBilinear } from "./rotate.ts";

/** How images are varied: not at all, mirrored half of the time, or in all the ways in this file. */
export const AUGMENTATIONS = ["none", "flip", "standard"] as const;

export type Augmentation = (typeof AUGMENTATIONS)[number];

/** One view of an image, as plain data. */
export interface AugmentedView {
  /** In whole pixels, within the image. */
  readonly crop: Region;
  readonly flip: boolean;
  /** In degrees, counter-clockwise. */
  readonly angle: number;
  /** 1 leaves the image as it is; 0 makes it the mean grey. */
  readonly contrast: number;
}

/** The source of random numbers, such as a `Random`. */
interface Draws {
  uniform(low: number, high: number): number;
  int(bound: number): number;
  chance(probability: number): boolean;
}

/** Shares of the area and ratios of width to height: crops keep most of an X-ray and nearly its proportions. */
const AREA = [0.8, 1] as const;
const ASPECT = [0.9, 1.1] as const;
const TRIES = 10;
const MAX_ANGLE = 7;
const MAX_CONTRAST = 0.15;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest centred crop whose proportions are in range, for images that are too tall or too wide. */
function centredCrop({ width, height }: Size): Region {
  const narrowed = { width, height };
  if (width / height < ASPECT[0]) narrowed.height = roundHalfEven(width / ASPECT[0]);
  else if (width / height > ASPECT[1]) narrowed.width = roundHalfEven(height * ASPECT[1]);
  return {
    x: Math.floor((width - narrowed.width) / 2),
    y: Math.floor((height - narrowed.height) / 2),
    ...narrowed,
  };
}

/**
 * A crop as `RandomResizedCrop.get_params` draws it: 80–100 % of the area, 0.9 to 1.1 times as wide as high. If none of
 * ten attempts fits, the largest centred crop is used.
 */
export function randomCrop(draws: Draws, { width, height }: Size): Region {
  for (let i = 0; i < TRIES; i++) {
    const area = width * height * draws.uniform(...AREA);
    const aspect = Math.exp(draws.uniform(Math.log(ASPECT[0]), Math.log(ASPECT[1])));
    const w = roundHalfEven(Math.sqrt(area * aspect));
    const h = roundHalfEven(Math.sqrt(area / aspect));
    if (w > 0 && w <= width && h > 0 && h <= height) {
      // torchvision draws the row first.
      const y = draws.int(height - h + 1);
      return { x: draws.int(width - w + 1), y, width: w, height: h };
    }
  }
  return centredCrop({ width, height });
}

/**
 * Draw a view of an image.
 *
 * @param draws  This image's own stream, such as `Random.of(seed, "view", epoch, image)`.
 * @param size   Size of the image in pixels.
 */
export function drawView(draws: Draws, kind: Exclude<Augmentation, "none">, size: Size): AugmentedView {
  const { width, height } = size;
  if (kind === "flip") {
    return { crop: { x: 0, y: 0, width, height }, flip: draws.chance(0.5), angle: 0, contrast: 1 };
  }
  return {
    crop: randomCrop(draws, size),
    flip: draws.chance(0.5),
    angle: draws.uniform(-MAX_ANGLE, MAX_ANGLE),
    contrast: draws.uniform(1 - MAX_CONTRAST, 1 + MAX_CONTRAST),
  };
}

/** Apply what follows the resize: flip, rotation and contrast, in this order. The image is not modified. */
export function applyView(image: Raster8, view: Omit<AugmentedView, "crop">): Raster8 {
  const flipped = view.flip ? { ...image, data: mirrorRows(image) } : image;
  return adjustContrast(rotateBilinear(flipped, view.angle), view.contrast);
}

/** What `applyView` does, as steps for the receipt. */
export function describeView({ flip, angle, contrast }: AugmentedView): string[] {
  return [
    ...(flip ? ["flip"] : []),
    ...(angle === 0 ? [] : [`rotate ${angle.toFixed(2)} degrees`]),
    ...(contrast === 1 ? [] : [`contrast ${contrast.toFixed(3)}`]),
  ];
}
