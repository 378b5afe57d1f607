/**
 * Data folders: label files, lists, and where the images are.
 *
 * Folders are listed once each, and no file is looked at alone: 112,120 images are found in well under a second.
 *
 * Knows: the file system, and how NIH and Kaggle lay ChestX-ray14 out. Not what is in the files.
 */

import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { basename, dirname, join, posix, resolve } from "node:path";
import { XrayError } from "../errors.ts";
import { fileError, readWhole } from "./files.ts";

/** NIH's table has 9 MB, CheXpert's 30. */
const MAX_TABLE_BYTES = 256 * 1024 * 1024;

/** Folders listed at the same time. */
const AT_ONCE = 32;

/** A text file and what tells it from another version. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
  readonly sha256: string;
}

/**
 * Read a table or a list.
 *
 * @throws  XrayError `file/…`, and `labels/not-utf8` where the bytes are no UTF-8.
 */
export async function readText(path: string): Promise<TextFile> {
  const bytes = await readWhole(path, MAX_TABLE_BYTES);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  try {
    return { path, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), sha256 };
  } catch (error) {
    throw new XrayError(
      "labels/not-utf8",
      `${path}: this is no text in UTF-8; if it is compressed, unpack it; if a spreadsheet wrote it, save it as "CSV UTF-8"`,
      { file: path },
      error,
    );
  }
}

/** `readText`, or undefined where there is no such file. */
async function readTextIfThere(path: string): Promise<TextFile | undefined> {
  try {
    return await readText(path);
  } catch (error) {
    if (error instanceof XrayError && error.code === "file/not-found") return undefined;
    throw error;
  }
}

/** What a data folder holds, by the names in it. */
export interface DataFolder {
  /** `Data_Entry_2017*.csv` in the folder itself, sorted. */
  readonly entryFiles: readonly string[];
  /** The other CSV files that may be label files: all but `BBox_List*`, sorted. */
  readonly otherTables: readonly string[];
  /** `BBox_List*.csv`, sorted. */
  readonly boxFiles: readonly string[];
  /** `train_val_list.txt` and `test_list.txt`. */
  readonly lists: { readonly trainVal?: TextFile; readonly test?: TextFile };
}

/**
 * Look into a data folder.
 *
 * @throws  XrayError `file/…` where it cannot be listed.
 */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  let names: string[];
  try {
    names = (await readdir(folder)).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      throw new XrayError("file/not-found", `${folder}: there is no such folder`, { file: folder }, error);
    }
    throw code === "ENOTDIR"
      ? new XrayError("file/not-regular", `${folder}: this is a file; a data folder is needed`, {
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

/** The names in a folder; none where there is no such folder. */
async function namesIn(folder: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await readdir(folder));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return new Set();
    throw fileError(folder, error);
  }
}

/** Where images may lie, in the order in which they are looked for. */
async function imagePlaces(folder: string, labelFile: string): Promise<string[]> {
  const names = [...(await namesIn(folder))].sort();
  // NIH's archives are called images_001 to images_012, PadChest's 0 to 54.
  const numbered = names
    .filter((name) => /^(?:images[_-]\d+|\d{1,2})$/i.test(name))
    .map((name) => join(folder, name));
  const places = [
    folder,
    join(folder, "images"),
    ...numbered.flatMap((part) => [join(part, "images"), part]),
    dirname(labelFile),
    // A table may name files from above the data folder: `CheXpert-v1.0/train/…` in CheXpert-v1.0/.
    dirname(resolve(folder)),
  ];
  return [...new Map(places.map((place) => [resolve(place), place])).values()];
}

/** The images of a table, and where they were looked for. */
interface FoundImages {
  /** The absolute path of each name; undefined where no file was found. */
  readonly paths: readonly (string | undefined)[];
  readonly places: readonly string[];
}

/** The names still wanted, by the folder part of each. */
function byFolder(names: readonly string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [i, name] of names.entries()) {
    const part = name.includes("/") ? posix.dirname(name) : ".";
    const group = groups.get(part);
    if (group === undefined) groups.set(part, [i]);
    else group.push(i);
  }
  return groups;
}

/** Endings that a table may leave out (VinDr-CXR, PhysioNet's and Kaggle's tables), the likeliest first. */
const LEFT_OUT_ENDINGS = [".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"] as const;

const HAS_ENDING = /\.(?:png|jpe?g|tiff?|webp|dcm|dicom)$/i;

/** The file of a name: of this very name, or with an ending of an image behind it; undefined where there is none. */
function fileOf(name: string, there: ReadonlySet<string>): string | undefined {
  if (there.has(name)) return name;
  if (HAS_ENDING.test(name)) return undefined;
  return LEFT_OUT_ENDINGS.map((ending) => name + ending).find((whole) => there.has(whole));
}

/**
 * Find images by the names that a table has for them, with their endings or without.
 * *
 * @param folder     The data folder: images may lie in it, in `images/`, or in `images_001/images/` and so on.
 * @param labelFile  The table's path: images may lie beside it.
 * @param names      File names or relative paths, with forward slashes. An image found twice counts where first found.
 * @throws           XrayError `file/not-accessible` where a folder is there and cannot be listed.
 */
export async function findImages(
  folder: string,
  labelFile: string,
  names: readonly string[],
): Promise<FoundImages> {
  const places = await imagePlaces(folder, labelFile);
  const paths = new Array<string | undefined>(names.length).fill(undefined);
  let wanted = byFolder(names);
  const lookIn = async (place: string, part: string, indices: readonly number[]): Promise<number[]> => {
    const at = resolve(place, part);
    const there = await namesIn(at);
    const missing: number[] = [];
    for (const i of indices) {
      const name = fileOf(part === "." ? names[i]! : basename(names[i]!), there);
      if (name !== undefined) paths[i] = join(at, name);
      else missing.push(i);
    }
    return missing;
  };
  for (const place of places) {
    const groups = [...wanted];
    wanted = new Map();
    for (let at = 0; at < groups.length; at += AT_ONCE) {
      const some = groups.slice(at, at + AT_ONCE);
      const missing = await Promise.all(some.map(([part, indices]) => lookIn(place, part, indices)));
      for (const [k, [part]] of some.entries()) if (missing[k]!.length > 0) wanted.set(part, missing[k]!);
    }
  }
  return { paths, places };
}
