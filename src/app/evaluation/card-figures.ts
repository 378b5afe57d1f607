/**
 * What a calibration also writes into the model's card: figures for the check of known images, and the heatmaps that point
 * best.
 *
 * Knows: models, data folders and the images of a calibration. Not calibrations.
 */

import { PackedNames } from "../../dataset/image-hashes.ts";
import { readingOf } from "../../engine/model.ts";
import type { NamedModel } from "../../engine/read-model.ts";
import { XrayError } from "../../errors.ts";
import type { Dataset } from "../data/open-dataset.ts";
import { rememberedImages } from "../data/seen-names.ts";
import { type Measured, measureKnownImages, withFeaturesOf } from "../models/measure-known-images.ts";
import { type ChosenMaps, chooseMapsFor } from "./choose-maps.ts";
import type { EvaluationInput } from "./input.ts";
import { type ModelRun, sessionOptionsOf } from "./model.ts";
import type { FolderHooks } from "./predict-folder.ts";

/** A run whose model gets these figures. */
interface CardRun extends ModelRun {
  readonly chooseMaps?: boolean;
}

export const interrupted = (): XrayError =>
  new XrayError("evaluation/interrupted", "interrupted; nothing was written");

/** The model's figures on the images that it learned from, for the check of known images, unless its card has them. */
export async function knownImagesOf(
  run: CardRun,
  model: NamedModel,
  { table, paths, phantom }: Dataset,
  { images, labelFile }: EvaluationInput,
  hooks: FolderHooks,
): Promise<Exclude<Measured, { isInterrupted: true }>> {
  const { knownImages, learnedFrom = [] } = model.card;
  if (knownImages !== undefined) return { knownImages };
  const packed = learnedFrom.at(-1)?.training;
  const trained = rememberedImages(
    packed === undefined ? undefined : new PackedNames(packed),
    table.images.map(({ image }) => image),
    phantom,
  );
  const fitted = new Set(images.map(({ image }) => image));
  const those = (isOne: (image: string) => boolean) =>
    table.images.flatMap(({ image, patient }, index) =>
      paths[index] !== undefined && isOne(image) ? [{ index, patient }] : [],
    );
  const measured = await withFeaturesOf(
    model,
    (index) => paths[index]!,
    readingOf(run),
    sessionOptionsOf(run),
    (featuresOf) =>
      measureKnownImages(
        {
          data: labelFile.name,
          training: those((image) => trained.has(image)),
          heldOut: those((image) => fitted.has(image) && !trained.has(image)),
          seed: run.seed,
        },
        featuresOf,
        {
          onProgress: ({ done, total }) => hooks.onProgress?.(done, total),
          isStopping: () => hooks.isStopping?.() === true,
        },
      ),
  );
  if ("isInterrupted" in measured) throw interrupted();
  return measured;
}

/** Which heatmap points best at each finding, by the boxes of the images that the calibration is fitted to. */
export async function mapsOf(
  run: CardRun,
  model: NamedModel,
  dataset: Dataset,
  { images }: EvaluationInput,
  hooks: FolderHooks,
): Promise<Exclude<ChosenMaps, { isInterrupted: true }>> {
  if (run.chooseMaps !== true) return {};
  const fitted = new Set(images.map(({ image }) => image));
  const chosen = [...dataset.table.images.keys()].filter(
    (i) => fitted.has(dataset.table.images[i]!.image) && dataset.paths[i] !== undefined,
  );
  const found = await chooseMapsFor(model, dataset, chosen, run, hooks);
  if ("isInterrupted" in found) throw interrupted();
  return found;
}
