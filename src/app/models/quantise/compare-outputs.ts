/**
 * Runs two networks on the same images and compares what they give.
 *
 * Pipeline:   images → both networks → **AUROC of each, differences of probabilities** → card
 * Knows:      open models. Not how they differ.
 */

import type { OpenModel } from "../../../engine/open-model.ts";
import { DEFAULT_BATCH, type Prediction, predictImages } from "../../../engine/predict.ts";
import type { PreparedItem } from "../../../engine/prepared-queue.ts";
import { XrayError } from "../../../errors.ts";
import { auroc } from "../../../evaluation/roc.ts";
import { matchLabel } from "../../../findings.ts";
import type { ComparedOutputs } from "../../../models/card-quantised.ts";
import type { CalibrationImage } from "./calibration-images.ts";

/** A network before and after. */
export interface Pair {
  readonly float32: OpenModel;
  readonly int8: OpenModel;
}

async function* inTurn(items: readonly PreparedItem[]): AsyncGenerator<PreparedItem, void> {
  yield* items;
}

/** The predictions of both networks for one image. */
interface Both {
  readonly image: CalibrationImage;
  readonly float32: Prediction;
  readonly int8: Prediction;
}

async function predictBatch(pair: Pair, items: readonly PreparedItem[]) {
  const run = async (model: OpenModel) => {
    const found: Prediction[] = [];
    for await (const one of predictImages(model, inTurn(items))) {
      if (!("error" in one)) found.push(one);
    }
    return new Map(found.map((one) => [one.source, one]));
  };
  return { float32: await run(pair.float32), int8: await run(pair.int8) };
}

/** AUROC over the findings that a model and the images share; undefined where no finding has both kinds of images. */
function areas(both: readonly Both[], outputs: readonly string[], labels: readonly string[]) {
  const found = outputs.flatMap((output, k) => {
    const label = matchLabel(output, labels);
    if (label === undefined) return [];
    const at = labels.indexOf(label);
    const truths = both.map(({ image }) => image.labels?.[at] ?? Number.NaN);
    const of = (which: "float32" | "int8") =>
      auroc(
        both.map((one) => one[which].probabilities[k]!),
        truths,
      );
    const [float32, int8] = [of("float32"), of("int8")];
    return float32 === null || int8 === null ? [] : [{ float32, int8 }];
  });
  if (found.length === 0) return undefined;
  const mean = (of: (area: (typeof found)[number]) => number) =>
    found.reduce((sum, area) => sum + of(area), 0) / found.length;
  return {
    float32: mean(({ float32 }) => float32),
    int8: mean(({ int8 }) => int8),
    largestDrop: Math.max(...found.map(({ float32, int8 }) => float32 - int8)),
  };
}

/**
 * Compare two networks.
 *
 * @param labels  What the images' `labels` are of.
 * @param images  Prepared images, in the order of `known`. Those that cannot be predicted are left out.
 * @returns       Undefined if no image was left.
 */
export async function compareOutputs(
  pair: Pair,
  known: readonly CalibrationImage[],
  labels: readonly string[],
  images: AsyncIterable<PreparedItem>,
): Promise<ComparedOutputs | undefined> {
  const byPath = new Map(known.map((image) => [image.path, image]));
  const both: Both[] = [];
  let batch: PreparedItem[] = [];
  const flush = async () => {
    const { float32, int8 } = await predictBatch(pair, batch);
    for (const [source, prediction] of float32)
      both.push({ image: byPath.get(String(source))!, float32: prediction, int8: int8.get(source)! });
    batch = [];
  };
  for await (const item of images) {
    if (item.result instanceof XrayError) continue;
    batch.push(item);
    if (batch.length === DEFAULT_BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  if (both.length === 0) return undefined;
  const differences = both.flatMap(({ float32, int8 }) =>
    Array.from(float32.probabilities, (p, k) => Math.abs(p - int8.probabilities[k]!)),
  );
  const auc = areas(both, pair.float32.card.labels, labels);
  return {
    images: both.length,
    ...(auc === undefined ? {} : { auroc: auc }),
    meanDifference: differences.reduce((sum, one) => sum + one, 0) / differences.length,
    largestDifference: differences.reduce((most, one) => Math.max(most, one), 0),
  };
}
