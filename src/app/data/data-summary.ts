/**
 * The summary of a data folder: of all its images, and of each part of its split.
 *
 * Knows: data sets. Not how a summary is printed.
 */

import { summarise } from "../../dataset/summary.ts";
import { XrayError } from "../../errors.ts";
import type { DataSummary, UnlabelledSummary } from "../../results/data-summary.ts";
import { type FolderSummary, summariseDicom } from "./dicom-summary.ts";
import { type Dataset, type DatasetOptions, openDataset } from "./open-dataset.ts";
import { type SplitOptions, splitDataset } from "./split-dataset.ts";

/**
 * Summarise an opened data folder.
 *
 * @returns  Counts over all rows of the label file, including lateral views. Those of the split parts cover only images
 *           that have a file and, unless laterals are included, a frontal view. `test` exists if the folder has a
 *           test_list.txt.
 * @throws   XrayError as in `splitDataset`.
 */
export async function summaryOf(dataset: Dataset, options: SplitOptions): Promise<DataSummary> {
  const split = await splitDataset(dataset, options);
  const { folder, table, paths, lists, labelFile, leftOut } = dataset;
  const of = (indices: Iterable<number>) =>
    summarise(
      table.labels,
      Array.from(indices, (i) => table.images[i]!),
    );
  const takesPart = (i: number) => paths[i] !== undefined && !leftOut.has(i);
  const test = lists.test?.indices.filter(takesPart);
  return {
    folder,
    labelFile,
    missing: paths.filter((path) => path === undefined).length,
    all: summarise(table.labels, table.images),
    splits: [
      { name: "train", summary: of(split.train) },
      { name: "val", summary: of(split.val) },
      ...(test === undefined ? [] : [{ name: "test" as const, summary: of(test) }]),
    ],
    description: split.description,
    notes: [...dataset.notes, ...split.notes],
  };
}

/** Callbacks during a summary. */
interface SummaryHooks {
  /** Called with the number of DICOM files that were read, and their total. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Open a data folder; undefined if it has no label file. */
async function opened(folder: string, options: DatasetOptions): Promise<Dataset | XrayError> {
  try {
    return await openDataset(folder, options);
  } catch (error) {
    if (error instanceof XrayError && error.code === "data/no-label-file") return error;
    throw error;
  }
}

/** Add what is known about a folder's DICOM files to its summary. */
const withDicom = (summary: DataSummary, found: FolderSummary | undefined): DataSummary =>
  found === undefined
    ? summary
    : { ...summary, dicom: found.dicom, notes: [...summary.notes, ...found.notes] };

/**
 * Open and summarise a data folder, or a folder of DICOM files without a label file.
 *
 * @throws  XrayError `data/no-label-file` if there are no DICOM files either; otherwise as `openDataset` and `summaryOf`.
 */
export async function summariseData(
  folder: string,
  options: DatasetOptions & SplitOptions,
  { onProgress }: SummaryHooks = {},
): Promise<DataSummary | UnlabelledSummary> {
  const dataset = await opened(folder, options);
  if (!(dataset instanceof XrayError)) {
    const summary = await summaryOf(dataset, options);
    return withDicom(summary, await summariseDicom(folder, onProgress));
  }
  const found = await summariseDicom(folder, onProgress);
  if (found === undefined) throw dataset;
  const isUnexplained = Number(dataset.details["unreadable"]) > 0;
  return {
    folder,
    dicom: found.dicom,
    notes: [...(isUnexplained ? [dataset.message] : []), ...found.notes],
  };
}

/** Whether a summary is that of a folder with a label file. */
export const isLabelled = (summary: DataSummary | UnlabelledSummary): summary is DataSummary =>
  "labelFile" in summary;
