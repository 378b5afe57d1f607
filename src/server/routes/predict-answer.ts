/**
 * Results as the body of an answer.
 *
 * Knows: outcomes of inference, JSON and `.npy`.
 */

import type { Heatmaps } from "../../engine/heatmap-source.ts";
import { npyHeader } from "../../formats/npy.ts";
import { jsonObject } from "../../report/prediction/json.ts";
import type { PredictionJson } from "../../results/prediction.ts";
import { bytesOf } from "../../tensor.ts";
import type { Outcome } from "../inference/inference.ts";

const base64Of = (values: Float32Array): string => {
  const { buffer, byteOffset, byteLength } = bytesOf(values);
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
};

/** What stands for one image in JSON. */
export function predictionJson(outcome: Outcome): PredictionJson {
  if ("error" in outcome) {
    const { code, message } = outcome.error;
    return jsonObject({ image: outcome.image, error: { code, message } });
  }
  const { result, heatmaps, region } = outcome;
  if (heatmaps === undefined) return jsonObject(result);
  const { data, findings, height, width } = heatmaps;
  const maps = {
    findings: findings.map((index) => result.labels[index]!),
    shape: [findings.length, height, width],
    region: [region.x, region.y, region.width, region.height],
    data: base64Of(data),
  };
  return jsonObject({ ...result, heatmaps: maps });
}

const mapsOf = (outcome: Outcome): Heatmaps | undefined =>
  "error" in outcome ? undefined : outcome.heatmaps;

/**
 * The heatmaps of all images as a `.npy` file: [maps, h, w] for one image, [n, maps, h, w] for several. The row of an image
 * that failed is filled with NaN, as `predict` does it.
 *
 * @param outcomes  With as many maps for each image.
 * @returns         Undefined if all images failed.
 */
export function mapsFile(outcomes: readonly Outcome[]): Buffer | undefined {
  const known = outcomes.map(mapsOf).find((maps) => maps !== undefined);
  if (known === undefined) return undefined;
  const { findings, height, width } = known;
  const shape = [findings.length, height, width];
  const missing = new Float32Array(findings.length * height * width).fill(Number.NaN);
  const rows = outcomes.map((outcome) => bytesOf(mapsOf(outcome)?.data ?? missing));
  return Buffer.concat([npyHeader(outcomes.length === 1 ? shape : [outcomes.length, ...shape]), ...rows]);
}
