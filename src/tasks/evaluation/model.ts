/**
 * What is evaluated of a model: its predictions of a data folder's images, beside their labels and boxes.
 *
 * Pipeline:   model and data folder → **probabilities and labels of the same images; heatmaps against boxes** → figures
 * Knows:      files, data folders and models. Not metrics.
 */

import { basename } from "node:path";
import { findListed } from "../../dataset/image-list.ts";
import { counted } from "../../dataset/words.ts";
import { XrayError } from "../../errors.ts";
import { matchLabel } from "../../findings.ts";
import type { HeatmapMethod } from "../../heatmaps/methods.ts";
import { calibrate } from "../../models/calibration.ts";
import type { ModelCard, ResolvedCard } from "../../models/card.ts";
import type { HeatmapLayer } from "../../models/densenet121.ts";
import { readText } from "../../node/data-folder.ts";
import { noticesOf } from "../../report/notice.ts";
import { fileNameOf, openBoxes } from "../known-boxes.ts";
import { readList } from "../label-file.ts";
import { type Dataset, openDataset } from "../open-dataset.ts";
import { openModel } from "../open-model.ts";
import { seenImages } from "../seen-images.ts";
import { type EvaluationInput, noOperatingPoints, readTrainList, some, truthsOf } from "./input.ts";
import { Localiser } from "./localise.ts";
import { type PredictionHooks, predictFolder } from "./predict-folder.ts";

/** Which images of a folder are evaluated: those of a list, else of test_list.txt, else all; and how that is said. */
async function chosenImages(
  { folder, table, paths, lists }: Dataset,
  { list, chosen, use = "evaluated" }: Pick<ModelRun, "list" | "chosen" | "use">,
): Promise<{ indices: number[]; notes: string[] }> {
  const names = chosen ?? (list === undefined ? lists.test : readList(await readText(list)));
  const all =
    names === undefined ? { indices: [...table.images.keys()], lacking: 0 } : findListed(table.images, names);
  const indices = all.indices.filter((i) => paths[i] !== undefined);
  const source = chosen === undefined ? (list ?? "test_list.txt") : "those chosen";
  if (indices.length === 0) {
    throw new XrayError(
      "evaluation/no-images",
      `${folder}: ${names === undefined ? "none of its images was found" : `none of the images of ${source} is there`}; nothing can be ${use}`,
      { file: folder },
    );
  }
  return {
    indices,
    notes: [
      ...(names === undefined || chosen !== undefined ? [] : [`${use} on the images of ${source}`]),
      ...(all.lacking === 0 ? [] : [`${counted(all.lacking, "name")} of ${source} without labels`]),
      ...(all.indices.length === indices.length
        ? []
        : [`${counted(all.indices.length - indices.length, "image")} without a file, left out`]),
    ],
  };
}

/** How a model is run over a data folder. */
export interface ModelRun {
  /** What is done with the images, in a word for messages; `evaluated` unless given. */
  readonly use?: "evaluated" | "calibrated";
  readonly model: string;
  /** What it is called; the file's name unless given. */
  readonly name?: string;
  readonly data: string;
  readonly labelsFile?: string;
  /** Of the label file; NIH's findings unless given. */
  readonly labels?: readonly string[];
  /** A file of names; else test_list.txt, where there is one; else every image. */
  readonly list?: string;
  /** Names instead of a list. */
  readonly chosen?: ReadonlySet<string>;
  readonly device?: string;
  readonly threads?: number;
  readonly batchSize?: number;
  /** A box file, by its path or by its name in the folder; else the folder's only one, where there is one. */
  readonly boxes?: string;
  /** Whether heatmaps are compared with boxes, where there are any; they are unless said otherwise. */
  readonly isLocalised?: boolean;
  /** Of the heatmaps that are compared with boxes. */
  readonly method: HeatmapMethod;
  readonly gradcamLayer: HeatmapLayer;
  /** Of the random maps that they are compared with. */
  readonly seed: number;
  /** Whether to end at once where the card has no operating points. */
  readonly needsOperatingPoints?: boolean;
  /** Whether scores are kept on disk; `on` unless given. */
  readonly predictionCache?: "on" | "off";
  /** A file of names: images that the model was trained on, over what its card says. */
  readonly trainList?: string;
}

/** What the model's labels are called in a report: as the label file does, those that it lacks last. */
function reportedNames(
  labels: readonly string[],
  columns: readonly { readonly label: string; readonly output: number }[],
): ReadonlyMap<number, string> {
  const names = new Map(columns.map(({ label, output }) => [output, label]));
  for (const [output, label] of labels.entries()) if (!names.has(output)) names.set(output, label);
  return names;
}

/** The card's operating points, by the label file's spelling. */
function operatingPointsBy(
  { labels, operatingPoints = {} }: ResolvedCard,
  columns: readonly { readonly label: string; readonly output: number }[],
): Record<string, number> {
  const points = columns.map(({ label, output }) => [label, operatingPoints[labels[output]!]] as const);
  return Object.fromEntries(points.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

/** Probabilities by the card's calibration, of the labels that it has. */
function calibratedBy(
  { calibration }: ModelCard,
  columns: readonly { readonly label: string; readonly logits: Float32Array }[],
): EvaluationInput["calibrated"] {
  if (calibration === undefined) return null;
  return {
    description: calibration.description,
    probabilities: columns.map(({ label, logits }) => {
      const found = calibration.findings[label];
      return found === undefined ? null : calibrate(found, logits);
    }),
  };
}

/**
 * A model's predictions of a data folder beside its labels, and its heatmaps beside boxes.
 *
 * Maps are computed of images and findings with boxes alone, and not kept.
 *
 * @throws  XrayError `model/…`, `data/…`, `labels/…`, `truth/bad-note`, `evaluation/no-images`, `evaluation/no-labels`,
 *          `evaluation/bad-input` of a map with NaN.
 */
export async function inputFromModel(run: ModelRun, hooks: PredictionHooks = {}): Promise<EvaluationInput> {
  const { labelsFile, labels, device, threads } = run;
  const dataset = await openDataset(run.data, {
    ...(labelsFile === undefined ? {} : { labelsFile }),
    ...(labels === undefined ? {} : { labels }),
  });
  const { table, paths, labelFile } = dataset;
  const trainList = await readTrainList(run.trainList);
  const { indices, notes } = await chosenImages(dataset, run);
  const boxFile =
    run.isLocalised === false
      ? undefined
      : await openBoxes(run.data, dataset.boxFiles, { named: run.boxes, option: "--boxes" });
  const isBoxed = indices.some((i) => boxFile?.boxes.has(fileNameOf(paths[i]!)));
  const model = await openModel(run.model, {
    ...(device === undefined ? {} : { device }),
    ...(threads === undefined ? {} : { threads }),
    ...(isBoxed ? { method: run.method, layer: run.gradcamLayer } : {}),
  });
  const { name = model.name } = run;
  const columns = table.labels.flatMap((label, column) => {
    const match = matchLabel(label, model.card.labels);
    return match === undefined ? [] : [{ label, column, output: model.card.labels.indexOf(match) }];
  });
  if (columns.length === 0) {
    await model.release();
    throw new XrayError(
      "evaluation/no-labels",
      `${name}: none of its labels (${some(model.card.labels)}) is in the label file (${some(table.labels)})`,
      { model: model.card.labels, labels: table.labels },
    );
  }
  const operatingPoints = operatingPointsBy(model.card, columns);
  if (run.needsOperatingPoints === true && Object.keys(operatingPoints).length === 0) {
    await model.release();
    throw noOperatingPoints(name);
  }
  const names = table.images.map(({ image }) => image);
  const localiser = boxFile && new Localiser(boxFile, names, model.card.labels, run.seed);
  const files = indices.map((index) => ({ name: names[index]!, path: paths[index]! }));
  const options = {
    ...run,
    isCached: run.predictionCache !== "off",
    localiser: isBoxed ? localiser : undefined,
  };
  const { done, probabilities, logits } = await predictFolder(model, files, options, hooks).finally(() =>
    model.release(),
  );
  const failed = files.length - done.length;
  if (done.length === 0) {
    throw new XrayError(
      "evaluation/no-images",
      `${run.data}: none of its ${counted(files.length, "image")} could be read; nothing can be ${run.use ?? "evaluated"}`,
      { file: run.data },
    );
  }
  localiser?.saw(done.map((i) => files[i]!.path));
  const images = done.map((i) => table.images[indices[i]!]!);
  const without = table.labels.filter((label) => !columns.some((column) => column.label === label));
  return {
    predictor: { kind: "model", name, sha256: await model.sha256() },
    labelFile: { name: basename(labelFile.path), ...labelFile },
    labels: columns.map(({ label }) => label),
    images,
    paths: done.map((i) => files[i]!.path),
    outputs: columns.map(({ output }) => output),
    modelLabels: columns.map(({ output }) => model.card.labels[output]!),
    logits: columns.map(({ output }) => logits[output]!),
    probabilities: columns.map(({ output }) => probabilities[output]!),
    truths: truthsOf(
      images,
      columns.map(({ column }) => column),
    ),
    calibrated: calibratedBy(
      model.card,
      columns.map(({ output }) => ({ label: model.card.labels[output]!, logits: logits[output]! })),
    ),
    operatingPoints,
    seen: seenImages({
      name,
      learnedFrom: model.card.learnedFrom,
      calibratedOn: model.card.calibration?.fittedTo,
      trainList,
      trainValList: dataset.lists.trainVal,
      images,
      table: table.images,
      phantom: dataset.phantom,
    }),
    phantom: dataset.phantom,
    failed,
    localisation: localiser?.report(model.maps, reportedNames(model.card.labels, columns)) ?? null,
    notes: [
      ...(model.card.labelSource.startsWith("assumed") ? [`${name}: labels ${model.card.labelSource}`] : []),
      ...dataset.notes,
      ...notes,
      ...(without.length === 0 ? [] : [`not predicted, and so not evaluated: ${without.join(", ")}`]),
      ...(failed === 0 ? [] : [`${counted(failed, "image")} could not be read, left out`]),
      ...(localiser?.notes() ?? []),
    ],
    notices: noticesOf(model.card),
  };
}
