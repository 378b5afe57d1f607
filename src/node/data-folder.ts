/**
 * Data folders: label files and lists. `find-images.ts` finds their images.
 *
 * Knows: the file system, and the names of NIH's files. Not what is in them.
 */

import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { XrayError } from "../errors.ts";
import { fileError, readWhole } from "./files.ts";

/** NIH's table has 9 MB, CheXpert's has 30. */
const MAX_TABLE_BYTES = 256 * 1024 * 1024;

/** A text file, with a hash that tells its versions apart. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
  readonly sha256: string;
}

/**
 * Read a table or a list.
 *
 * @throws  XrayError `file/…`, or `labels/not-utf8` if the file is not valid UTF-8.
 */
export async function readText(path: string): Promise<TextFile> {
  const bytes = await readWhole(path, MAX_TABLE_BYTES);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  try {
    return { path, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), sha256 };
  } catch (error) {
    throw new XrayError(
      "labels/not-utf8",
      `${path}: this is not text in UTF-8; if it is compressed, unpack it; if a spreadsheet wrote it, save it as "CSV UTF-8"`,
      { file: path },
      error,
    );
  }
}

/** Like `readText`, but undefined if there is no such file. */
async function readTextIfThere(path: string): Promise<TextFile | undefined> {
  try {
    return await readText(path);
  } catch (error) {
    if (error instanceof XrayError && error.code === "file/not-found") return undefined;
    throw error;
  }
}

/** The content of a data folder, judging by file names. */
export interface DataFolder {
  /** `Data_Entry_2017*.csv` in the folder itself, sorted. */
  readonly entryFiles: readonly string[];
  /** Other CSV files that may be label files: all except `BBox_List*`, sorted. */
  readonly otherTables: readonly string[];
  /** `BBox_List*.csv`, sorted. */
  readonly boxFiles: readonly string[];
  /** `train_val_list.txt` and `test_list.txt`. */
  readonly lists: { readonly trainVal?: TextFile; readonly test?: TextFile };
}

/**
 * List the contents of a data folder.
 *
 * @throws  XrayError `file/…` if it cannot be listed.
 */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  let names: string[];
  try {
    names = (await readdir(folder)).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      throw new XrayError(
        "file/not-found",
        `${folder}: there is no such folder; check the path`,
        { file: folder },
        error,
      );
    }
    throw code === "ENOTDIR"
      ? new XrayError("file/not-regular", `${folder}: this is a file, not a folder; name a data folder`, {
          file: folder,
        })
      : fileError(folder, error);
  }
  const tables = names.filter((name) => /\.csv$/i.test(name) && !name.startsWith("."));
  const isEntry = (name: string): boolean => /^data_entry_2017/i.test(name);
  const isBoxes = (name: string): boolean => /^bbox_list/i.test(name);
  const trainVal = await readTextIfThere(join(folder, "train_val_list.txt"));
  const test = await readTextIfThere(join(folder, "test_list.txt"));
  return {
    entryFiles: tables.filter(isEntry).map((name) => join(folder, name)),
    otherTables: tables.filter((name) => !isEntry(name) && !isBoxes(name)).map((name) => join(folder, name)),
    boxFiles: tables.filter(isBoxes).map((name) => join(folder, name)),
    lists: { ...(trainVal === undefined ? {} : { trainVal }), ...(test === undefined ? {} : { test }) },
  };
}
