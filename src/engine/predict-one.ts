/**
 * Prediction of one prepared image.
 *
 * Knows: open models and prepared images.
 */

import type { OpenModel } from "./open-model.ts";
import type { CheckedImage } from "./ports.ts";
import { type BatchOptions, type FailedPrediction, type Prediction, predictImages } from "./predict.ts";
import type { PreparedItem } from "./prepared-queue.ts";
import { unwrap } from "./running-model.ts";

async function* one(source: string, result: CheckedImage): AsyncGenerator<PreparedItem, void> {
  yield { source, result };
}

/**
 * Predict one image.
 *
 * @param name  Its name in errors.
 * @throws      XrayError `input/…` if a check refuses it, `runtime/…`.
 */
export async function predictOne(
  opened: OpenModel,
  name: string,
  image: CheckedImage,
  options: BatchOptions,
): Promise<Prediction> {
  const { value } = await predictImages(opened, one(name, image), options).next();
  return unwrap(value as Prediction | FailedPrediction);
}
