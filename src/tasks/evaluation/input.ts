/**
 * What is evaluated: probabilities beside labels, image by image; here from a prediction file.
 *
 * Pipeline:   prediction file, label file → **probabilities and labels of the same images** → figures
 * Knows:      files. Not models (`model.ts`) or metrics.
 */

import { basename, posix } from "node:path";
import type { LabelledImage, LabelTable } from "../../dataset/label-table.ts";
import { type PredictionTable, parsePredictionTable } from "../../dataset/prediction-table.ts";
import { count, counted } from "../../dataset/words.ts";
import { inFile, XrayError } from "../../errors.ts";
import { readText } from "../../node/data-folder.ts";
import type { LocalisationReport } from "../../report/evaluation/localisation.ts";
import type { Predictor } from "../../report/evaluation/predictor.ts";
import { readLabels } from "../label-file.ts";

/** Probabilities and labels of the same images. */
export interface EvaluationInput {
  readonly predictor: Predictor;
  readonly labelFile: { readonly name: string; readonly sha256: string };
  /** The labels that both sides have, in the label file's order. */
  readonly labels: readonly string[];
  /** The images that both sides have, with their labels in the label file's order. */
  readonly images: readonly LabelledImage[];
  /** For each label, one probability per image. */
  readonly probabilities: readonly (Float32Array | Float64Array)[];
  /** For each label, 1, 0 or NaN per image. */
  readonly truths: readonly Float32Array[];
  /** For each image, its file; undefined where predictions are from a file. */
  readonly paths?: readonly string[];
  /** The model card's operating points, where it has them. */
  readonly operatingPoints: Readonly<Record<string, number>>;
  /** Images that could not be predicted, and so are not among `images`. */
  readonly failed: number;
  /** Heatmaps against boxes; null where there are none of both. */
  readonly localisation: LocalisationReport | null;
  readonly notes: readonly string[];
}

const SHOWN = 3;

/** The first of some names. */
export const some = (names: readonly string[]): string =>
  `${names.slice(0, SHOWN).join(", ")}${names.length > SHOWN ? ", …" : ""}`;

/** For each column of the label table, what it says of the images. */
export const truthsOf = (images: readonly LabelledImage[], columns: readonly number[]): Float32Array[] =>
  columns.map((column) => Float32Array.from(images, ({ labels }) => labels[column]!));

/** Rows of the predictions by their place in the label table: by the name as it stands, else by the file name alone. */
function matchImages(
  predicted: readonly string[],
  images: readonly LabelledImage[],
): { pairs: [predicted: number, image: number][]; unmatched: string[] } {
  const byName = new Map(images.map(({ image }, i) => [image, i]));
  const byBase = new Map<string, number>();
  for (const [i, { image }] of images.entries()) {
    const base = posix.basename(image);
    // A file name that two folders share tells nobody apart.
    byBase.set(base, byBase.has(base) ? -1 : i);
  }
  const pairs: [number, number][] = [];
  const unmatched: string[] = [];
  for (const [row, name] of predicted.entries()) {
    const at = byName.get(name) ?? byBase.get(posix.basename(name)) ?? -1;
    if (at < 0) unmatched.push(name);
    else pairs.push([row, at]);
  }
  return { pairs, unmatched };
}

function checkOnce(
  pairs: readonly (readonly [number, number])[],
  predicted: readonly string[],
  file: string,
) {
  const seen = new Map<number, number>();
  for (const [row, at] of pairs) {
    const before = seen.get(at);
    if (before !== undefined) {
      throw new XrayError(
        "predictions/duplicate-image",
        `${file}: ${predicted[before]} and ${predicted[row]} are the same image of the label file; keep one row for each image`,
        { file, images: [predicted[before], predicted[row]] },
      );
    }
    seen.set(at, row);
  }
}

/** What to say of images that one side has alone; it is an error where they have none in common. */
function matchNotes(
  { pairs, unmatched }: ReturnType<typeof matchImages>,
  table: LabelTable,
  file: string,
  labelsFile: string,
): string[] {
  if (pairs.length === 0) {
    const labelled = some(table.images.map(({ image }) => image));
    throw new XrayError(
      "evaluation/no-common-image",
      `${file}: none of its images (${some(unmatched)}) is in ${labelsFile} (${labelled}); name them alike`,
      { file, labelsFile },
    );
  }
  const alone = table.images.length - pairs.length;
  return [
    ...(unmatched.length === 0
      ? []
      : [
          `${counted(unmatched.length, "prediction")} of images without labels, left out: ${some(unmatched)}`,
        ]),
    ...(alone === 0
      ? []
      : [`${count(alone)} of the ${counted(table.images.length, "labelled image")} have no prediction`]),
  ];
}

async function readPredictions(
  file: string,
  labels: readonly string[],
): Promise<{ table: PredictionTable; sha256: string }> {
  const { text, sha256 } = await readText(file);
  try {
    return { table: parsePredictionTable(text, labels), sha256 };
  } catch (error) {
    throw inFile(file, error);
  }
}

/**
 * Predictions of a file beside the labels of another.
 *
 * @param labels  The labels to evaluate; NIH's findings unless given.
 * @throws        XrayError `predictions/…`, `labels/…`, `file/…`, `evaluation/no-common-image`.
 */
export async function inputFromPredictions(
  file: string,
  labelsFile: string,
  labels?: readonly string[],
): Promise<EvaluationInput> {
  const { table, ...labelFile } = await readLabels(labelsFile, labels === undefined ? {} : { labels });
  const { table: predicted, sha256 } = await readPredictions(file, table.labels);
  const matched = matchImages(predicted.images, table.images);
  checkOnce(matched.pairs, predicted.images, file);
  const notes = matchNotes(matched, table, file, labelsFile);
  const images = matched.pairs.map(([, at]) => table.images[at]!);
  const width = predicted.labels.length;
  return {
    predictor: { kind: "predictions", name: basename(file), sha256 },
    labelFile: { name: basename(labelFile.path), sha256: labelFile.sha256 },
    labels: predicted.labels,
    images,
    probabilities: predicted.labels.map((_, k) =>
      Float64Array.from(matched.pairs, ([row]) => predicted.probabilities[row * width + k]!),
    ),
    truths: truthsOf(
      images,
      predicted.labels.map((label) => table.labels.indexOf(label)),
    ),
    operatingPoints: {},
    failed: 0,
    localisation: null,
    notes: [...table.notes, ...predicted.notes, ...notes],
  };
}
