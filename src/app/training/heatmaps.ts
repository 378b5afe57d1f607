/**
 * Writes into a finished run's model which heatmap points best at which finding, by the boxes of its validation images.
 *
 * Pipeline:   box file, validation images → **pairs; best model → choice** → model files with it
 * Knows:      runs. Not how heatmaps are chosen.
 */

import { existsSync } from "node:fs";
import { denseNetOf } from "../../engine/read-model.ts";
import { asXrayError, XrayError } from "../../errors.ts";
import type { ResolvedCard } from "../../models/card.ts";
import { modelCardMarkdown, type TrainingFacts } from "../../report/training/model-card.ts";
import { agreeing, count, counted } from "../../text.ts";
import { type BoxFile, openBoxes } from "../data/known-boxes.ts";
import type { Dataset } from "../data/open-dataset.ts";
import type { Split } from "../data/split-dataset.ts";
import { chooseMapsFor } from "../evaluation/choose-maps.ts";
import { FEWEST_PAIRS, findMapPairs, type MapPairs } from "../evaluation/map-pairs.ts";
import { convertFile } from "../models/convert.ts";
import { loadFile, readModelFile } from "../models/open-model.ts";
import type { Plan, TrainHooks, TrainRequest } from "./plan.ts";

/** The boxes of a run. A file that nobody named and that cannot be used is no reason not to train. */
async function boxesOf(
  { data, settings }: TrainRequest,
  { boxFiles }: Dataset,
  say: TrainHooks["say"],
): Promise<BoxFile | undefined> {
  try {
    return await openBoxes(data, boxFiles, { named: settings.boxes ?? undefined, canName: true });
  } catch (error) {
    if (settings.boxes !== null) throw error;
    say(`no heatmaps will be chosen: ${asXrayError(error).message}`);
    return undefined;
  }
}

/**
 * The pairs by which a run's heatmaps will be chosen, if its settings ask for it and there are boxes. Only validation
 * images are used: a model's heatmaps on images that it was trained on may be better than on others.
 *
 * @param say  Called with a note if there are boxes, but too few.
 * @throws     XrayError `labels/…`, `file/…` of a box file that was named.
 */
export async function planMaps(
  request: TrainRequest,
  dataset: Dataset,
  split: Split,
  card: Pick<ResolvedCard, "labels" | "preparation">,
  say: TrainHooks["say"],
): Promise<MapPairs | undefined> {
  const { chooseMaps, seed } = request.settings;
  const file = chooseMaps ? await boxesOf(request, dataset, say) : undefined;
  if (file === undefined) return undefined;
  const validation = new Set(split.val);
  const found = findMapPairs(card, dataset, file, (index) => validation.has(index), seed);
  if (found.pairs.length > 0) {
    for (const note of found.notes) say(note);
    return found;
  }
  say(
    `${file.path}: no finding has boxes in at least ${FEWEST_PAIRS} validation images, of which there ${agreeing(split.val.length, "is", "are")} ${count(split.val.length)}, so no heatmaps will be chosen; a calibration can choose them by other images`,
  );
  return undefined;
}

/**
 * Choose the heatmaps of a run's best model, and add them to its files and its model card, unless they have them.
 *
 * @param facts    What the model card says otherwise.
 * @param skipped  Images that could not be read.
 * @param onSkip   Called for another one.
 * @returns        False if it was interrupted: resuming the run starts the choice again.
 */
export async function addMaps(
  { folder, mapPairs, dataset, request }: Plan,
  facts: TrainingFacts,
  skipped: () => ReadonlySet<number>,
  onSkip: (example: number, error: XrayError) => void,
  hooks: TrainHooks,
): Promise<boolean> {
  // A finished run whose model was moved stays as it is.
  if (mapPairs === undefined || !existsSync(folder.file("model"))) return true;
  const file = await readModelFile(folder.file("model"));
  const { knownImages, maps: before } = file.said;
  if (before !== undefined) return true;
  const unread = skipped();
  const pairs = mapPairs.pairs.filter(({ image }) => !unread.has(image));
  const images = new Set(pairs.map(({ image }) => image)).size;
  hooks.say(`choosing heatmaps by the boxes of ${counted(images, "validation image")}`);
  const { seed, voi } = request.settings;
  const { device, threads } = request;
  const run = {
    seed,
    voi,
    // A training takes images as they are.
    force: true,
    ...(device === undefined ? {} : { device }),
    ...(threads === undefined ? {} : { threads }),
  };
  const outcome = await chooseMapsFor(
    denseNetOf(loadFile(file), "it has no maps to choose from"),
    dataset,
    { ...mapPairs, pairs, notes: [] },
    run,
    {
      onProgress: (done, total) => hooks.onHeatmaps({ done, total }),
      onFailure: (error, example) => onSkip(example, error),
      isStopping: hooks.isStopping,
    },
  ).catch((error: unknown) => {
    // The model can be used without.
    if (!(error instanceof XrayError && error.code === "evaluation/bad-input")) throw error;
    return { notes: [error.message], maps: undefined };
  });
  if ("isInterrupted" in outcome) return false;
  for (const note of outcome.notes) hooks.say(note);
  const { maps } = outcome;
  if (maps === undefined) return true;
  const known = knownImages === undefined ? {} : { knownImages };
  await folder.writeText("card", modelCardMarkdown({ ...facts, ...known, skipped: skipped().size, maps }));
  // The safetensors file comes last, because it says whether this was done.
  for (const name of ["torch", "model"] as const)
    await convertFile(file, folder.file(name), { change: (card) => ({ ...card, maps }) });
  return true;
}
