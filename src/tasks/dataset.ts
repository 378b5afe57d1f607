/** Data sets for the verbs: open a folder, split it. Each has a file of its own. */

export { type Dataset, type DatasetOptions, openDataset } from "./open-dataset.ts";
export { type Split, type SplitOptions, splitDataset } from "./split-dataset.ts";
