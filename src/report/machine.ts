/**
 * Results for programs: JSON, newline-delimited JSON and CSV.
 *
 * Knows: results. Not files. Reference: the schema `medical-x/prediction@1` in docs/formats.md.
 */

import { stringify } from "csv-stringify/sync";
import { type Failure, isFailure, type PredictionJson, type Result } from "../results/prediction.ts";

/** Nine digits say all that a float32 holds. */
const short = (value: number): number => Number(value.toPrecision(9));

const shortened = (values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([label, value]) => [label, short(value)]));

/** The object that stands for one image in JSON. */
export function jsonObject(outcome: Result | Failure): PredictionJson {
  if (isFailure(outcome)) {
    return { schema: "medical-x/prediction@1", image: outcome.image, error: outcome.error };
  }
  const { labels: _, ...rest } = outcome;
  const { thresholds, ...plain } = rest;
  return {
    schema: "medical-x/prediction@1",
    ...plain,
    probabilities: shortened(plain.probabilities),
    ...(plain.calibrated === undefined ? {} : { calibrated: shortened(plain.calibrated) }),
    logits: shortened(plain.logits),
    ...(plain.threshold === "card" ? { thresholds } : {}),
  };
}

/**
 * `Image Index,prob_Atelectasis,…`, as `evaluate` reads it.
 *
 * @param calibrated  The labels that have a calibrated probability too.
 */
export function csvHeader(labels: readonly string[], calibrated: readonly string[] = []): string {
  const raw = labels.map((label) => `prob_${label}`);
  return stringify([["Image Index", ...raw, ...calibrated.map((label) => `calibrated_${label}`)]]);
}

/** An image and its probabilities, in the header's order; of NaN, an empty field. */
export const csvLine = (image: string, probabilities: readonly number[]): string =>
  stringify([[image, ...probabilities.map((value) => (Number.isNaN(value) ? "" : String(value)))]]);

const basename = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** How images are called in a table: by their files' names, or where two of them share one, by their paths. */
export function tableNames(images: readonly string[]): (image: string) => string {
  const isShared = new Set(images.map((image) => basename(image))).size < images.length;
  return isShared ? (image) => image : (image) => basename(image);
}

/** One image's row. */
export const csvRow = ({ labels, probabilities, calibrated = {} }: Result, name: string): string =>
  csvLine(name, [
    ...labels.map((label) => short(probabilities[label]!)),
    // In the labels' order: an object's own puts names such as "2" first.
    ...labels.flatMap((label) => (Object.hasOwn(calibrated, label) ? [short(calibrated[label]!)] : [])),
  ]);
