/**
 * Overlay pictures: which findings to show, and their heatmaps over the X-ray.
 *
 * Pipeline:   prediction → chosen findings → **panels → JPEG**
 * Knows:      predictions and reports' drawing. Not the command line.
 */

import { XrayError } from "../errors.ts";
import { displayName, matchLabel } from "../findings.ts";
import { toEightBits } from "../image/colour.ts";
import { type Raster8, resizeBilinear } from "../image/resample.ts";
import { MAX_IMAGE_BYTES, readWhole } from "../node/files.ts";
import type { ImageSource } from "../node/prepare-file.ts";
import { type CanvasTile, decodeRaster, encodeCanvas } from "../node/raster.ts";
import { type ColormapName, DEFAULT_COLORMAP } from "../report/colormap.ts";
import { blend, gridOf, labelsSvg, type Panel, type RgbPixels } from "../report/overlay.ts";
import type { Prediction } from "./predict.ts";

/** More panels than this are drawn smaller. */
const FULL_SIZE_PANELS = 4;
const SMALL_PANEL = 512;
const GAP = 8;

/** Which findings to draw: the most probable one, those detected, all, or these. */
export type FindingChoice = "top" | "detected" | "all" | readonly string[];

/**
 * The choice that a user's words stand for.
 *
 * @param words   `top`, `detected`, `all`, or names in any spelling.
 * @param labels  The model's labels.
 * @throws        XrayError `findings/unknown` that lists the model's labels.
 */
export function parseFindingChoice(words: readonly string[], labels: readonly string[]): FindingChoice {
  const [only] = words;
  if (words.length === 1 && (only === "top" || only === "detected" || only === "all")) return only;
  return words.map((word) => {
    const label = matchLabel(word, labels);
    if (label !== undefined) return label;
    throw new XrayError(
      "findings/unknown",
      `the model has no finding "${word}"; it has ${labels.join(", ")} (or say top, detected, all)`,
      { word, labels },
    );
  });
}

/** Indices of the findings to draw, the most probable first unless they were named. */
export function chooseFindings(
  choice: FindingChoice,
  labels: readonly string[],
  probabilities: Float32Array,
  detected: readonly string[],
): readonly number[] {
  const ordered = labels.map((_, i) => i).sort((a, b) => probabilities[b]! - probabilities[a]!);
  if (choice === "top") return ordered.slice(0, 1);
  if (choice === "all") return ordered;
  if (choice === "detected") return ordered.filter((i) => detected.includes(labels[i]!));
  return choice.map((label) => labels.indexOf(label));
}

/** The X-ray as RGB, at its own resolution. */
async function originalPixels(source: ImageSource): Promise<RgbPixels> {
  const bytes = typeof source === "string" ? await readWhole(source, MAX_IMAGE_BYTES) : source;
  const { width, height, channels, data } = await decodeRaster(bytes);
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

/** The image and the scale by which regions shrink with it. */
function shrink(image: RgbPixels, count: number): { image: RgbPixels; scale: number } {
  const longer = Math.max(image.width, image.height);
  if (count <= FULL_SIZE_PANELS || longer <= SMALL_PANEL) return { image, scale: 1 };
  const scale = SMALL_PANEL / longer;
  const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
  return { image: resizeBilinear({ ...image, channels: 3 } satisfies Raster8, width, height), scale };
}

/**
 * Draw heatmaps over their X-ray: one picture at the X-ray's own resolution, or a grid of labelled panels.
 *
 * @param prediction  With heatmaps.
 * @param findings    Indices of labels, at least one.
 * @returns           Bytes of a JPEG file.
 */
export async function drawOverlay(
  prediction: Prediction,
  labels: readonly string[],
  findings: readonly number[],
  colormap: ColormapName = DEFAULT_COLORMAP,
): Promise<Uint8Array> {
  const { heatmaps, prepared, probabilities } = prediction;
  if (heatmaps === undefined)
    throw new XrayError("explain/no-heatmaps", "the model was opened without a heatmap method", {});
  const { image, scale } = shrink(await originalPixels(prediction.source), findings.length);
  const { columns, rows } = gridOf(findings.length);
  const { height, width } = heatmaps;
  const { x, y, ...extent } = prepared.region;
  const region = { x: x * scale, y: y * scale, width: extent.width * scale, height: extent.height * scale };
  const tiles = findings.map((finding, i): CanvasTile => {
    const map = heatmaps.data.subarray(finding * height * width, (finding + 1) * height * width);
    const title = `${displayName(labels[finding]!)} ${(probabilities[finding]! * 100).toFixed(2)}%`;
    const panel: Panel = { map, height, width, region, title };
    return {
      ...blend(image, panel, colormap),
      left: (i % columns) * (image.width + GAP),
      top: Math.floor(i / columns) * (image.height + GAP),
      svg: labelsSvg(image.width, image.height, panel, colormap),
    };
  });
  return encodeCanvas(columns * (image.width + GAP) - GAP, rows * (image.height + GAP) - GAP, tiles);
}
