/**
 * The input of an evaluation: probabilities and labels of the same images. It is made from a prediction file
 * (`predictions.ts`) or from a model (`model.ts`).
 *
 * Knows: plain data, and lists of names.
 */

import type { KnownBox } from "../../dataset/box-table.ts";
import type { LabelledImage } from "../../dataset/label-table.ts";
import type { PhantomNote } from "../../dataset/phantom/note.ts";
import type { NamedModel } from "../../engine/read-model.ts";
import { XrayError } from "../../errors.ts";
import { readText } from "../../node/data-folder.ts";
import type { Predictor } from "../../results/predictor.ts";
import { readListed } from "../data/label-file.ts";
import type { SeenImages, TrainList } from "../data/seen-images.ts";
import type { ComparedMaps } from "./localisation-report.ts";

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
  /** The images that both sides have, in the predictor's order, with their labels in the label file's order. */
  readonly images: readonly LabelledImage[];
  /** For each label, one probability per image. */
  readonly probabilities: readonly (Float32Array | Float64Array)[];
  /** For each label, 1, 0 or NaN per image. */
  readonly truths: readonly Float32Array[];
  /** The model that predicted; undefined for a prediction file. */
  readonly model?: NamedModel;
  /** For each image, its file; undefined if predictions come from a file. */
  readonly paths?: readonly string[];
  /**
   * For each label, its index among the model's, its spelling there, and its logits; undefined for a prediction file.
   */
  readonly outputs?: readonly number[];
  readonly modelLabels?: readonly string[];
  readonly logits?: readonly Float32Array[];
  /** Probabilities by the model card's calibration, if it has one: for each label, one per image, or null. */
  readonly calibrated: {
    /** How it was fitted, in words. */
    readonly description: string;
    readonly probabilities: readonly (Float64Array | null)[];
  } | null;
  /** The model card's operating points, if it has any. */
  readonly operatingPoints: Readonly<Record<string, number>>;
  /** What the predictor has seen of the images, as far as known. */
  readonly seen: SeenImages;
  /** How the images were drawn; undefined for X-rays. */
  readonly phantom: PhantomNote | undefined;
  /** Number of images that could not be predicted and are therefore not among `images`. */
  readonly failed: number;
  /** The file of known boxes, if one was read. */
  readonly boxFile?: string;
  /** For each image, its known boxes; undefined if boxes were not looked for. */
  readonly boxes?: readonly (readonly KnownBox[])[];
  /** Heatmaps that were compared with boxes; null unless there are both. */
  readonly compared: ComparedMaps | null;
  readonly notes: readonly string[];
  /** Notices that accompany every result of the predictor, the most specific first. */
  readonly notices: readonly string[];
}

/** The error when the card's operating points are requested but missing. */
export const noOperatingPoints = (name: string): XrayError =>
  new XrayError(
    "threshold/no-card",
    `${name}: it has no operating points, so the threshold cannot be taken from its card; give a number instead`,
    { name },
  );

/** The truths of the images, for each of the given columns of the label table. */
export const truthsOf = (images: readonly LabelledImage[], columns: readonly number[]): Float32Array[] =>
  columns.map((column) => Float32Array.from(images, ({ labels }) => labels[column]!));

/** The user's list of images that a predictor was trained on. Throws `split/…`, `file/…`. */
export async function readTrainList(
  file: string | undefined,
  images: readonly LabelledImage[],
): Promise<TrainList | undefined> {
  return file === undefined ? undefined : { name: file, listed: readListed(images, await readText(file)) };
}
