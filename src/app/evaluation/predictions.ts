/**
 * The input of an evaluation from a prediction file: its probabilities, with the labels of another file.
 *
 * Pipeline:   prediction file, label file → **probabilities and labels of the same images** → figures
 * Knows:      files. Not models (`model.ts`) or metrics.
 */

import { basename, dirname } from "node:path";
import { imagesMeant } from "../../dataset/image-identity.ts";
import { matchNames, NO_IMAGE, SEVERAL_IMAGES } from "../../dataset/image-lookup.ts";
import type { LabelledImage, LabelTable } from "../../dataset/label-table.ts";
import {
  PredictionRows,
  type PredictionTable,
  parsePredictionTable,
} from "../../dataset/prediction-table.ts";
import { inFile, XrayError } from "../../errors.ts";
import { isParquet, type ParquetFile } from "../../formats/parquet.ts";
import { NOTICE } from "../../models/notice.ts";
import { readText } from "../../node/data-folder.ts";
import { digestFile } from "../../node/digest.ts";
import { readHead } from "../../node/files.ts";
import { withParquet } from "../../node/parquet-file.ts";
import { agreeing, count, counted, eitherOf, some, someOf } from "../../text.ts";
import { readLabels } from "../data/label-file.ts";
import { leftOutLaterals } from "../data/laterals.ts";
import { readPhantomNote } from "../data/phantom-note.ts";
import { seenImages } from "../data/seen-images.ts";
import { type EvaluationInput, readTrainList, truthsOf } from "./input.ts";

/** Rows of the predictions paired with images of the label table. */
interface Matched {
  readonly pairs: readonly (readonly [row: number, image: number])[];
  /** Rows whose image has no labels, and rows whose name may refer to several images. */
  readonly unmatched: readonly number[];
  readonly unclear: readonly number[];
}

function matchImages(predicted: readonly string[], images: readonly LabelledImage[]): Matched {
  const places = matchNames(
    images.map(({ image }) => image),
    predicted,
  );
  const rowsOf = (wanted: number) => places.flatMap((at, row) => (at === wanted ? [row] : []));
  return {
    pairs: places.flatMap((at, row) => (at < 0 ? [] : [[row, at] as const])),
    unmatched: rowsOf(NO_IMAGE),
    unclear: rowsOf(SEVERAL_IMAGES),
  };
}

/** `line 7 (a.png)`. */
const place = ({ images, lines }: PredictionTable, row: number): string =>
  `line ${lines[row]} (${images[row]})`;

/** `line 7 (v.png: 1/v.png or 2/v.png)`. */
function severalPlace(
  { images, lines }: PredictionTable,
  row: number,
  { images: labelled }: LabelTable,
): string {
  const names = labelled.map(({ image }) => image);
  const meant = imagesMeant(names, images[row]!).map((at) => names[at]!);
  return `line ${lines[row]} (${images[row]}: ${eitherOf(meant)})`;
}

function checkOnce(pairs: Matched["pairs"], predicted: PredictionTable, file: string): void {
  const seen = new Map<number, number>();
  for (const [row, at] of pairs) {
    const before = seen.get(at);
    if (before !== undefined) {
      throw new XrayError(
        "predictions/duplicate-image",
        `${file}: ${place(predicted, before)} and ${place(predicted, row)} name the same image of the label file; keep one row for each image`,
        { file, lines: [predicted.lines[before], predicted.lines[row]] },
      );
    }
    seen.set(at, row);
  }
}

/** Notes on images that only one side has. It is an error if they have none in common. */
function matchNotes(
  { pairs, unmatched, unclear }: Matched,
  predicted: PredictionTable,
  table: LabelTable,
  files: { readonly predictions: string; readonly labels: string },
): string[] {
  if (pairs.length === 0) {
    const labelled = some(table.images.map(({ image }) => image));
    throw new XrayError(
      "evaluation/no-common-image",
      `${files.predictions}: none of its images (${some(predicted.images)}) is in ${files.labels} (${labelled}); use the same names in both files`,
      { file: files.predictions, labelsFile: files.labels },
    );
  }
  const alone = table.images.length - pairs.length;
  const leftOut = (rows: readonly number[], why: string, placeOf: (row: number) => string): string[] =>
    rows.length === 0
      ? []
      : [
          `${counted(rows.length, "prediction")} ${why} ${agreeing(rows.length, "is", "are")} left out: ${someOf(rows, placeOf)}`,
        ];
  return [
    ...(predicted.failed === 0
      ? []
      : [
          `${counted(predicted.failed, "image")} could not be predicted and ${agreeing(predicted.failed, "is", "are")} left out`,
        ]),
    ...leftOut(unmatched, "of images without labels", (row) => place(predicted, row)),
    ...leftOut(unclear, "whose name may mean several images", (row) => severalPlace(predicted, row, table)),
    ...(alone === 0
      ? []
      : [
          `${count(alone)} of the ${counted(table.images.length, "labelled image")} ${agreeing(alone, "has", "have")} no prediction`,
        ]),
  ];
}

async function readPredictions(
  file: string,
  labels: readonly string[],
): Promise<{ table: PredictionTable; sha256: string }> {
  if (isParquet(await readHead(file, 4).catch(() => new Uint8Array()))) {
    const { sha256 } = await digestFile(file);
    return { table: await withParquet(file, (parquet) => readParquetTable(parquet, labels)), sha256 };
  }
  const { text, sha256 } = await readText(file);
  try {
    return { table: parsePredictionTable(text, labels), sha256 };
  } catch (error) {
    throw inFile(file, error);
  }
}

/** A value as the field of a CSV file, which is how tables are read. */
const fieldOf = (value: unknown): string => (value === null || value === undefined ? "" : String(value));

/** The table of a Parquet file. Its rows are counted as lines below a header. */
async function readParquetTable(file: ParquetFile, labels: readonly string[]): Promise<PredictionTable> {
  const { columns } = file;
  const rows = new PredictionRows(columns, labels);
  let line = 1;
  for await (const group of file.groups(columns))
    for (let at = 0; at < group[0]!.length; at++) {
      line += 1;
      rows.row(
        group.map((values) => fieldOf(values[at])),
        line,
      );
    }
  return rows.finish();
}

/** Calibrated probabilities, for the labels that have any. */
function calibratedColumns(
  { labels, calibrated }: PredictionTable,
  pairs: Matched["pairs"],
): NonNullable<EvaluationInput["calibrated"]> {
  return {
    description: "the file's columns calibrated_…",
    probabilities: labels.map((_, k) => {
      const values = Float64Array.from(pairs, ([row]) => calibrated![row * labels.length + k]!);
      return values.every(Number.isNaN) ? null : values;
    }),
  };
}

/** How to read a prediction file. */
interface PredictionsRun {
  /** Its name in reports; the file's name by default. */
  readonly name?: string;
  readonly predictions: string;
  readonly labelsFile: string;
  /** The labels to evaluate; NIH's findings by default. */
  readonly labels?: readonly string[];
  /** A file with the names of the images that the predictions' model was trained on. */
  readonly trainList?: string;
  /** Whether to include lateral images; false by default. */
  readonly includeLaterals?: boolean;
}

/**
 * Match the predictions of a file with the labels of another.
 *
 * @throws  XrayError `predictions/…`, `labels/…`, `file/…`, `evaluation/no-common-image`, `evaluation/no-images`,
 *          `truth/bad-note`.
 */
export async function inputFromPredictions({
  predictions: file,
  labelsFile,
  labels,
  trainList,
  includeLaterals = false,
  name = basename(file),
}: PredictionsRun): Promise<EvaluationInput> {
  const { table, ...labelFile } = await readLabels(labelsFile, labels === undefined ? {} : { labels });
  const { table: predicted, sha256 } = await readPredictions(file, table.labels);
  const all = matchImages(predicted.images, table.images);
  checkOnce(all.pairs, predicted, file);
  const notes = matchNotes(all, predicted, table, { predictions: file, labels: labelsFile });
  const views = leftOutLaterals(
    all.pairs.map(([, at]) => table.images[at]!),
    includeLaterals,
  );
  const matched = { ...all, pairs: all.pairs.filter((_, i) => !views.indices.has(i)) };
  if (matched.pairs.length === 0) {
    throw new XrayError(
      "evaluation/no-images",
      `${file}: all of its images have a lateral view according to ${labelsFile}, and the models here are made for frontal ones, so nothing can be evaluated; include lateral views to keep them`,
      { file, areLateral: true },
    );
  }
  const images = matched.pairs.map(([, at]) => table.images[at]!);
  const width = predicted.labels.length;
  const phantom = await readPhantomNote(dirname(labelFile.path));
  return {
    predictor: { kind: "predictions", name, sha256 },
    labelFile: { name: basename(labelFile.path), ...labelFile },
    labels: predicted.labels,
    images,
    probabilities: predicted.labels.map((_, k) =>
      Float64Array.from(matched.pairs, ([row]) => predicted.probabilities[row * width + k]!),
    ),
    truths: truthsOf(
      images,
      predicted.labels.map((label) => table.labels.indexOf(label)),
    ),
    calibrated: predicted.calibrated === undefined ? null : calibratedColumns(predicted, matched.pairs),
    operatingPoints: {},
    seen: seenImages({
      name,
      learnedFrom: undefined,
      trainList: await readTrainList(trainList, table.images),
      images,
      table: table.images,
      phantom,
    }),
    phantom,
    failed: 0,
    compared: null,
    notes: [...table.notes, ...predicted.notes, ...notes, ...views.notes],
    notices: [NOTICE],
  };
}
