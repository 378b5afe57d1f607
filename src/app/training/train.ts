/**
 * Training: a data folder and a backbone in, a run folder with a model out.
 *
 * Pipeline:   **data folder → split → features → loop → model, curves, card**
 * Knows:      everything that a run consists of. Not the command line.
 */

import { basename } from "node:path";
import { inFile, XrayError } from "../../errors.ts";
import { plainPreparation, withBits } from "../../image/preparation.ts";
import { XRV_PREPARATION } from "../../models/card.ts";
import { FIRST_STATE, type LoopEnd, type LoopState } from "../../training/loop.ts";
import { checkSameRun, type RunConfig } from "../../training/run-config.ts";
import type { BestFigures } from "../../training/saved-state.ts";
import { ImageNotes } from "../data/image-notes.ts";
import { type Dataset, openDataset } from "../data/open-dataset.ts";
import { splitDataset } from "../data/split-dataset.ts";
import { loadBackbone } from "./backbone.ts";
import { type FeatureTask, TrainingFeatures } from "./features.ts";
import { addMaps, planMaps } from "./heatmaps.ts";
import { addKnownImages } from "./known-images.ts";
import type { Plan, TrainHooks, TrainRequest } from "./plan.ts";
import { TrainingRun } from "./run.ts";
import { RunFolder } from "./run-folder.ts";

/** The input size at which single-channel models are prepared (`XRV_PREPARATION`). */
const GREY_INPUT = 224;

/** The outcome of a run. */
export interface TrainResult {
  readonly end: LoopEnd;
  readonly folder: string;
  readonly state: LoopState;
  /** Images that could not be read in this call. */
  readonly skipped: readonly { readonly image: string; readonly error: XrayError }[];
  /** Number of images that could not be read in this or an earlier call of the run. */
  readonly leftOut: number;
  readonly best: BestFigures | null;
}

/** All labels of a table, row by row. */
function labelMatrix({ table }: Dataset): Float32Array {
  const width = table.labels.length;
  const matrix = new Float32Array(table.images.length * width);
  for (const [i, { labels }] of table.images.entries()) matrix.set(labels, i * width);
  return matrix;
}

const folderTaken = (folder: string): XrayError =>
  new XrayError(
    "training/folder-taken",
    `${folder}: there is a run in this folder; resume it, or name another folder`,
    { folder, canResume: true },
  );

/** Read everything that determines a run, and check that its folder is free or belongs to it. */
export async function plan(request: TrainRequest, say: TrainHooks["say"]): Promise<Plan> {
  const { settings, data } = request;
  const { labelsFile, labels: wanted } = settings;
  const folder = new RunFolder(request.out);
  const inTheWay = request.resume || folder.isTaken ? undefined : folder.firstFile();
  if (inTheWay !== undefined) {
    throw new XrayError(
      "training/folder-taken",
      `${request.out}: a run would replace the file ${inTheWay} in this folder; name another folder`,
      { folder: request.out, name: inTheWay },
    );
  }
  if (folder.isTaken && !request.resume) throw folderTaken(request.out);
  const dataset = await openDataset(data, {
    includeLaterals: settings.includeLaterals,
    ...(labelsFile === null ? {} : { labelsFile }),
    ...(wanted === null ? {} : { labels: wanted }),
  });
  const { valList, trainList, limit } = settings;
  const split = await splitDataset(dataset, {
    valFraction: settings.valFraction,
    seed: settings.seed,
    ...(valList === null ? {} : { valList }),
    ...(trainList === null ? {} : { trainList }),
    ...(limit === null ? {} : { limit }),
  });
  for (const note of [...dataset.notes, ...split.notes]) say(note);
  if (settings.patience !== null && split.val.length === 0) {
    throw new XrayError(
      "training/no-validation",
      "early stopping needs validation images, and there are none; hold some out, or name a list of them",
      {},
    );
  }
  const { labels } = dataset.table;
  const backbone = await loadBackbone(
    settings.backbone,
    labels,
    settings.seed,
    settings.weights ?? undefined,
  );
  for (const note of backbone.notes) say(note);
  const config: RunConfig = {
    schema: "medical-x/training@1",
    settings,
    labels,
    labelFile: { name: basename(dataset.labelFile.path), sha256: dataset.labelFile.sha256 },
    backbone: { name: backbone.name, sha256: backbone.sha256 },
    images: { train: split.train.length, val: split.val.length },
  };
  if (folder.isTaken) checkSameRun(folder.file("config"), await folder.readConfig(), config);
  const isGrey = backbone.weights.inChannels === 1;
  if (isGrey && settings.inputSize !== GREY_INPUT) {
    throw new XrayError(
      "training/input-size",
      `${backbone.name}: it takes one channel, prepared at ${GREY_INPUT} × ${GREY_INPUT} pixels, not at an input size of ${settings.inputSize}; leave the input size out`,
      { inputSize: settings.inputSize },
    );
  }
  const preparation = withBits(
    isGrey ? XRV_PREPARATION : plainPreparation(settings.inputSize),
    settings.bits ?? backbone.bits,
  );
  return {
    request,
    dataset,
    split,
    backbone,
    preparation,
    labels: labelMatrix(dataset),
    config,
    mapPairs: await planMaps(request, dataset, split, { labels, preparation }, say),
    folder,
    isResumed: folder.isTaken,
  };
}

/** Report notes on how images were read, one line per kind, without repeating earlier ones. */
function sayNotes(notesOf: Map<number, readonly string[]>, say: TrainHooks["say"]): void {
  const told = new ImageNotes();
  for (const [example, notes] of notesOf) {
    told.add(notes);
    notesOf.set(example, []);
  }
  for (const line of told.lines()) say(line);
}

/** Restore a run to its saved state. */
async function restored(run: TrainingRun, folder: RunFolder): Promise<LoopState> {
  try {
    return run.restore(await folder.readState());
  } catch (error) {
    throw inFile(folder.file("state"), error);
  }
}

/**
 * Train, or continue a run.
 *
 * @throws  XrayError `data/…`, `labels/…`, `split/…`, `model/…`, `training/…`, `features/…`, `file/…`.
 */
export async function runTraining(request: TrainRequest, hooks: TrainHooks): Promise<TrainResult> {
  const planned = await plan(request, hooks.say);
  const { folder } = planned;
  await folder.create();
  try {
    // Another process may have started and finished a run there since the plan was made.
    if (folder.isTaken && !planned.isResumed) throw folderTaken(request.out);
    return await trainPlanned(planned, hooks);
  } finally {
    folder.release();
  }
}

/** What the features of a run are computed of and by. */
export function featureTask({ backbone, preparation, dataset, request }: Plan): FeatureTask {
  const { unfreeze, augment: kind, seed, views: count, voi } = request.settings;
  const { inChannels, tensors } = backbone.weights;
  return {
    parts: { unfreeze, inChannels, preparation, tensors },
    images: dataset.table.images.map(({ image }, i) => ({ name: image, path: dataset.paths[i] ?? image })),
    views: { kind, seed, count, voi },
  };
}

/** Train in a folder that this process has claimed. */
async function trainPlanned(planned: Plan, hooks: TrainHooks): Promise<TrainResult> {
  const { folder, dataset, split, request } = planned;
  if (!folder.isTaken) await folder.writeText("config", `${JSON.stringify(planned.config, null, 2)}\n`);
  const skipped = new Map<number, XrayError>();
  const notesOf = new Map<number, readonly string[]>();
  const onSkip = (example: number, error: XrayError) => {
    if (!skipped.has(example)) hooks.say(`left out: ${inFile(dataset.paths[example]!, error).message}`);
    skipped.set(example, error);
  };
  const { parts, ...task } = featureTask(planned);
  const features = await TrainingFeatures.open(
    parts,
    {
      ...task,
      isCached: request.settings.featureCache,
      onSkip,
      onNotes: (example, notes) => notesOf.set(example, notes),
    },
    request,
  );
  let earlier: readonly number[] = [];
  let run: TrainingRun | undefined;
  try {
    run = new TrainingRun(planned, features, hooks, () => new Set([...earlier, ...skipped.keys()]));
    if (request.features !== undefined) await features.gather(request.features, split.train, split.val);
    const isFull = await features.fill(split.train, split.val, (progress) => {
      hooks.onExtraction(progress);
      return !hooks.isStopping();
    });
    sayNotes(notesOf, hooks.say);
    const from = folder.hasState ? await restored(run, folder) : undefined;
    earlier = from?.skipped ?? [];
    const ended = isFull
      ? await run.run(from)
      : { end: "interrupted" as const, state: from ?? FIRST_STATE, best: null };
    const unread = () => new Set([...earlier, ...ended.state.skipped, ...skipped.keys()]);
    const facts = run.facts(ended.state);
    // The trainer's memory is no longer needed.
    await run.release();
    run = undefined;
    const isComplete =
      ended.end === "interrupted" ||
      ((await addKnownImages(planned, facts, features, unread(), hooks)) &&
        (await addMaps(planned, facts, unread, onSkip, hooks)));
    sayNotes(notesOf, hooks.say);
    const left = [...skipped].map(([example, error]) => ({
      image: dataset.table.images[example]!.image,
      error,
    }));
    const end = isComplete ? ended.end : ("interrupted" as const);
    return { ...ended, end, folder: folder.path, skipped: left, leftOut: unread().size };
  } finally {
    try {
      await run?.release();
    } finally {
      await features.close();
    }
  }
}
