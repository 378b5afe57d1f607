/**
 * Results for programs: JSON, newline-delimited JSON and CSV.
 *
 * Knows: results. Not files. Reference: the schema `medical-x/prediction@1` in docs/formats.md.
 */

import { basename } from "node:path";
import { stringify } from "csv-stringify/sync";
import { type Failure, isFailure, type Result } from "./result.ts";

/** The object that stands for one image in JSON. */
export function jsonObject(outcome: Result | Failure): Record<string, unknown> {
  if (isFailure(outcome)) {
    return { schema: "medical-x/prediction@1", image: outcome.image, error: outcome.error };
  }
  const { labels: _, ...rest } = outcome;
  const { thresholds, ...plain } = rest;
  return {
    schema: "medical-x/prediction@1",
    ...plain,
    ...(plain.threshold === "card" ? { thresholds } : {}),
  };
}

/** `Image Index,prob_Atelectasis,…`, as `evaluate` reads it. */
export function csvHeader(labels: readonly string[]): string {
  return stringify([["Image Index", ...labels.map((label) => `prob_${label}`)]]);
}

/** An image and its probabilities, in the header's order. */
export const csvLine = (image: string, probabilities: readonly number[]): string =>
  stringify([[image, ...probabilities.map(String)]]);

/** One image's row. */
export const csvRow = ({ image, labels, probabilities }: Result): string =>
  csvLine(
    basename(image),
    labels.map((label) => probabilities[label]!),
  );
