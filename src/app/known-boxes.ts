/**
 * Where findings are known to lie: the boxes of a data folder.
 *
 * Pipeline:   box file → **boxes of an image, in shares of it** → overlays, localisation
 * Knows:      data folders. Not models or results.
 */

import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { type KnownBox, parseBoxTable } from "../dataset/box-table.ts";
import { inFile, XrayError } from "../errors.ts";
import { readText } from "../node/data-folder.ts";
import { readPhantomNote } from "./phantom-note.ts";

/** A box file, read. */
export interface BoxFile {
  readonly path: string;
  readonly sha256: string;
  /** The boxes of each image, by its file name, in the file's order. */
  readonly boxes: ReadonlyMap<string, readonly KnownBox[]>;
}

/** NIH's boxes are in pixels of the published images, whatever the size of the copy at hand. */
const NIH_SIZE = 1024;

/** The name by which an image is known: without its folders, whichever way their slashes lean. */
export const fileNameOf = (image: string): string => posix.basename(image.replaceAll("\\", "/"));

/** The extent that a folder's boxes are measured in: phantoms' are in pixels of their own images. */
const boxFrame = async (folder: string): Promise<number> => (await readPhantomNote(folder))?.size ?? NIH_SIZE;

/** The only one of a folder's box files; undefined where it has none. */
function onlyFile(folder: string, files: readonly string[], option: string | undefined): string | undefined {
  if (files.length < 2) return files[0];
  const wayOn = option === undefined ? "keep one" : `choose one with ${option}`;
  throw new XrayError(
    "data/several-box-files",
    `${folder}: ${files.map(fileNameOf).join(" and ")} are box files, and their boxes may differ; ${wayOn}`,
    { file: folder, files },
  );
}

/** A path as it stands, else in the folder. */
function pathOf(folder: string, named: string): string {
  const inFolder = join(folder, named);
  return !existsSync(named) && existsSync(inFolder) ? inFolder : named;
}

/** How a box file is chosen. */
interface BoxFileChoice {
  /** A path, or the name of a file in the folder; the folder's only box file unless given. */
  readonly named?: string | undefined;
  /** The command's option that names a box file, for advice. */
  readonly option?: string;
}

/**
 * The boxes of a data folder's images.
 *
 * @param folder  Its `phantom.json`, where it has one, says in which pixels boxes are measured.
 * @param files   Its box files.
 * @returns       Undefined where there is no box file and none is named.
 * @throws        XrayError `data/several-box-files`, `truth/bad-note`, `labels/…`, `file/…`.
 */
export async function openBoxes(
  folder: string,
  files: readonly string[],
  { named, option }: BoxFileChoice = {},
): Promise<BoxFile | undefined> {
  const path = named === undefined ? onlyFile(folder, files, option) : pathOf(folder, named);
  if (path === undefined) return undefined;
  const frame = await boxFrame(folder);
  const { text, sha256 } = await readText(path);
  const boxes = new Map<string, KnownBox[]>();
  try {
    for (const { image, finding, x, y, width, height } of parseBoxTable(text)) {
      const place = { x: x / frame, y: y / frame, width: width / frame, height: height / frame };
      const name = fileNameOf(image);
      boxes.set(name, [...(boxes.get(name) ?? []), { finding, place }]);
    }
  } catch (error) {
    throw inFile(path, error);
  }
  return { path, sha256, boxes };
}
