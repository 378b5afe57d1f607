/**
 * Results as programs read them: `window.medicalX.results()`, and the JSON and CSV that are saved.
 *
 * Knows: items, and `medical-x/prediction@1`.
 */

import type { PredictionJson } from "../../src/results/prediction.ts";
import { toBase64 } from "./base64.ts";
import { type FinishedJson, type ImageItem, isFinished, type KeptReading } from "./item.ts";
import { detectedIn, type Thresholds } from "./thresholds.ts";

/** A result with the maps of all findings. */
export type ResultWithMaps = PredictionJson & {
  readonly heatmaps?: {
    readonly shape: readonly number[];
    readonly region?: readonly number[];
    readonly data: string;
  };
};

/** What decides about detection; see `Thresholds`. */
export interface Deciding {
  readonly thresholds: Thresholds;
  readonly points: Readonly<Record<string, number>> | undefined;
}

/**
 * The result by the thresholds that are chosen for all findings. Those that the user moved are not part of a result, because
 * it has no place for them.
 */
function decided(json: FinishedJson, { thresholds, points }: Deciding): FinishedJson {
  const { labels } = json.model;
  const { thresholds: _, ...rest } = json;
  const isCard = thresholds.base === "card" && points !== undefined;
  return {
    ...rest,
    threshold: isCard ? "card" : 0.5,
    ...(isCard ? { thresholds: Object.fromEntries(labels.map((label) => [label, points[label]!])) } : {}),
    detected: [...detectedIn(labels, json.probabilities, { base: thresholds.base, moved: {} }, points)],
  };
}

/** The object that stands for an image in JSON; undefined if it is not finished. */
export function resultOf(item: ImageItem, deciding: Deciding): PredictionJson | undefined {
  if (!isFinished(item)) return undefined;
  if (item.reading !== undefined) return decided(item.reading.json, deciding);
  const { code, message } = item.error!;
  return { schema: "medical-x/prediction@1", image: item.name, error: { code, message } };
}

function mapsOf({ shape, region, heatmaps }: KeptReading) {
  const where = region && { region: [region.x, region.y, region.width, region.height] };
  return { heatmaps: { shape: [...shape], ...where, data: toBase64(heatmaps) } };
}

/** The finished images in the order of dropping, failures included, each with its maps. */
export const resultsOf = (items: readonly ImageItem[], deciding: Deciding): readonly ResultWithMaps[] =>
  [...items]
    .sort((a, b) => a.id - b.id)
    .flatMap((item) => {
      const result = resultOf(item, deciding);
      if (result === undefined) return [];
      return [{ ...result, ...(item.reading === undefined ? {} : mapsOf(item.reading)) }];
    });
