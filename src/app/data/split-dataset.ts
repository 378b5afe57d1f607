/**
 * Decides which images of a data set are used for training and which for validation.
 *
 * Lists given by the user come first, then the folder's train_val_list.txt. What they leave open is split by patient.
 * Images of test_list.txt are used for neither.
 *
 * Knows: the order of these rules. The splits themselves are in `dataset/split`.
 */

import { inBothLists, type Listed } from "../../dataset/image-list.ts";
import {
  type SplitIndices,
  type SplitLists,
  sharedPatients,
  splitByLists,
  splitByPatient,
} from "../../dataset/split.ts";
import { XrayError } from "../../errors.ts";
import { readText } from "../../node/data-folder.ts";
import { agreeing, count, counted } from "../../text.ts";
import { readListed } from "./label-file.ts";
import type { Dataset } from "./open-dataset.ts";
import { lackingNote, listedNotes, sizeInWords } from "./split-notes.ts";

/** The images for training and validation. */
export interface Split {
  /** Indices into the table's images, ascending; each has a file. */
  readonly train: Uint32Array;
  readonly val: Uint32Array;
  readonly notes: readonly string[];
  /** A description for model cards. */
  readonly description: string;
}

/**
 * How to split.
 *
 * Whether a patient is held out depends on one random number, drawn from the seed and the patient's name alone, and on
 * `valFraction`. Splits with the same seed are therefore nested: with a larger fraction, the same patients are held out
 * and more. To split one part of a split again (with `trainList`), give another seed. With the same one, the patients
 * left for training all have numbers above the first fraction, so the second split holds out hardly any of them unless
 * its fraction is larger.
 */
export interface SplitOptions {
  /** The share of patients for validation, 0 ≤ f < 1. Ignored if `valList` is given. */
  readonly valFraction: number;
  /** Random seed. Give another one for each split of a split: see above. */
  readonly seed: number;
  /** Files of names. */
  readonly trainList?: string;
  readonly valList?: string;
  /** Use only the first images, in the table's order, among those that may be used for training or validation. */
  readonly limit?: number;
}

interface Lists {
  readonly train?: Listed;
  readonly val?: Listed;
}

async function readLists({ table }: Dataset, { trainList, valList }: SplitOptions): Promise<Lists> {
  const read = async (file: string, list: string) => readListed(table.images, await readText(file), list);
  return {
    ...(trainList === undefined ? {} : { train: await read(trainList, "training list") }),
    ...(valList === undefined ? {} : { val: await read(valList, "validation list") }),
  };
}

/** Refuse lists that contain test images. */
function refuseTestImages({ folder, table, lists }: Dataset, { train, val }: Lists): void {
  for (const list of [train, val]) {
    const asked = list && lists.test && inBothLists(table.images, lists.test, list);
    if (!asked) continue;
    throw new XrayError(
      "split/test-images",
      `${counted(asked.count, "image")} of the lists ${agreeing(asked.count, "is", "are")} in ${folder}/test_list.txt and kept for testing, the first ${asked.first}; remove ${agreeing(asked.count, "it", "them")} from the lists, or remove test_list.txt`,
      { ...asked },
    );
  }
}

/** Notes on what the official lists leave. */
function officialNotes({ table: { images }, lists: { trainVal, test } }: Dataset): string[] {
  if (trainVal === undefined) return [];
  const inTest = test?.indices ?? [];
  const both = sharedPatients(images, trainVal.indices, inTest).size;
  const neither = images.length - trainVal.indices.length - inTest.length;
  return [
    ...lackingNote("official train_val_list.txt", trainVal.lacking),
    ...(neither > 0
      ? [
          `${counted(neither, "image")} ${agreeing(neither, "is", "are")} in neither official list and left out`,
        ]
      : []),
    ...(both > 0
      ? [
          `${counted(both, "patient")} ${agreeing(both, "has", "have")} images in both train_val_list.txt and test_list.txt`,
        ]
      : []),
  ];
}

/** The images that files, views and lists allow for training or validation: ascending, and only the first `limit`. */
function candidates(
  { table, paths, lists, leftOut }: Dataset,
  given: Lists,
  limit = Number.POSITIVE_INFINITY,
): number[] {
  const setOf = (list: Listed | undefined) => list && new Set(list.indices);
  const [allowed, val, test] = [given.train ?? lists.trainVal, given.val, lists.test].map(setOf);
  const indices: number[] = [];
  for (const i of table.images.keys()) {
    if (indices.length >= limit) break;
    const isListed = allowed === undefined || allowed.has(i) || val?.has(i) === true;
    const takesPart = paths[i] !== undefined && !leftOut.has(i);
    if (takesPart && test?.has(i) !== true && isListed) indices.push(i);
  }
  return indices;
}

interface Chosen extends SplitIndices {
  readonly notes: readonly string[];
  readonly how: string;
}

/** Apply the rules. The indices are those of the table. */
function choose(dataset: Dataset, given: Lists, { valFraction, seed, limit }: SplitOptions): Chosen {
  const { images } = dataset.table;
  const pool = candidates(dataset, given, limit);
  if (given.val !== undefined) {
    const { val, train } = given;
    const asked: SplitLists = { val, ...(train === undefined ? {} : { train }) };
    const listed = splitByLists(images, asked);
    const isInPool = new Set(pool);
    const kept = (indices: Uint32Array) => indices.filter((i) => isInPool.has(i));
    const how =
      train === undefined ? "Split by a validation list" : "Split by a training and a validation list";
    return {
      train: kept(listed.train),
      val: kept(listed.val),
      notes: listedNotes(asked, listed),
      how,
    };
  }
  const { train, val } = splitByPatient(
    pool.map((i) => images[i]!),
    { valFraction, seed },
  );
  const from = given.train !== undefined ? ", within a training list" : "";
  return {
    train: train.map((k) => pool[k]!),
    val: val.map((k) => pool[k]!),
    notes: given.train === undefined ? [] : lackingNote("training list", given.train.lacking),
    how:
      valFraction === 0
        ? `No patient held out for validation${from}`
        : `Split by patient, ${Number((valFraction * 100).toFixed(4))}% of patients wanted for validation, seed ${seed}${from}`,
  };
}

/**
 * Split a data set.
 *
 * @returns  The two parts. Images without a file, lateral images that are left out, and images of the official test list
 *           are in neither. With a validation list and no training list, other images of its patients are in neither.
 * @throws   XrayError `split/bad-fraction`, `split/lists-overlap`, `split/no-match`, `split/empty-list`,
 *           `split/test-images`, `split/no-training` if nothing is left to train on, `file/…`.
 */
export async function splitDataset(dataset: Dataset, options: SplitOptions): Promise<Split> {
  const given = await readLists(dataset, options);
  refuseTestImages(dataset, given);
  const { train, val, how, notes } = choose(dataset, given, options);
  const { leftOut } = dataset;
  const { images } = dataset.table;
  if (train.length === 0) {
    throw new XrayError(
      "split/no-training",
      `${dataset.folder}: no image is left to train on (${count(images.length)} in the label file, ${count(val.length)} for validation${leftOut.size > 0 ? `, ${count(leftOut.size)} left out because their view is lateral` : ""}); check the lists and the limit${leftOut.size > 0 ? ", or include lateral views" : ""}`,
      { images: images.length, validation: val.length, laterals: leftOut.size },
    );
  }
  const isOfficial = given.train === undefined && dataset.lists.trainVal !== undefined;
  const wantsVal = options.valFraction > 0 || given.val !== undefined;
  const size = (indices: Uint32Array) => sizeInWords(Array.from(indices, (i) => images[i]!));
  return {
    train,
    val,
    notes: [
      ...(isOfficial ? officialNotes(dataset) : []),
      ...lackingNote("official test_list.txt", dataset.lists.test?.lacking ?? 0),
      ...notes,
      ...(wantsVal && val.length === 0 ? ["no image is left for validation"] : []),
    ],
    description: [
      `${how}.`,
      ...(isOfficial ? ["Training and validation lie within the official train_val_list.txt."] : []),
      ...(dataset.lists.test === undefined ? [] : ["Images of test_list.txt are in neither."]),
      ...(options.limit === undefined
        ? []
        : [
            `Only the first ${counted(options.limit, "image")} ${agreeing(options.limit, "was", "were")} used.`,
          ]),
      `Training: ${size(train)}; validation: ${size(val)}.`,
    ].join(" "),
  };
}
