/**
 * Opening a data folder: its label table, where its images are, and how they are split.
 *
 * Pipeline:   **folder → label table + image paths → split** → training, summaries
 * Knows:      files and tables. Not models.
 */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { type LabelTable, parseLabelTable } from "../dataset/label-table.ts";
import {
  checkDisjoint,
  type IndexSplit,
  overlap,
  parseImageList,
  pickListed,
  splitByPatient,
} from "../dataset/split.ts";
import { inFile, XrayError } from "../errors.ts";
import { findLabelFile, locateImages, OFFICIAL_LISTS } from "../node/data-folder.ts";
import { readWhole } from "../node/files.ts";

/** ChestX-ray14's label file has 10 MB. */
const MAX_TABLE_BYTES = 512 * 1024 * 1024;

/** A data folder. */
export interface Dataset {
  readonly folder: string;
  readonly table: LabelTable;
  readonly labelFile: { readonly path: string; readonly sha256: string };
  /** Where each of the table's images is; undefined where it is missing. */
  readonly paths: readonly (string | undefined)[];
  /** The official lists, where the folder has them. */
  readonly lists: { readonly trainVal?: ReadonlySet<string>; readonly test?: ReadonlySet<string> };
  /** What a user should be told. */
  readonly notes: readonly string[];
}

async function readText(path: string): Promise<{ text: string; bytes: Uint8Array }> {
  const bytes = await readWhole(path, MAX_TABLE_BYTES);
  return { text: new TextDecoder().decode(bytes), bytes };
}

/** Report missing images; refuse a folder that lacks most of them. */
function missingNotes(
  table: LabelTable,
  paths: readonly (string | undefined)[],
  folders: readonly string[],
): string[] {
  const missing = table.images.filter((_, i) => paths[i] === undefined);
  if (missing.length === 0) return [];
  const share = `${missing.length} of the ${paths.length} images that the label file names are missing`;
  const names = missing
    .slice(0, 3)
    .map(({ image }) => image)
    .join(", ");
  if (missing.length * 2 > paths.length) {
    throw new XrayError(
      "data/most-missing",
      `${share} (${names}, …). Looked into ${folders.join(", ")}. Unpack the images there, or name a label file of ` +
        "those that you have with --labels-file",
      { missing: missing.length, total: paths.length, folders },
    );
  }
  return [`${share} (${names}${missing.length > 3 ? ", …" : ""}): they are left out`];
}

/**
 * Open a data folder.
 *
 * @param options.labelsFile  The label file; else NIH's, or the only CSV in the folder.
 * @param options.labels      The labels that are wanted, in this order.
 * @throws                    XrayError `data/…`, `labels/…`, `file/…`.
 */
export async function openDataset(
  folder: string,
  options: { labelsFile?: string; labels?: readonly string[] } = {},
): Promise<Dataset> {
  const path = options.labelsFile ?? (await findLabelFile(folder));
  const { text, bytes } = await readText(path);
  try {
    const table = parseLabelTable(text, options.labels === undefined ? {} : { labels: options.labels });
    const { paths, folders } = await locateImages(
      folder,
      table.images.map(({ image }) => image),
    );
    const list = async (name: string) =>
      existsSync(join(folder, name)) ? parseImageList((await readText(join(folder, name))).text) : undefined;
    const trainVal = await list(OFFICIAL_LISTS.trainVal);
    const test = await list(OFFICIAL_LISTS.test);
    return {
      folder,
      table,
      labelFile: { path, sha256: createHash("sha256").update(bytes).digest("hex") },
      paths,
      lists: { ...(trainVal ? { trainVal } : {}), ...(test ? { test } : {}) },
      notes: [...table.notes, ...missingNotes(table, paths, folders)],
    };
  } catch (error) {
    throw inFile(path, error);
  }
}

/** Training and validation images, as indices into the table, and where they are from. */
export interface Split extends IndexSplit {
  readonly notes: readonly string[];
  /** In words, for a model card. */
  readonly description: string;
}

export interface SplitOptions {
  readonly valFraction: number;
  readonly seed: number;
  readonly trainList?: string;
  readonly valList?: string;
  /** Only the first so many images of the table. */
  readonly limit?: number;
}

/** The images of a list file, and a note where the table lacks some of its names. */
async function listed(dataset: Dataset, images: Uint32Array, file: string) {
  const list = parseImageList((await readText(file)).text);
  const { picked, absent } = pickListed(dataset.table.images, images, list);
  if (picked.length === 0) {
    throw new XrayError(
      "split/empty-list",
      `${file}: none of its ${list.size} names is an image of the data folder`,
      {
        file,
      },
    );
  }
  return {
    picked,
    notes: absent === 0 ? [] : [`${basename(file)}: ${absent} of its names are not in the data folder`],
  };
}

/** What may be trained on: what is there, without the official test images. */
function candidates(dataset: Dataset, limit: number | undefined): { images: Uint32Array; words: string } {
  const { table, paths, lists } = dataset;
  const present = Uint32Array.from(table.images.keys()).filter((i) => paths[i] !== undefined);
  const name = (i: number) => table.images[i]!.image;
  const official = present.filter((i) =>
    lists.trainVal === undefined ? lists.test?.has(name(i)) !== true : lists.trainVal.has(name(i)),
  );
  const isOfficial = lists.trainVal !== undefined || lists.test !== undefined;
  return {
    images: official.slice(0, limit),
    words: isOfficial ? "the official training and validation list" : "all images",
  };
}

/**
 * Split a data folder: by the given lists, else by patient. Where the folder has the official lists, test images are
 * never among them.
 *
 * @throws  XrayError `split/…`.
 */
export async function splitDataset(dataset: Dataset, options: SplitOptions): Promise<Split> {
  const all = dataset.table.images;
  const { images, words } = candidates(dataset, options.limit);
  const val = options.valList === undefined ? undefined : await listed(dataset, images, options.valList);
  const train =
    options.trainList === undefined ? undefined : await listed(dataset, images, options.trainList);
  const inVal = new Set(val?.picked);
  const trainable = train?.picked ?? images.filter((i) => !inVal.has(i));
  const split =
    val === undefined ? splitByPatient(all, trainable, options) : { train: trainable, val: val.picked };
  checkDisjoint(all, split);
  if (split.train.length === 0) {
    throw new XrayError("split/empty", "no image is left to train on", { folder: dataset.folder });
  }
  const shared = overlap(all, split).patients;
  const how =
    val === undefined
      ? `${words}, split by patient (${options.valFraction} for validation, seed ${options.seed})`
      : `validation by ${basename(options.valList!)}`;
  return {
    ...split,
    notes: [
      ...(train?.notes ?? []),
      ...(val?.notes ?? []),
      ...(shared === 0 ? [] : [`${shared} patients have images in both training and validation`]),
    ],
    description: train === undefined ? how : `training by ${basename(options.trainList!)}, ${how}`,
  };
}
