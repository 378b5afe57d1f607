/**
 * Where findings are known to lie: the boxes of a data folder.
 *
 * Pipeline:   box file → **boxes of an image, in shares of it** → overlays, localisation
 * Knows:      data folders. Not models or results.
 */

import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { type KnownBox, parseBoxTable } from "../../dataset/box-table.ts";
import { matchNames, SEVERAL_IMAGES } from "../../dataset/image-lookup.ts";
import { inFile, XrayError } from "../../errors.ts";
import { readText } from "../../node/data-folder.ts";
import { readPhantomNote } from "./phantom-note.ts";

/** A box, and its image as the box file names it. */
export interface NamedBox extends KnownBox {
  readonly image: string;
}

/** A box file, read. */
export interface BoxFile {
  readonly path: string;
  readonly sha256: string;
  /** In the file's order. */
  readonly boxes: readonly NamedBox[];
}

/** A box file, and whose its boxes are among the images of a table. */
export interface BoxesOfImages extends BoxFile {
  /** All names of the table. */
  readonly images: readonly string[];
  /** By the table's name of the image; in the box file's order. */
  readonly of: ReadonlyMap<string, readonly KnownBox[]>;
  /** Boxes of images that the table lacks. */
  readonly lacking: readonly NamedBox[];
  /** Boxes of names that may mean several of its images. */
  readonly unclear: readonly NamedBox[];
}

/** NIH's boxes are in pixels of the published images, whatever the size of the copy at hand. */
const NIH_SIZE = 1024;

/** The extent that a folder's boxes are measured in: phantoms' are in pixels of their own images. */
const boxFrame = async (folder: string): Promise<number> => (await readPhantomNote(folder))?.size ?? NIH_SIZE;

/** The only one of a folder's box files; undefined where it has none. */
function onlyFile(folder: string, files: readonly string[], canName: boolean): string | undefined {
  if (files.length < 2) return files[0];
  const wayOn = canName ? "name the one to use" : "keep one of them";
  throw new XrayError(
    "data/several-box-files",
    `${folder}: there are several box files, ${files.map((file) => basename(file)).join(" and ")}, and their boxes may differ; ${wayOn}`,
    { file: folder, files, ...(canName ? { option: "boxes" } : {}) },
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
  /** Whether whoever asks can name one, for advice. */
  readonly canName?: boolean;
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
  { named, canName = false }: BoxFileChoice = {},
): Promise<BoxFile | undefined> {
  const path = named === undefined ? onlyFile(folder, files, canName) : pathOf(folder, named);
  if (path === undefined) return undefined;
  const frame = await boxFrame(folder);
  const { text, sha256 } = await readText(path);
  try {
    const boxes = parseBoxTable(text).map(({ image, finding, x, y, width, height }) => ({
      image,
      finding,
      place: { x: x / frame, y: y / frame, width: width / frame, height: height / frame },
    }));
    return { path, sha256, boxes };
  } catch (error) {
    throw inFile(path, error);
  }
}

/**
 * Which boxes are whose.
 *
 * @param images  All names of the table, whether anything is done with them or not.
 */
export function assignBoxes(file: BoxFile, images: readonly string[]): BoxesOfImages {
  const of = new Map<string, KnownBox[]>();
  const lacking: NamedBox[] = [];
  const unclear: NamedBox[] = [];
  const places = matchNames(
    images,
    file.boxes.map(({ image }) => image),
  );
  for (const [i, box] of file.boxes.entries()) {
    const image = images[places[i]!];
    if (image === undefined) (places[i] === SEVERAL_IMAGES ? unclear : lacking).push(box);
    else {
      const { finding, place } = box;
      const known = of.get(image);
      if (known === undefined) of.set(image, [{ finding, place }]);
      else known.push({ finding, place });
    }
  }
  return { ...file, images, of, lacking, unclear };
}
