/**
 * What is evaluated of a model: its predictions of a data folder's images, beside their labels and boxes.
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
import type { HeatmapMethod } from "../../heatmaps/methods.ts";
import type { ResolvedCard } from "../../models/card.ts";
import type { WeightKind } from "../../models/choose-weights.ts";
import type { HeatmapLayer } from "../../models/densenet121.ts";
import { noticesOf } from "../../models/notice.ts";
import { counted, some } from "../../text.ts";
import { assignBoxes, openBoxes } from "../data/known-boxes.ts";
import { type Dataset, openDataset } from "../data/open-dataset.ts";
import { type Judged, type SeenImages, seenImages } from "../data/seen-images.ts";
import type { LoadedModel } from "../models/loaded-models.ts";
import { type LoadFileOptions, loadModelFile, startModel } from "../models/open-model.ts";
import { type Choice, chosenImages } from "./chosen-images.ts";
import { type EvaluationInput, noOperatingPoints, readTrainList, truthsOf } from "./input.ts";
import { Localiser } from "./localise.ts";
import { type FolderHooks, predictFolder } from "./predict-folder.ts";

/** How a model is run over a data folder. */
export interface ModelRun extends Choice {
  readonly model: string;
  /** The model, where it was loaded already. */
  readonly loaded?: LoadedModel;
  /** What it is called; the file's name unless given. */
  readonly name?: string;
  /** Which of the file's weights are used: plain ones where it has any, unless given. */
  readonly weights?: WeightKind;
  readonly data: string;
  readonly labelsFile?: string;
  /** Of the label file; NIH's findings unless given. */
  readonly labels?: readonly string[];
  readonly device?: string;
  readonly threads?: number;
  readonly batchSize?: number;
  /** How many bits of a 16-bit sample are used, over what the model's card says. */
  readonly bits?: number;
  /** A box file, by its path or by its name in the folder; else the folder's only one, where there is one. */
  readonly boxes?: string;
  /** Whether heatmaps are compared with boxes, where there are any; they are unless said otherwise. */
  readonly isLocalised?: boolean;
  /** Of the heatmaps that are compared with boxes. */
  readonly method: HeatmapMethod;
  readonly layer: HeatmapLayer;
  /** Of the random maps that they are compared with. */
  readonly seed: number;
  /** Whether to end at once where the card has no operating points. */
  readonly needsOperatingPoints?: boolean;
  /** Whether scores are kept on disk; they are unless turned off. */
  readonly predictionCache?: boolean;
  /** A file of names: images that the model was trained on, over what its card says. */
  readonly trainList?: string;
  /** Whether lateral images take part; they do not unless it is said. */
  readonly includeLaterals?: boolean;
}

/** How a run's model is loaded. */
export const loadOptionsOf = ({ weights, bits }: Pick<ModelRun, "weights" | "bits">): LoadFileOptions => ({
  ...(weights === undefined ? {} : { weights }),
  ...(bits === undefined ? {} : { bits }),
});

/** A label that is evaluated. */
interface Column {
  /** As the label file spells it. */
  readonly label: string;
  /** Its place in the label file. */
  readonly column: number;
  /** Its place among the model's labels. */
  readonly output: number;
}

/** The labels that the label file and the model both have. Throws `evaluation/no-labels`. */
function sharedColumns(labels: readonly string[], outputs: readonly string[], name: string): Column[] {
  const columns = labels.flatMap((label, column) => {
    const match = matchLabel(label, outputs);
    return match === undefined ? [] : [{ label, column, output: outputs.indexOf(match) }];
  });
  if (columns.length > 0) return columns;
  throw new XrayError(
    "evaluation/no-labels",
    `${name}: none of its labels (${some(outputs)}) is in the label file (${some(labels)})`,
    { model: outputs, labels },
  );
}

/** What the model's labels are called in a report: as the label file does, those that it lacks last. */
function reportedNames(labels: readonly string[], columns: readonly Column[]): ReadonlyMap<number, string> {
  const names = new Map(columns.map(({ label, output }) => [output, label]));
  for (const [output, label] of labels.entries()) if (!names.has(output)) names.set(output, label);
  return names;
}

/** The card's operating points, by the label file's spelling. */
function operatingPointsBy(
  { labels, operatingPoints = {} }: ResolvedCard,
  columns: readonly Column[],
): Record<string, number> {
  const points = columns.map(({ label, output }) => [label, operatingPoints[labels[output]!]] as const);
  return Object.fromEntries(points.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

/** Probabilities by the card's calibration, of the labels that it has. */
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

/** What the model has seen of the images, by its card and the folder's lists. */
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
  return without.length === 0 ? [] : [`not predicted, and so not evaluated: ${without.join(", ")}`];
}

/** How a run's model is started. */
export const sessionOptionsOf = ({ device, threads }: ModelRun): SessionOptions => ({
  ...(device === undefined ? {} : { device }),
  ...(threads === undefined ? {} : { threads }),
});

/** What a model and a label file have in common. */
interface InCommon {
  readonly columns: readonly Column[];
  readonly operatingPoints: Readonly<Record<string, number>>;
}

/** Compare a model with the labels of a file. Throws XrayError `evaluation/no-labels`, `threshold/no-card`. */
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

/** What a caller has read of a run already, and so need not be read again. */
interface OpenedRun {
  readonly dataset?: Dataset;
  readonly model?: NamedModel;
}

/**
 * A model's predictions of a data folder beside its labels, and its heatmaps beside boxes.
 *
 * Maps are computed of images and findings with boxes alone, and not kept.
 *
 * @throws  XrayError `model/…`, `data/…`, `labels/…`, `truth/bad-note`, `evaluation/no-images`, `evaluation/no-labels`,
 *          `evaluation/bad-input` of a map with NaN.
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
    ? await openBoxes(run.data, dataset.boxFiles, { named: run.boxes, option: "--boxes" })
    : undefined;
  const loaded = opened.model ?? run.loaded?.named ?? (await loadModelFile(run.model, loadOptionsOf(run)));
  const names = table.images.map(({ image }) => image);
  const boxes = boxFile && assignBoxes(boxFile, names);
  const isBoxed = files.some((file) => boxes?.of.has(file.name));
  const { name = loaded.name, method, layer } = run;
  const { columns, operatingPoints } = inCommon(loaded.card, table.labels, name, run);
  const localiser = boxes && new Localiser(boxes, loaded.card.labels, run.seed);
  const model = await startModel(loaded, {
    ...sessionOptionsOf(run),
    ...(isBoxed ? { maps: { method, layer } } : {}),
  });
  const isCached = run.predictionCache !== false;
  const options = { ...run, isCached, localiser: isBoxed ? localiser : undefined };
  const {
    done,
    probabilities,
    logits,
    notes: read,
  } = await predictFolder(model, files, options, hooks).finally(() => model.release());
  if (done.length === 0) {
    throw new XrayError(
      "evaluation/no-images",
      `${run.data}: none of its ${counted(files.length, "image")} could be read; nothing can be ${run.use ?? "evaluated"}`,
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
    localisation: localiser?.report(model.maps, reportedNames(model.card.labels, columns)) ?? null,
    notes: [
      ...model.notes.map((note) => `${name}: ${note}`),
      ...dataset.notes,
      ...notes,
      ...unpredictedNote(table.labels, columns),
      ...read,
      ...(failed === 0 ? [] : [`${counted(failed, "image")} could not be read, left out`]),
      ...(localiser?.notes() ?? []),
    ],
    notices: noticesOf(model.card),
  };
}
