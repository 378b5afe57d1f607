/**
 * What a calibration also writes into the model's card: figures for the check of known images, and the heatmaps that point
 * best.
 *
 * Knows: models, data folders and the images of a calibration. Not calibrations.
 */

import { PackedNames } from "../../dataset/image-hashes.ts";
import { readingOf } from "../../engine/model.ts";
import { denseNetOf, type NamedModel } from "../../engine/read-model.ts";
import { XrayError } from "../../errors.ts";
import type { ResolvedCard } from "../../models/card.ts";
import type { CardMaps } from "../../models/card-maps.ts";
import { counted } from "../../text.ts";
import { openBoxes } from "../data/known-boxes.ts";
import type { Dataset } from "../data/open-dataset.ts";
import { rememberedImages } from "../data/seen-names.ts";
import { type Measured, measureKnownImages, withFeaturesOf } from "../models/measure-known-images.ts";
import { type ChosenMaps, chooseMapsFor } from "./choose-maps.ts";
import type { EvaluationInput } from "./input.ts";
import { FEWEST_PAIRS, findMapPairs, type MapPairs } from "./map-pairs.ts";
import { type ModelRun, sessionOptionsOf } from "./model.ts";

/** A run whose model gets these figures. */
interface CardRun extends ModelRun {
  readonly chooseMaps?: boolean;
}

/** What cannot be had of a network that is only run, and what can. */
const NO_CHOICE = "no heatmaps can be chosen for it; they are made by occlusion";

/** Called with the number of items that are done, and their total. */
type Progress = (done: number, total: number) => void;

/** Callbacks of a calibration. */
export interface CalibrationHooks {
  /** Called for an image that could not be read or predicted, which is left out. */
  readonly onFailure?: (error: XrayError) => void;
  /** Asks whether to stop early. */
  readonly isStopping: () => boolean;
  /** Wraps long work, which reports how many items are done. @param what  The items, in words. */
  readonly withProgress: <T>(what: string, work: (onProgress: Progress) => Promise<T>) => Promise<T>;
}

/** The error that ends a calibration early. */
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
  hooks: CalibrationHooks,
): Promise<Exclude<Measured, { isInterrupted: true }>> {
  const { knownImages } = model.card;
  if (knownImages !== undefined) return { knownImages };
  if (model.kind === "network") {
    return {
      without: `${model.name}: its network is run and not understood, so there are no figures for the check known-images`,
    };
  }
  const { table, paths } = dataset;
  const trained = trainedImages(model, dataset);
  const fitted = new Set(images.map(({ image }) => image));
  const those = (isOne: (image: string) => boolean) =>
    table.images.flatMap(({ image, patient }, index) =>
      paths[index] !== undefined && isOne(image) ? [{ index, patient }] : [],
    );
  const all = {
    data: labelFile.name,
    training: those((image) => trained.has(image)),
    heldOut: those((image) => fitted.has(image) && !trained.has(image)),
    seed: run.seed,
  };
  const measured = await hooks.withProgress("known images", (onProgress) =>
    withFeaturesOf(
      model,
      (index) => paths[index]!,
      readingOf(run),
      sessionOptionsOf(run),
      (featuresOf) =>
        measureKnownImages(all, featuresOf, {
          onProgress: ({ done, total }) => onProgress(done, total),
          isStopping: hooks.isStopping,
        }),
    ),
  );
  if ("isInterrupted" in measured) throw interrupted();
  return measured;
}

/**
 * The pairs of images and boxes by which heatmaps are chosen, if they are to be: of images that the model was not
 * trained on.
 *
 * @returns  The pairs, or a note that says why there are none.
 * @throws   XrayError `data/several-box-files`, `truth/bad-note`, `labels/…`, `file/…`.
 */
export async function mapPairsOf(
  run: CardRun,
  model: NamedModel,
  dataset: Dataset,
): Promise<MapPairs | string | undefined> {
  if (run.chooseMaps !== true) return undefined;
  denseNetOf(model, NO_CHOICE);
  const file = await openBoxes(run.data, dataset.boxFiles, { named: run.boxes, canName: true });
  if (file === undefined) return `${run.data} has no box file, so no heatmaps were chosen; name one`;
  const trained = trainedImages(model, dataset);
  const isNew = (index: number) => !trained.has(dataset.table.images[index]!.image);
  const found = findMapPairs(model.card, dataset, file, isNew, run.seed);
  if (found.pairs.length === 0)
    return `${file.path}: no finding has boxes in ${FEWEST_PAIRS} of the images that the model was not trained on, so no heatmaps were chosen; name a file with more boxes`;
  const { barred, notes } = found;
  const seen = `${counted(barred, "image")} with boxes took no part in the choice of heatmaps, because the model was trained on ${barred === 1 ? "it" : "them"}`;
  return { ...found, notes: [...(barred === 0 ? [] : [seen]), ...notes] };
}

/** A note on what becomes of the heatmaps that a model's card has named so far. */
function earlierMapsNote({ maps: earlier }: ResolvedCard, chosen: CardMaps | undefined): string[] {
  if (earlier === undefined) return [];
  if (chosen === undefined)
    return [`the model's card still names the heatmaps that it named before (${earlier.description})`];
  const lost = Object.keys(earlier.findings).filter((label) => chosen.findings[label] === undefined);
  const plain = `; that of ${lost.join(", ")} is Grad-CAM at norm5 again`;
  return [
    `the heatmaps that the model's card named (${earlier.description}) are replaced${lost.length === 0 ? "" : plain}`,
  ];
}

/** Which heatmap points best at each finding. */
export async function mapsOf(
  run: CardRun,
  model: NamedModel,
  dataset: Dataset,
  pairs: MapPairs | string | undefined,
  hooks: CalibrationHooks,
): Promise<Exclude<ChosenMaps, { isInterrupted: true }>> {
  if (pairs === undefined) return { notes: [], failed: 0 };
  if (typeof pairs === "string")
    return { notes: [pairs, ...earlierMapsNote(model.card, undefined)], failed: 0 };
  const { withProgress, ...rest } = hooks;
  const found = await withProgress("images with boxes", (onProgress) =>
    chooseMapsFor(denseNetOf(model, NO_CHOICE), dataset, pairs, run, { ...rest, onProgress }),
  );
  if ("isInterrupted" in found) throw interrupted();
  return { ...found, notes: [...found.notes, ...earlierMapsNote(model.card, found.maps)] };
}
