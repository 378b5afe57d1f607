/**
 * What is evaluated: probabilities beside labels, image by image. It comes from a prediction file (`predictions.ts`) or
 * from a model (`model.ts`).
 *
 * Knows: plain data, and lists of names.
 */

import type { KnownBox } from "../../dataset/box-table.ts";
import type { LabelledImage } from "../../dataset/label-table.ts";
import type { PhantomNote } from "../../dataset/phantom/note.ts";
import type { NamedModel } from "../../engine/read-model.ts";
import { XrayError } from "../../errors.ts";
import { readText } from "../../node/data-folder.ts";
import type { LocalisationReport } from "../../results/localisation.ts";
import type { Predictor } from "../../results/predictor.ts";
import { readListed } from "../data/label-file.ts";
import type { SeenImages, TrainList } from "../data/seen-images.ts";

/** The label file of an evaluation. */
interface LabelFile {
  readonly name: string;
  readonly sha256: string;
  readonly path: string;
}

/** Probabilities and labels of the same images. */
export interface EvaluationInput {
  readonly predictor: Predictor;
  readonly labelFile: LabelFile;
  /** The labels that both sides have, in the label file's order. */
  readonly labels: readonly string[];
  /** The images that both sides have, in the predictor's order, with their labels in the label file's. */
  readonly images: readonly LabelledImage[];
  /** For each label, one probability per image. */
  readonly probabilities: readonly (Float32Array | Float64Array)[];
  /** For each label, 1, 0 or NaN per image. */
  readonly truths: readonly Float32Array[];
  /** What predicted; undefined of a prediction file. */
  readonly model?: NamedModel;
  /** For each image, its file; undefined where predictions are from a file. */
  readonly paths?: readonly string[];
  /** For each label, its place among the model's, its spelling there, and its logits; undefined of a prediction file. */
  readonly outputs?: readonly number[];
  readonly modelLabels?: readonly string[];
  readonly logits?: readonly Float32Array[];
  /** By the model card's calibration, where it has one: for each label, one per image, or null. */
  readonly calibrated: {
    /** How it was fitted, in words. */
    readonly description: string;
    readonly probabilities: readonly (Float64Array | null)[];
  } | null;
  /** The model card's operating points, where it has them. */
  readonly operatingPoints: Readonly<Record<string, number>>;
  /** What the predictor has seen of the images, as far as it is known. */
  readonly seen: SeenImages;
  /** How the images were drawn; undefined of X-rays. */
  readonly phantom: PhantomNote | undefined;
  /** Images that could not be predicted, and so are not among `images`. */
  readonly failed: number;
  /** The file of known boxes, where one was read. */
  readonly boxFile?: string;
  /** For each image, its known boxes; undefined where nobody looked for any. */
  readonly boxes?: readonly (readonly KnownBox[])[];
  /** Heatmaps against boxes; null where there are none of both. */
  readonly localisation: LocalisationReport | null;
  readonly notes: readonly string[];
  /** What goes with every result of the predictor, the most particular first. */
  readonly notices: readonly string[];
}

/** The card's operating points were asked for, and there are none. */
export const noOperatingPoints = (name: string): XrayError =>
  new XrayError(
    "threshold/no-card",
    `${name}: it has no operating points, so the threshold cannot be taken from its card; give a number instead`,
    { name },
  );

/** For each column of the label table, what it says of the images. */
export const truthsOf = (images: readonly LabelledImage[], columns: readonly number[]): Float32Array[] =>
  columns.map((column) => Float32Array.from(images, ({ labels }) => labels[column]!));

/** The user's list of images that a predictor was trained on. Throws `split/…`, `file/…`. */
export async function readTrainList(
  file: string | undefined,
  images: readonly LabelledImage[],
): Promise<TrainList | undefined> {
  return file === undefined ? undefined : { name: file, listed: readListed(images, await readText(file)) };
}
