/**
 * Writes into a finished run's model what its training images look like to it, for the input check `known-images`.
 *
 * Pipeline:   best model, training and validation images → **figures** → model files with them
 * Knows:      runs. Not how the figures are computed.
 */

import { existsSync } from "node:fs";
import { denseNetOf } from "../../engine/read-model.ts";
import { modelCardMarkdown, type TrainingFacts } from "../../report/training/model-card.ts";
import { convertFile } from "../models/convert.ts";
import {
  type FeaturesOf,
  type ImagesOfModel,
  type Measured,
  measureKnownImages,
  withFeaturesOf,
} from "../models/measure-known-images.ts";
import { loadFile, type ModelFile, readModelFile } from "../models/open-model.ts";
import type { TrainingFeatures } from "./features.ts";
import type { Plan, TrainHooks } from "./plan.ts";

/** The run's images, without those that could not be read. */
function imagesOf({ dataset, split, config, request }: Plan, skipped: ReadonlySet<number>): ImagesOfModel {
  const known = (examples: Uint32Array) =>
    [...examples]
      .filter((index) => !skipped.has(index))
      .map((index) => ({ index, patient: dataset.table.images[index]!.patient }));
  return {
    data:
      dataset.phantom === undefined
        ? config.labelFile.name
        : `phantoms of seed ${dataset.phantom.seed ?? "?"}`,
    training: known(split.train),
    heldOut: known(split.val),
    seed: request.settings.seed,
  };
}

/** Features as the run keeps them, where only the classifier was trained. */
const keptFeatures =
  (features: TrainingFeatures): FeaturesOf =>
  async (indices) => {
    const loaded = await features.load(Uint32Array.from(indices), null);
    const length = loaded.features.length / Math.max(1, loaded.examples.length);
    const rows = new Map(
      [...loaded.examples].map((example, i) => [
        example,
        loaded.features.slice(i * length, (i + 1) * length),
      ]),
    );
    return indices.map((index) => rows.get(index));
  };

/** Compute the figures of the run's best model. */
async function measured(
  plan: Plan,
  file: ModelFile,
  features: TrainingFeatures,
  skipped: ReadonlySet<number>,
  hooks: TrainHooks,
): Promise<Measured> {
  const { dataset, request } = plan;
  const images = imagesOf(plan, skipped);
  const measure = (featuresOf: FeaturesOf) =>
    measureKnownImages(images, featuresOf, {
      onProgress: hooks.onExtraction,
      isStopping: hooks.isStopping,
    });
  const { unfreeze, augment, voi } = request.settings;
  // Of training images that are augmented, only augmented features are kept.
  if (unfreeze === "none" && augment === "none") return measure(keptFeatures(features));
  return withFeaturesOf(
    denseNetOf(loadFile(file), "it has no features to measure"),
    (index) => dataset.paths[index]!,
    { voi },
    request,
    measure,
  );
}

/**
 * Add the figures to the run's model files and to its model card, unless they have them.
 *
 * @param facts    What the model card says otherwise.
 * @param skipped  Images that could not be read.
 * @returns        False if it was interrupted: resuming the run starts it again.
 */
export async function addKnownImages(
  plan: Plan,
  facts: TrainingFacts,
  features: TrainingFeatures,
  skipped: ReadonlySet<number>,
  hooks: TrainHooks,
): Promise<boolean> {
  const { folder } = plan;
  // A finished run whose model was moved stays as it is.
  if (!existsSync(folder.file("model"))) return true;
  const file = await readModelFile(folder.file("model"));
  if (file.said.knownImages !== undefined) return true;
  const outcome = await measured(plan, file, features, skipped, hooks);
  if ("isInterrupted" in outcome) return false;
  if ("without" in outcome) {
    hooks.say(outcome.without);
    return true;
  }
  const { knownImages } = outcome;
  await folder.writeText("card", modelCardMarkdown({ ...facts, knownImages }));
  // The safetensors file comes last, because it says whether this was done.
  for (const name of ["torch", "model"] as const)
    await convertFile(file, folder.file(name), { change: (card) => ({ ...card, knownImages }) });
  return true;
}
