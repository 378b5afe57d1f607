/**
 * The summary of a data folder: of all its images, and of each part of its split.
 *
 * Knows: data sets. Not how a summary is printed.
 */

import { summarise } from "../../dataset/summary.ts";
import type { DataSummary } from "../../results/data-summary.ts";
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

/** Open and summarise a data folder. Throws what `openDataset` and `summaryOf` throw. */
export const summariseData = async (
  folder: string,
  options: DatasetOptions & SplitOptions,
): Promise<DataSummary> => summaryOf(await openDataset(folder, options), options);
