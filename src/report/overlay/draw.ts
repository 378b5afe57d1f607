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
import { blend } from "./blend.ts";
import { drawContours } from "./contour-lines.ts";
import { joinTiles } from "./grid.ts";
import { panelLabels } from "./labels.ts";
import { outline } from "./outline.ts";
import { paintLabel } from "./paint-label.ts";
import type { RgbPixels } from "./pixels.ts";
import type { OverlayPlan } from "./plan.ts";
import { DEFAULT_STYLE } from "./style.ts";

/** More panels than this are drawn smaller. */
const FULL_SIZE_PANELS = 4;
const SMALL_PANEL = 512;

/**
 * Draw a plan. The image is not modified.
 *
 * The same samples and the same plan make the same picture on every machine, in Node as in a browser.
 */
export function drawOverlay(decoded: DecodedImage, plan: OverlayPlan): RgbPixels {
  const original = toRgb(decoded, plan.bits);
  const { image, scale } = shrink(original, plan);
  const region = scaleRegion(plan.region, scale, scale);
  return joinTiles(plan.panels.map((panel) => drawPanel(image, { ...plan, region }, panel)));
}

function drawPanel(image: RgbPixels, plan: OverlayPlan, panel: OverlayPlan["panels"][number]): RgbPixels {
  const { colormap, style = DEFAULT_STYLE, isLabelled = true } = plan;
  const placed = { ...plan, map: panel.map };
  const tile = style === "contour" ? drawContours(image, placed, colormap) : blend(image, placed, colormap);
  for (const box of panel.boxes) outline(tile, scaleRegion(box, image.width, image.height));
  if (!isLabelled) return tile;
  for (const label of panelLabels(image.width, image.height, panel, style)) paintLabel(tile, label, colormap);
  return tile;
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
