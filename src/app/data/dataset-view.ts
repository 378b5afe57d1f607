/**
 * A data folder as programs see it: images with their labels, patients and boxes, its split and its summary.
 *
 * Pipeline:   folder → label file, images, lists → **plain objects** → caller
 * Knows:      opened data folders. Not models.
 */

import type { LabelledImage } from "../../dataset/label-table.ts";
import type { Region } from "../../image/crop.ts";
import { dataSummaryObject } from "../../report/data/summary-json.ts";
import type { DataSummaryJson } from "../../results/data-summary.ts";
import { checkOptions } from "../../schema/options.ts";
import { maybe, object, path, whole } from "../../schema/schema.ts";
import { SETTINGS } from "../../training/settings.ts";
import { summaryOf } from "./data-summary.ts";
import { assignBoxes, openBoxes } from "./known-boxes.ts";
import { type Dataset, type DatasetOptions, openDataset } from "./open-dataset.ts";
import { type SplitOptions, splitDataset } from "./split-dataset.ts";

/** An image of a data folder, with what the label file says about it. */
export interface DatasetImage {
  /** Its name in the label file. */
  readonly image: string;
  /** Its file, in the folder as it was given; undefined if the file is missing. */
  readonly path: string | undefined;
  readonly patient: string;
  /** In whole years. */
  readonly age?: number;
  readonly sex?: "M" | "F";
  /** As in the label file: `PA`, `AP`, `LL`. */
  readonly view?: string;
  /** The number of the visit. */
  readonly followUp?: number;
  /** Whether it has a lateral view and is therefore left out. */
  readonly isLeftOut: boolean;
  /** Labels that are present. */
  readonly findings: readonly string[];
  /** By label: 1 is present, 0 absent, null unknown. */
  readonly labels: Readonly<Record<string, 0 | 1 | null>>;
}

/** Where a finding is known to be. */
export interface DatasetBox {
  /** Its name in the label file. */
  readonly image: string;
  readonly finding: string;
  /** Left, top, width and height as fractions of the image's size, 0 to 1. */
  readonly place: Region;
}

/** Names of the images for training, validation and test. No patient is in two of them unless a list says so. */
export interface DatasetSplit {
  readonly train: readonly string[];
  readonly val: readonly string[];
  /** The images of test_list.txt; undefined if the folder has none. */
  readonly test: readonly string[] | undefined;
  /** How the split was made, in words. */
  readonly description: string;
  readonly notes: readonly string[];
}

/** An opened data folder. */
export interface DatasetView {
  readonly folder: string;
  /** The label file's path. */
  readonly labelFile: string;
  readonly labels: readonly string[];
  /** In the label file's order. */
  readonly images: readonly DatasetImage[];
  /** What was found, assumed or left out. */
  readonly notes: readonly string[];
  /** Whether the images were drawn by this package. */
  readonly isPhantom: boolean;
  /**
   * Read the boxes of the folder's `BBox_List*.csv`. Returns an empty list if there is no such file.
   *
   * @throws  XrayError `data/several-box-files`, `labels/…`, `file/…`.
   */
  boxes(): Promise<readonly DatasetBox[]>;
  /**
   * Split by patient, or by the official lists if the folder has them. A second split of one part needs another seed:
   * see `SplitOptions`.
   *
   * @throws  XrayError `split/…`, `file/…`.
   */
  split(options?: Partial<SplitOptions>): Promise<DatasetSplit>;
  /** What `medical-x data summary --format json` prints. Throws what `split` throws. */
  summary(options?: Partial<SplitOptions>): Promise<DataSummaryJson>;
}

/** The defaults of `medical-x train`. */
const SPLIT = object({
  valFraction: SETTINGS.valFraction,
  seed: SETTINGS.seed,
  trainList: maybe(path()),
  valList: maybe(path()),
  limit: maybe(whole(1)),
});

/** Options of a split, with defaults. Throws XrayError `split/bad-options`. */
function splitOptions(options: Partial<SplitOptions>): SplitOptions {
  return checkOptions(SPLIT, options, { code: "split/bad-options", what: "images cannot be split this way" });
}

/** Images with equal labels share one array in the table, and one record here. */
function labelRecords(labels: readonly string[]) {
  const known = new Map<Float32Array, Pick<DatasetImage, "findings" | "labels">>();
  const truthOf = (value: number): 0 | 1 | null => (Number.isNaN(value) ? null : value === 1 ? 1 : 0);
  return (values: Float32Array): Pick<DatasetImage, "findings" | "labels"> => {
    const found = known.get(values);
    if (found !== undefined) return found;
    const made = {
      findings: labels.filter((_, i) => values[i] === 1),
      labels: Object.fromEntries(labels.map((label, i) => [label, truthOf(values[i]!)])),
    };
    known.set(values, made);
    return made;
  };
}

function imagesOf({ table, paths, leftOut }: Dataset): DatasetImage[] {
  const recordOf = labelRecords(table.labels);
  return table.images.map(({ labels, ...person }: LabelledImage, i) => ({
    ...person,
    path: paths[i],
    isLeftOut: leftOut.has(i),
    ...recordOf(labels),
  }));
}

/** The library's view of an opened data folder. */
function viewOf(dataset: Dataset): DatasetView {
  const { folder, table, labelFile, lists, boxFiles, paths, leftOut } = dataset;
  const images = imagesOf(dataset);
  const names = images.map(({ image }) => image);
  const takesPart = (i: number) => paths[i] !== undefined && !leftOut.has(i);
  return {
    folder,
    labelFile: labelFile.path,
    labels: table.labels,
    images,
    notes: dataset.notes,
    isPhantom: dataset.phantom !== undefined,
    async boxes() {
      const file = await openBoxes(folder, boxFiles);
      if (file === undefined) return [];
      const { of } = assignBoxes(file, names);
      return [...of].flatMap(([image, boxes]) => boxes.map((box) => ({ image, ...box })));
    },
    async split(options = {}) {
      const { train, val, description, notes } = await splitDataset(dataset, splitOptions(options));
      const named = (indices: Iterable<number>) => Array.from(indices, (i) => names[i]!);
      const test = lists.test && named(lists.test.indices.filter(takesPart));
      return { train: named(train), val: named(val), test, description, notes };
    },
    summary: async (options = {}) => dataSummaryObject(await summaryOf(dataset, splitOptions(options))),
  };
}

/** Open a data folder for the library. Throws what the library's `openDataset` throws. */
export const viewDataset = async (folder: string, options: DatasetOptions = {}): Promise<DatasetView> =>
  viewOf(await openDataset(folder, options));
