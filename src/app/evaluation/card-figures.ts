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
import { type ChosenMaps, chooseMapsFor, findMapPairs, type MapPairs } from "./choose-maps.ts";
import type { EvaluationInput } from "./input.ts";
import { type ModelRun, sessionOptionsOf } from "./model.ts";
import type { FolderHooks } from "./predict-folder.ts";

/** A run whose model gets these figures. */
interface CardRun extends ModelRun {
  readonly chooseMaps?: boolean;
}

export const interrupted = (): XrayError =>
  new XrayError("evaluation/interrupted", "interrupted; nothing was written");

/** Names of the images of a data set that a model was trained on, as far as its card says. */
function trainedImages({ card }: NamedModel, { table, phantom }: Dataset): ReadonlySet<string> {
  const packed = card.learnedFrom?.at(-1)?.training;
  return rememberedImages(
    packed === undefined ? undefined : new PackedNames(packed),
    table.images.map(({ image }) => image),
    phantom,
  );
}

/** The model's figures on the images that it learned from, for the check of known images, unless its card has them. */
export async function knownImagesOf(
  run: CardRun,
  model: NamedModel,
  dataset: Dataset,
  { images, labelFile }: EvaluationInput,
  hooks: FolderHooks,
): Promise<Exclude<Measured, { isInterrupted: true }>> {
  const { knownImages } = model.card;
  if (knownImages !== undefined) return { knownImages };
  const { table, paths } = dataset;
  const trained = trainedImages(model, dataset);
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

/** The pairs of images and boxes by which heatmaps are chosen, if they are to be: those the model was not trained on. */
export const mapPairsOf = async (
  run: CardRun,
  model: NamedModel,
  dataset: Dataset,
): Promise<MapPairs | string | undefined> =>
  run.chooseMaps === true ? findMapPairs(model, dataset, trainedImages(model, dataset), run) : undefined;

/** Which heatmap points best at each finding. */
export async function mapsOf(
  run: CardRun,
  model: NamedModel,
  dataset: Dataset,
  pairs: MapPairs | string | undefined,
  hooks: FolderHooks,
): Promise<Exclude<ChosenMaps, { isInterrupted: true }>> {
  if (pairs === undefined) return { notes: [], failed: 0 };
  if (typeof pairs === "string") return { notes: [pairs], failed: 0 };
  const found = await chooseMapsFor(model, dataset, pairs, run, hooks);
  if ("isInterrupted" in found) throw interrupted();
  return found;
}
