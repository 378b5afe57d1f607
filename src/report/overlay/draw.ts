/**
 * The picture of heatmaps over their X-ray: one panel at the X-ray's own resolution, or a grid of labelled ones.
 *
 * Pipeline:   decoded image, plan → **panels → picture** → encoder
 * Knows:      pixels. Not files, models or encoders.
 */

import { toEightBits } from "../../image/colour.ts";
import type { Region } from "../../image/crop.ts";
import type { DecodedImage } from "../../image/prepare.ts";
import { type Raster8, resizeBilinear } from "../../image/resample.ts";
import type { ColormapName } from "./colormap.ts";
import {
  blend,
  drawOnto,
  gridOf,
  outline,
  type Panel,
  panelLabels,
  place,
  type RgbaPixels,
  type RgbPixels,
} from "./overlay.ts";
import type { OverlayPlan } from "./plan.ts";

/** More panels than this are drawn smaller. */
const FULL_SIZE_PANELS = 4;
const SMALL_PANEL = 512;
const GAP = 8;

/** Renders a small SVG without text. */
export type SvgRenderer = (svg: string) => Promise<RgbaPixels>;

/** Draw a plan. The image is not modified. */
export async function drawOverlay(
  decoded: DecodedImage,
  plan: OverlayPlan,
  renderSvg: SvgRenderer,
): Promise<RgbPixels> {
  const original = toRgb(decoded, plan.bits);
  const { image, scale } = shrink(original, plan);
  const region = scaleRegion(plan.region, scale, scale);
  const tiles = await Promise.all(
    plan.panels.map((panel) => {
      const boxes = panel.boxes.map((box) => scaleRegion(box, image.width, image.height));
      return drawPanel(image, { ...plan, ...panel, region, boxes }, plan.isLabelled ?? true, renderSvg);
    }),
  );
  return tiles.length === 1 ? tiles[0]! : joinTiles(tiles, image.width, image.height);
}

async function drawPanel(
  image: RgbPixels,
  panel: Panel & { colormap: ColormapName },
  isLabelled: boolean,
  renderSvg: SvgRenderer,
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
