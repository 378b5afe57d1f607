/**
 * What is done with image files: preparing one for the network, and drawing heatmaps over one.
 *
 * Pipeline:   file → bytes → pixels → **input**;  **pixels + maps → JPEG**
 * Knows:      files, images and overlays. Not models. Runs on a worker thread (`image-worker.ts`).
 */

import { drawView } from "../image/augment.ts";
import { toEightBits } from "../image/colour.ts";
import type { Region } from "../image/crop.ts";
import type { Preparation } from "../image/preparation.ts";
import {
  type DecodedImage,
  type PreparedImage,
  prepareImage,
  type ReadingOptions,
} from "../image/prepare.ts";
import { type Raster8, resizeBilinear } from "../image/resample.ts";
import { MAX_IMAGE_BYTES, readWhole } from "../node/files.ts";
import { decodeRaster, encodeJpeg, renderSvg } from "../node/raster.ts";
import { Random } from "../random.ts";
import type { ColormapName } from "../report/colormap.ts";
import {
  blend,
  drawOnto,
  gridOf,
  outline,
  type Panel,
  panelLabels,
  place,
  type RgbPixels,
} from "../report/overlay.ts";
import type { ImageRequest, ImageSource, OverlayPlan } from "./image-jobs.ts";

/** More panels than this are drawn smaller. */
const FULL_SIZE_PANELS = 4;
const SMALL_PANEL = 512;
const GAP = 8;

/** Does the work on image files, one after the other. Remembers the last image that it decoded. */
export class ImageWork {
  #last: { source: ImageSource; page: number | undefined; image: Promise<DecodedImage> } | undefined;

  /** Read and decode. Throws as `readWhole` and `decodeRaster`. */
  decode(source: ImageSource, reading: ReadingOptions = {}): Promise<DecodedImage> {
    const { page } = reading;
    if (this.#last?.source === source && this.#last.page === page) return this.#last.image;
    const image = decodeSource(source, reading);
    this.#last = { source, page, image };
    return image;
  }

  /** Prepare an image; decoding begins before the preparation is known. */
  async prepare(
    { source, view, reading }: ImageRequest,
    preparation: Promise<Preparation>,
  ): Promise<PreparedImage> {
    const decoding = this.decode(source, reading);
    const [decoded, steps] = await Promise.all([decoding, preparation]);
    if (view === undefined) return prepareImage(decoded, steps);
    return prepareImage(decoded, steps, drawView(Random.of(view.seed, ...view.keys), view.kind, decoded));
  }

  /**
   * Draw heatmaps over their X-ray: one picture at its own resolution, or a grid of labelled panels.
   *
   * @returns  Bytes of a JPEG file.
   */
  async draw(plan: OverlayPlan): Promise<Uint8Array> {
    const original = toRgb(await this.decode(plan.source, plan.reading), plan.bits);
    const { image, scale } = shrink(original, plan);
    const region = scaleRegion(plan.region, scale, scale);
    const tiles = await Promise.all(
      plan.panels.map((panel) => {
        const boxes = panel.boxes.map((box) => scaleRegion(box, image.width, image.height));
        return drawPanel(image, { ...plan, ...panel, region, boxes }, plan.isLabelled ?? true);
      }),
    );
    const canvas = tiles.length === 1 ? tiles[0]! : joinTiles(tiles, image.width, image.height);
    return encodeJpeg(canvas.width, canvas.height, canvas.data);
  }
}

async function drawPanel(
  image: RgbPixels,
  panel: Panel & { colormap: ColormapName },
  isLabelled: boolean,
): Promise<RgbPixels> {
  const tile = blend(image, panel, panel.colormap);
  for (const box of panel.boxes) outline(tile, box);
  if (!isLabelled) return tile;
  for (const { left, top, svg } of panelLabels(image.width, image.height, panel, panel.colormap)) {
    drawOnto(tile, await renderSvg(svg), left, top);
  }
  return tile;
}

/** Tiles of one size in a grid, black between them. */
function joinTiles(tiles: readonly RgbPixels[], tileWidth: number, tileHeight: number): RgbPixels {
  const { columns, rows } = gridOf(tiles.length);
  const width = columns * (tileWidth + GAP) - GAP;
  const height = rows * (tileHeight + GAP) - GAP;
  const canvas = { width, height, data: new Uint8Array(width * height * 3) };
  for (const [i, tile] of tiles.entries()) {
    place(canvas, tile, (i % columns) * (tileWidth + GAP), Math.floor(i / columns) * (tileHeight + GAP));
  }
  return canvas;
}

async function decodeSource(source: ImageSource, reading: ReadingOptions): Promise<DecodedImage> {
  const bytes = typeof source === "string" ? await readWhole(source, MAX_IMAGE_BYTES) : source;
  return decodeRaster(bytes, reading);
}

/** The X-ray as 8-bit RGB, at its own resolution. */
function toRgb({ width, height, channels, data }: DecodedImage, bits: number | undefined): RgbPixels {
  const samples = data instanceof Uint16Array ? toEightBits(data, bits) : data;
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

/** The image, smaller where that is wanted or there are many panels, and the scale of that. */
function shrink(image: RgbPixels, { panels, maxSize }: OverlayPlan): { image: RgbPixels; scale: number } {
  const longer = Math.max(image.width, image.height);
  const most = maxSize ?? (panels.length <= FULL_SIZE_PANELS ? longer : SMALL_PANEL);
  if (longer <= most) return { image, scale: 1 };
  const scale = most / longer;
  const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
  return { image: resizeBilinear({ ...image, channels: 3 } satisfies Raster8, width, height), scale };
}

function scaleRegion({ x, y, width, height }: Region, across: number, down: number): Region {
  return { x: x * across, y: y * down, width: width * across, height: height * down };
}
