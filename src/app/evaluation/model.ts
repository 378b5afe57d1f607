/**
 * The input of an evaluation from a model: its predictions for a data folder's images, with their labels and boxes.
 *
 * Pipeline:   model and data folder → **probabilities and labels of the same images; heatmaps against boxes** → figures
 * Knows:      files, data folders and models. Not metrics.
 */

import { basename } from "node:path";
import { calibrate } from "../../calibration/calibration.ts";
import type { NamedModel } from "../../engine/read-model.ts";
import { XrayError } from "../../errors.ts";
import { matchLabel } from "../../findings.ts";
import type { SessionOptions } from "../../graph/session.ts";
import type { VoiChoice } from "../../image/prepare.ts";
import type { ResolvedCard } from "../../models/card.ts";
import type { WeightKind } from "../../models/choose-weights.ts";
import type { MapChoice } from "../../models/map-choice.ts";
import { noticesOf } from "../../models/notice.ts";
import { agreeing, counted, some } from "../../text.ts";
import { assignBoxes, openBoxes } from "../data/known-boxes.ts";
import { type Dataset, openDataset } from "../data/open-dataset.ts";
import { type Judged, type SeenImages, seenImages } from "../data/seen-images.ts";
import type { LoadedModel } from "../models/loaded-models.ts";
import { type LoadFileOptions, loadModelFile, startModel } from "../models/open-model.ts";
import { type Choice, chosenImages } from "./chosen-images.ts";
import { type EvaluationInput, noOperatingPoints, readTrainList, truthsOf } from "./input.ts";
import { Localiser, whyUnmapped } from "./localise.ts";
import { type FolderHooks, predictFolder } from "./predict-folder.ts";

/** How to run a model on a data folder. */
export interface ModelRun extends Choice {
  readonly model: string;
  /** The model, if it has already been loaded. */
  readonly loaded?: LoadedModel;
  /** Its name in reports; the file's name by default. */
  readonly name?: string;
  /** Which of the file's weights to use; by default the plain ones, if it has any. */
  readonly weights?: WeightKind;
  readonly data: string;
  readonly labelsFile?: string;
  /** Labels of the label file; NIH's findings by default. */
  readonly labels?: readonly string[];
  readonly device?: string;
  readonly threads?: number;
  readonly batchSize?: number;
  /** Number of bits in use in a 16-bit sample, which takes precedence over the model's card. */
  readonly bits?: number;
  /** How the stored values of DICOM files become grey levels. */
  readonly voi?: VoiChoice;
  /** Whether to predict images that an input check refuses; false by default. */
  readonly force?: boolean;
  /** A box file, as a path or as a name in the folder; by default the folder's only one, if there is one. */
  readonly boxes?: string;
  /** Whether to compare heatmaps with boxes, if there are any; true by default. */
  readonly isLocalised?: boolean;
  /** The heatmaps that are compared with boxes. */
  readonly maps: MapChoice;
  /** Seed of the random maps that they are compared with. */
  readonly seed: number;
  /** Whether to fail at once if the card has no operating points. */
  readonly needsOperatingPoints?: boolean;
  /** Whether to keep scores on disk; true by default. */
  readonly predictionCache?: boolean;
  /** A file with the names of the images that the model was trained on, which takes precedence over its card. */
  readonly trainList?: string;
  /** Whether to include lateral images; false by default. */
  readonly includeLaterals?: boolean;
}

/** How to load a run's model. */
export const loadOptionsOf = ({ weights, bits }: Pick<ModelRun, "weights" | "bits">): LoadFileOptions => ({
  ...(weights === undefined ? {} : { weights }),
  ...(bits === undefined ? {} : { bits }),
});

/** A label to evaluate. */
interface Column {
  /** In the label file's spelling. */
  readonly label: string;
  /** Its index in the label file. */
  readonly column: number;
  /** Its index among the model's labels. */
  readonly output: number;
}

/** The labels that both the label file and the model have. Throws `evaluation/no-labels`. */
function sharedColumns(labels: readonly string[], outputs: readonly string[], name: string): Column[] {
  const columns = labels.flatMap((label, column) => {
    const match = matchLabel(label, outputs);
    return match === undefined ? [] : [{ label, column, output: outputs.indexOf(match) }];
  });
  if (columns.length > 0) return columns;
  throw new XrayError(
    "evaluation/no-labels",
    `${name}: none of its labels (${some(outputs)}) is in the label file (${some(labels)}); name a label file that has some of them`,
    { model: outputs, labels },
  );
}

/** Names of the model's labels in a report: in the label file's spelling and order, followed by those that it lacks. */
function reportedNames(labels: readonly string[], columns: readonly Column[]): ReadonlyMap<number, string> {
  const names = new Map(columns.map(({ label, output }) => [output, label]));
  for (const [output, label] of labels.entries()) if (!names.has(output)) names.set(output, label);
  return names;
}

/** The card's operating points, in the label file's spelling. */
function operatingPointsBy(
  { labels, operatingPoints = {} }: ResolvedCard,
  columns: readonly Column[],
): Record<string, number> {
  const points = columns.map(({ label, output }) => [label, operatingPoints[labels[output]!]] as const);
  return Object.fromEntries(points.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

/** Probabilities calibrated with the card's calibration, for the labels that it covers. */
function calibratedBy(
  { calibration, labels }: ResolvedCard,
  columns: readonly Column[],
  logits: readonly Float32Array[],
): EvaluationInput["calibrated"] {
  if (calibration === undefined) return null;
  return {
    description: calibration.description,
    probabilities: columns.map(({ output }) => {
      const found = calibration.findings[labels[output]!];
      return found === undefined ? null : calibrate(found, logits[output]!);
    }),
  };
}

/** What the model has seen of the images, according to its card and the folder's lists. */
function seenByModel(
  { table, lists, phantom }: Dataset,
  { learnedFrom, calibration }: ResolvedCard,
  rest: Pick<Judged, "name" | "trainList" | "images">,
): SeenImages {
  const trainVal = lists.trainVal && new Set(lists.trainVal.indices.map((i) => table.images[i]!.image));
  return seenImages({
    ...rest,
    learnedFrom,
    calibratedOn: calibration?.fittedTo,
    trainValList: trainVal,
    table: table.images,
    phantom,
  });
}

function unpredictedNote(labels: readonly string[], columns: readonly Column[]): string[] {
  const without = labels.filter((label) => !columns.some((column) => column.label === label));
  return without.length === 0
    ? []
    : [`${without.join(", ")} ${agreeing(without.length, "is", "are")} not predicted and so not evaluated`];
}

/** Notes on images that could not be used. */
function leftOutNotes(unreadable: number, refused: number): string[] {
  const leftOut = (n: number, why: string) =>
    n === 0 ? [] : [`${counted(n, "image")} ${why} and ${agreeing(n, "was", "were")} left out`];
  return [
    ...leftOut(unreadable, "could not be read"),
    ...leftOut(refused, `${agreeing(refused, "was", "were")} refused by an input check`),
  ];
}

/** How to start a run's model. */
export const sessionOptionsOf = ({
  device,
  threads,
}: Pick<ModelRun, "device" | "threads">): SessionOptions => ({
  ...(device === undefined ? {} : { device }),
  ...(threads === undefined ? {} : { threads }),
});

/** What a model and a label file have in common. */
interface InCommon {
  readonly columns: readonly Column[];
  readonly operatingPoints: Readonly<Record<string, number>>;
}

/** Match a model with the labels of a file. Throws XrayError `evaluation/no-labels`, `threshold/no-card`. */
function inCommon(card: ResolvedCard, labels: readonly string[], name: string, run: ModelRun): InCommon {
  const columns = sharedColumns(labels, card.labels, name);
  const operatingPoints = operatingPointsBy(card, columns);
  if (run.needsOperatingPoints === true && Object.keys(operatingPoints).length === 0)
    throw noOperatingPoints(name);
  return { columns, operatingPoints };
}

/** The data set of a run. Throws XrayError `data/…`, `labels/…`, `split/…`, `truth/bad-note`, `file/…`. */
export const openRunDataset = ({
  data,
  labelsFile,
  labels,
  includeLaterals = false,
}: ModelRun): Promise<Dataset> =>
  openDataset(data, {
    includeLaterals,
    ...(labelsFile === undefined ? {} : { labelsFile }),
    ...(labels === undefined ? {} : { labels }),
  });

/** What a caller has already opened for a run. */
interface OpenedRun {
  readonly dataset?: Dataset;
  readonly model?: NamedModel;
}

/**
 * Predict a data folder with a model, and compare heatmaps with boxes if there are any.
 *
 * Maps are computed only for images and findings with boxes, and are not kept.
 *
 * @throws  XrayError `model/…`, `data/…`, `labels/…`, `truth/bad-note`, `evaluation/no-images`, `evaluation/no-labels`,
 *          or `evaluation/bad-input` for a map with NaN.
 */
export async function inputFromModel(
  run: ModelRun,
  hooks: FolderHooks = {},
  opened: OpenedRun = {},
): Promise<EvaluationInput> {
  const { isLocalised = true } = run;
  const dataset = opened.dataset ?? (await openRunDataset(run));
  const { table, paths } = dataset;
  const trainList = await readTrainList(run.trainList, table.images);
  const { indices, notes } = await chosenImages(dataset, run);
  const files = indices.map((i) => ({ name: table.images[i]!.image, path: paths[i]! }));
  const boxFile = isLocalised
    ? await openBoxes(run.data, dataset.boxFiles, { named: run.boxes, canName: true })
    : undefined;
  const loaded = opened.model ?? run.loaded?.named ?? (await loadModelFile(run.model, loadOptionsOf(run)));
  const names = table.images.map(({ image }) => image);
  const { name = loaded.name, maps } = run;
  const unmapped = boxFile && whyUnmapped(loaded, maps, name);
  const boxes = boxFile && unmapped === undefined ? assignBoxes(boxFile, names) : undefined;
  const isBoxed = files.some((file) => boxes?.of.has(file.name));
  const { columns, operatingPoints } = inCommon(loaded.card, table.labels, name, run);
  const model = await startModel(loaded, {
    ...sessionOptionsOf(run),
    ...(isBoxed ? { maps } : {}),
  });
  const localiser = boxes && new Localiser(boxes, loaded.card, model.maps?.recipes ?? [], run.seed);
  const isCached = run.predictionCache !== false;
  const options = { ...run, isCached, localiser: isBoxed ? localiser : undefined };
  const {
    done,
    probabilities,
    logits,
    refused,
    notes: read,
  } = await predictFolder(model, files, options, hooks).finally(() => model.release());
  if (done.length === 0) {
    throw new XrayError(
      "evaluation/no-images",
      `${run.data}: none of its ${counted(files.length, "image")} could be ${refused > 0 ? "used" : "read"}, so nothing can be ${run.use ?? "evaluated"}; the warnings before this say why`,
      { file: run.data },
    );
  }
  const images = done.map((i) => table.images[indices[i]!]!);
  const donePaths = done.map((i) => files[i]!.path);
  localiser?.saw(images.map(({ image }) => image));
  const failed = files.length - done.length;
  return {
    predictor: { kind: "model", name, sha256: await model.sha256() },
    labelFile: { name: basename(dataset.labelFile.path), ...dataset.labelFile },
    labels: columns.map(({ label }) => label),
    images,
    model: loaded,
    paths: donePaths,
    ...(boxFile === undefined ? {} : { boxFile: boxFile.path }),
    ...(localiser === undefined ? {} : { boxes: images.map(({ image }) => localiser.boxesOf(image)) }),
    outputs: columns.map(({ output }) => output),
    modelLabels: columns.map(({ output }) => model.card.labels[output]!),
    logits: columns.map(({ output }) => logits[output]!),
    probabilities: columns.map(({ output }) => probabilities[output]!),
    truths: truthsOf(
      images,
      columns.map(({ column }) => column),
    ),
    calibrated: calibratedBy(model.card, columns, logits),
    operatingPoints,
    seen: seenByModel(dataset, model.card, { name, trainList, images }),
    phantom: dataset.phantom,
    failed,
    compared: localiser?.compared(maps, reportedNames(model.card.labels, columns)) ?? null,
    notes: [
      ...model.notes.map((note) => `${name}: ${note}`),
      ...dataset.notes,
      ...notes,
      ...unpredictedNote(table.labels, columns),
      ...read,
      ...leftOutNotes(failed - refused, refused),
      ...(localiser?.notes() ?? []),
      ...(unmapped === undefined ? [] : [unmapped]),
    ],
    notices: noticesOf(model.card),
  };
}
