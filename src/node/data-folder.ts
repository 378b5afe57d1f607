/**
 * A data folder as NIH's is laid out: a label file, images in one folder or twelve, official lists.
 *
 * Knows: folders and file names. Not what is in the files.
 */

import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { XrayError } from "../errors.ts";
import { fileError } from "./files.ts";

/** The official split's files. */
export const OFFICIAL_LISTS = { trainVal: "train_val_list.txt", test: "test_list.txt" } as const;

async function entries(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw fileError(folder, error);
  }
}

/**
 * The label file of a folder: NIH's, or the only CSV there is.
 *
 * @throws  XrayError `data/no-label-file` that names what there is.
 */
export async function findLabelFile(folder: string): Promise<string> {
  const names = (await entries(folder)).filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const tables = names.filter((name) => /\.csv$/i.test(name) && !/^bbox_list/i.test(name)).sort();
  const nih = tables.filter((name) => /^data_entry/i.test(name));
  const [only, ...others] = nih.length > 0 ? nih : tables;
  if (only !== undefined && others.length === 0) return join(folder, only);
  throw new XrayError(
    "data/no-label-file",
    only === undefined
      ? `${folder}: there is no label file, neither Data_Entry_2017.csv nor another .csv; name it with --labels-file`
      : `${folder}: there are several label files (${[only, ...others].slice(0, 5).join(", ")}); name one with --labels-file`,
    { folder, found: tables.slice(0, 10) },
  );
}

/** Folders of images below one: itself, `images/`, and `images_001/images/` to `images_012/images/`. */
async function imageFolders(folder: string): Promise<string[]> {
  const parts = (await entries(folder))
    .filter(({ name }) => /^images(_\d+)?$/i.test(name))
    .map(({ name }) => join(folder, name))
    .sort();
  return [folder, ...parts.flatMap((part) => [part, join(part, "images")])].filter((path) =>
    existsSync(path),
  );
}

/**
 * Where each image is. Folders are listed once, so that 112,120 images take a second, not minutes.
 *
 * @param names  Names, or paths relative to the folder.
 * @returns      A path for each name, undefined where there is no such file; and the folders that were looked into.
 */
export async function locateImages(
  folder: string,
  names: readonly string[],
): Promise<{ paths: (string | undefined)[]; folders: string[] }> {
  const folders = await imageFolders(folder);
  const found = new Map<string, string>();
  for (const place of folders) {
    for (const entry of await readdir(place)) if (!found.has(entry)) found.set(entry, join(place, entry));
  }
  const locate = (name: string): string | undefined => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const relative = join(folder, name);
    return /[\\/]/.test(name) && existsSync(relative) ? relative : undefined;
  };
  return { paths: names.map(locate), folders };
}
