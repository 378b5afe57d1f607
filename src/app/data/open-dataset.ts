/**
 * Opens a data folder: its label file, the images named in it, and the official lists.
 *
 * Knows: `node/data-folder` for the location of files, `dataset/` for their meaning.
 */

import { join, relative, resolve } from "node:path";
import { inBothLists, type Listed } from "../../dataset/image-list.ts";
import type { LabelledImage, LabelTable } from "../../dataset/label-table.ts";
import type { PhantomNote } from "../../dataset/phantom/note.ts";
import { XrayError } from "../../errors.ts";
import { type DataFolder, openDataFolder, type TextFile } from "../../node/data-folder.ts";
import { findImages } from "../../node/find-images.ts";
import { agreeing, counted } from "../../text.ts";
import { openLabels, readListed } from "./label-file.ts";
import { leftOutLaterals } from "./laterals.ts";
import { missingNotes } from "./missing-images.ts";
import { readPhantomNote } from "./phantom-note.ts";

/** The content of a data folder. */
export interface Dataset {
  readonly folder: string;
  readonly table: LabelTable;
  readonly labelFile: { readonly path: string; readonly sha256: string };
  /** Lateral images that are not used, as indices into the table's images. They only count in its summary. */
  readonly leftOut: ReadonlySet<number>;
  /** Absolute path of each image of the table, all different; undefined if the file is missing or ambiguous. */
  readonly paths: readonly (string | undefined)[];
  /** The images of the official lists, if the folder has them. No image is in both. */
  readonly lists: { readonly trainVal?: Listed; readonly test?: Listed };
  /** Paths of `BBox_List*.csv`, sorted. */
  readonly boxFiles: readonly string[];
  readonly notes: readonly string[];
  /** How the images were drawn, if they are phantoms. */
  readonly phantom: PhantomNote | undefined;
}

/** How to read a data folder. */
export interface DatasetOptions {
  /** A path, or the name of a file in the folder. */
  readonly labelsFile?: string;
  readonly labels?: readonly string[];
  /** Whether to include lateral images; false by default. */
  readonly includeLaterals?: boolean;
}

/** Look up the images of a folder's official lists. */
function officialLists(
  folder: string,
  images: readonly LabelledImage[],
  files: DataFolder["lists"],
): Dataset["lists"] {
  const listed = (file: TextFile | undefined) => file && readListed(images, file);
  const [trainVal, test] = [listed(files.trainVal), listed(files.test)];
  const both = trainVal && test && inBothLists(images, trainVal, test);
  if (both) {
    throw new XrayError(
      "split/lists-overlap",
      `${folder}: ${counted(both.count, "image")} ${agreeing(both.count, "is", "are")} in both train_val_list.txt and test_list.txt, the first ${both.first}; remove ${agreeing(both.count, "it", "them")} from one of the lists`,
      { file: folder, count: both.count },
    );
  }
  return { ...(trainVal ? { trainVal } : {}), ...(test ? { test } : {}) };
}

/**
 * Open a data folder.
 *
 * @param folder  Contains a label file, images, and optionally train_val_list.txt and test_list.txt.
 * @throws        XrayError `data/no-label-file`, `data/several-label-files`, `data/most-missing`, `split/…` for the
 *                lists,
 *                `truth/bad-note`, `labels/…`, `file/…`.
 */
export async function openDataset(folder: string, options: DatasetOptions = {}): Promise<Dataset> {
  const found = await openDataFolder(folder);
  const { labels, includeLaterals = false } = options;
  const { table, ...labelFile } = await openLabels(
    folder,
    found,
    options.labelsFile,
    labels === undefined ? {} : { labels },
  );
  const names = table.images.map(({ image }) => image);
  const root = resolve(folder);
  const files = await findImages(folder, labelFile.path, names);
  const { indices: leftOut, notes } = leftOutLaterals(table.images, includeLaterals);
  return {
    folder,
    table,
    labelFile,
    leftOut,
    paths: files.paths.map((path) => path && join(folder, relative(root, path))),
    boxFiles: found.boxFiles,
    phantom: await readPhantomNote(folder),
    lists: officialLists(folder, table.images, found.lists),
    notes: [
      ...table.notes,
      ...notes,
      ...missingNotes({ folder, images: table.images, found: files, leftOut }),
    ],
  };
}
