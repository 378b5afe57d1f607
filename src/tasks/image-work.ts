/**
 * What is done with image files: preparing one for the network, and drawing heatmaps over one.
 *
 * Pipeline:   file → bytes → pixels → **input**;  **pixels + maps → JPEG**
 * Knows:      files, images and overlays. Not models. Runs on a worker thread (`image-worker.ts`).
 */

import { XrayError } from "../errors.ts";
import { toEightBits } from "../image/colour.ts";
import type { Region } from "../image/crop.ts";
import type { Preparation } from "../image/preparation.ts";
import { type DecodedImage, type PreparedImage, prepareImage } from "../image/prepare.ts";
import { type Raster8, resizeBilinear } from "../image/resample.ts";
import { MAX_IMAGE_BYTES, readWhole } from "../node/files.ts";
import { type CanvasTile, decodeRaster, encodeCanvas } from "../node/raster.ts";
import type { ColormapName } from "../report/colormap.ts";
import { blend, gridOf, labelsSvg, type Panel, type RgbPixels } from "../report/overlay.ts";

/** An image: a path, or the bytes of an image file. */
export type ImageSource = string | Uint8Array;

/** More panels than this are drawn smaller. */
const FULL_SIZE_PANELS = 4;
const SMALL_PANEL = 512;
const GAP = 8;

/** What a picture of heatmaps is made of. */
export interface OverlayPlan {
  readonly source: ImageSource;
  /** One per finding; at least one. */
  readonly panels: readonly { readonly map: Float32Array; readonly title: string }[];
  /** Extents of each map. */
  readonly height: number;
  readonly width: number;
  /** The part of the image that the maps cover, in its pixels. */
  readonly region: Region;
  readonly colormap: ColormapName;
}

/** Does the work on image files, one after the other. Remembers the last image that it decoded. */
export class ImageWork {
  #last: { source: ImageSource; image: Promise<DecodedImage> } | undefined;

  /** Read and decode. Throws as `readWhole` and `decodeRaster`. */
  decode(source: ImageSource): Promise<DecodedImage> {
    if (this.#last?.source === source) return this.#last.image;
    const image = decodeSource(source);
    this.#last = { source, image };
    return image;
  }

  /** Prepare an image; decoding begins before the preparation is known. */
  async prepare(source: ImageSource, preparation: Promise<Preparation>): Promise<PreparedImage> {
    const decoding = this.decode(source);
    const [decoded, steps] = await Promise.all([decoding, preparation]);
    return prepareImage(decoded, steps);
  }

  /**
   * Draw heatmaps over their X-ray: one picture at its own resolution, or a grid of labelled panels.
   *
   * @returns  Bytes of a JPEG file.
   */
  async draw(plan: OverlayPlan): Promise<Uint8Array> {
    const original = toRgb(await this.decode(plan.source));
    const { image, scale } = shrink(original, plan.panels.length);
    const { columns, rows } = gridOf(plan.panels.length);
    const { region, height, width, colormap } = plan;
    const scaled = scaleRegion(region, scale);
    const tiles = plan.panels.map(({ map, title }, i): CanvasTile => {
      const panel: Panel = { map, height, width, region: scaled, title };
      return {
        ...blend(image, panel, colormap),
        left: (i % columns) * (image.width + GAP),
        top: Math.floor(i / columns) * (image.height + GAP),
        svg: labelsSvg(image.width, image.height, panel, colormap),
      };
    });
    return encodeCanvas(columns * (image.width + GAP) - GAP, rows * (image.height + GAP) - GAP, tiles);
  }
}

async function decodeSource(source: ImageSource): Promise<DecodedImage> {
  return decodeRaster(typeof source === "string" ? await readWhole(source, MAX_IMAGE_BYTES) : source);
}

/** The X-ray as 8-bit RGB, at its own resolution. */
function toRgb({ width, height, channels, data }: DecodedImage): RgbPixels {
  const samples = data instanceof Uint16Array ? toEightBits(data) : data;
  if (channels === 3) return { width, height, data: samples };
  const rgb = new Uint8Array(samples.length * 3);
  for (let i = 0, to = 0; i < samples.length; i++) {
    const value = samples[i]!;
    rgb[to++] = value;
    rgb[to++] = value;
    rgb[to++] = value;
  }
  return { width, height, data: rgb };
}

/** The image, smaller where there are many panels, and the scale of that. */
function shrink(image: RgbPixels, count: number): { image: RgbPixels; scale: number } {
  const longer = Math.max(image.width, image.height);
  if (count <= FULL_SIZE_PANELS || longer <= SMALL_PANEL) return { image, scale: 1 };
  const scale = SMALL_PANEL / longer;
  const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
  return { image: resizeBilinear({ ...image, channels: 3 } satisfies Raster8, width, height), scale };
}

function scaleRegion({ x, y, width, height }: Region, scale: number): Region {
  return { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
}

/** Any failure as an `XrayError`. */
export function asXrayError(error: unknown): XrayError {
  if (error instanceof XrayError) return error;
  return new XrayError(
    "internal/unexpected",
    error instanceof Error ? error.message : String(error),
    {},
    error,
  );
}
