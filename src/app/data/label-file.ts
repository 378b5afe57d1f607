/**
 * Decides which file of a data folder is its label file.
 *
 * Knows: the rule: the named file, else NIH's Data_Entry_2017*.csv, else the only table that can be read as a label
 * file.
 */

import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { findListed, type Listed, mustFind, parseImageList } from "../../dataset/image-list.ts";
import {
  type LabelledImage,
  type LabelTable,
  type LabelTableOptions,
  parseLabelTable,
} from "../../dataset/label-table.ts";
import { inFile, XrayError } from "../../errors.ts";
import { type DataFolder, readText, type TextFile } from "../../node/data-folder.ts";

/** The names in a list. Throws `split/empty-list`, with the file's name. */
function readList({ path, text }: TextFile): Set<string> {
  try {
    return new Set(parseImageList(text));
  } catch (error) {
    throw inFile(path, error);
  }
}

/**
 * Find the images of a list.
 *
 * @param must  A name for the list. If given, the list must contain at least one image.
 * @throws      XrayError `split/empty-list`, `split/unclear-name` and, with `must`, `split/no-match`; with the file's
 *              name.
 */
export function readListed(images: readonly LabelledImage[], file: TextFile, must?: string): Listed {
  const names = readList(file);
  try {
    return must === undefined ? findListed(images, names) : mustFind(images, names, must);
  } catch (error) {
    throw inFile(file.path, error);
  }
}

/** The content of a label file. */
export interface OpenedLabels {
  readonly path: string;
  readonly sha256: string;
  readonly table: LabelTable;
}

/**
 * Read one label file.
 *
 * @throws  XrayError `file/…`, `labels/…`; the message begins with the file's name.
 */
export async function readLabels(path: string, options: LabelTableOptions): Promise<OpenedLabels> {
  try {
    const { text, sha256 } = await readText(path);
    return { path, sha256, table: parseLabelTable(text, options) };
  } catch (error) {
    throw inFile(path, error);
  }
}

/** The option that names a label file: one for data sets, or the truth shown with predictions. */
type NamedBy = "labelsFile" | "truth";

function severalFiles(folder: string, files: readonly string[], option: NamedBy): XrayError {
  return new XrayError(
    "data/several-label-files",
    `${folder}: there are several label files, ${files.map((file) => basename(file)).join(" and ")}, and their labels may differ; name the one to use`,
    { file: folder, files, option },
  );
}

function noFile(folder: string, why: readonly string[], option: NamedBy): XrayError {
  const tried =
    why.length === 0 ? "it holds no CSV file" : `none of its CSV files can be read as one: ${why.join("; ")}`;
  return new XrayError(
    "data/no-label-file",
    `${folder}: there is no label file in this folder: ${tried}; put NIH's Data_Entry_2017.csv there, or name a label file`,
    { file: folder, option, unreadable: why.length },
  );
}

/**
 * Open the label file of a folder.
 *
 * @param named   A path, or the name of a file in the folder.
 * @param option  The option that names a label file, for use in messages.
 * @throws       XrayError `data/no-label-file`, `data/several-label-files`, and those of `readLabels`.
 */
export async function openLabels(
  folder: string,
  { entryFiles, otherTables }: DataFolder,
  named: string | undefined,
  options: LabelTableOptions,
  option: NamedBy = "labelsFile",
): Promise<OpenedLabels> {
  if (named !== undefined) {
    const inFolder = join(folder, named);
    return readLabels(!existsSync(named) && existsSync(inFolder) ? inFolder : named, options);
  }
  if (entryFiles.length > 1) throw severalFiles(folder, entryFiles, option);
  const only = entryFiles[0] ?? (otherTables.length === 1 ? otherTables[0] : undefined);
  if (only !== undefined) return readLabels(only, options);
  const readable: OpenedLabels[] = [];
  const why: string[] = [];
  for (const path of otherTables) {
    try {
      readable.push(await readLabels(path, options));
    } catch (error) {
      if (!(error instanceof XrayError)) throw error;
      why.push(error.message);
    }
  }
  if (readable.length > 1)
    throw severalFiles(
      folder,
      readable.map(({ path }) => path),
      option,
    );
  const [opened] = readable;
  if (opened === undefined) throw noFile(folder, why, option);
  return opened;
}
