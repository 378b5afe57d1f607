/**
 * Expands files, folders and globs, as a user gives them, into a list of images.
 *
 * Knows: the file system. Not what is in the files.
 */

import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { XrayError } from "../errors.ts";
import { IMAGE_ENDINGS } from "../formats/image-names.ts";
import { counted } from "../text.ts";
import { fewAtOnce } from "./at-once.ts";
import { imagesOfFolder } from "./image-folder.ts";

/** Whether a name is a glob, with wildcards, classes, alternatives, or patterns such as `@(a|b)`. */
const isGlob = (pattern: string): boolean => /[*?[\]{}]|[!+@]\(/.test(pattern);

/** Number of files to look into at the same time. */
const AT_ONCE = 32;

/** Number of extensions of other files to mention. */
const MOST_ENDINGS = 5;

async function isFolder(path: string): Promise<boolean | undefined> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return undefined;
  }
}

/** The expansion of one pattern. */
interface Found {
  readonly images: readonly string[];
  readonly failures: readonly XrayError[];
  readonly notes: readonly string[];
}

/** How many other files a folder holds, and their extensions. */
function describeOthers(others: ReadonlyMap<string, number>): {
  files: string;
  endings: string;
  isOne: boolean;
} {
  const count = [...others.values()].reduce((sum, number) => sum + number, 0);
  const endings = [...others.keys()].sort();
  const shown = endings.slice(0, MOST_ENDINGS).join(", ");
  return {
    files: `${count} other ${count === 1 ? "file" : "files"}`,
    endings: `${shown}${endings.length > MOST_ENDINGS ? ", …" : ""}`,
    isOne: count === 1,
  };
}

/** How many DICOM files without a picture a folder holds, by kind. */
function describeObjects(objects: ReadonlyMap<string, number>): { files: string; isOne: boolean } {
  const count = [...objects.values()].reduce((sum, number) => sum + number, 0);
  const kinds = [...objects].sort().map(([kind, number]) => counted(number, kind));
  return {
    files: `${counted(count, "DICOM file")} without a picture (${kinds.join(", ")})`,
    isOne: count === 1,
  };
}

async function inFolder(folder: string): Promise<Found> {
  const { images, others, objects, failures } = await imagesOfFolder(folder);
  const { files, endings, isOne } = describeOthers(others);
  const dicom = describeObjects(objects);
  if (images.length > 0 || failures.length > 0) {
    return {
      images,
      failures,
      notes: [
        ...(others.size === 0
          ? []
          : [`${files} in ${folder} ${isOne ? "was" : "were"} skipped (${endings})`]),
        ...(objects.size === 0
          ? []
          : [`${dicom.files} in ${folder} ${dicom.isOne ? "was" : "were"} skipped`]),
      ],
    };
  }
  const instead = [
    ...(others.size === 0 ? [] : [`${files} (${endings})`]),
    ...(objects.size === 0 ? [] : [dicom.files]),
  ];
  throw new XrayError(
    "images/none",
    `${folder}: the folder holds no images (${[...IMAGE_ENDINGS].join(", ")}, or DICOM)${instead.length === 0 ? "" : `, but ${instead.join(" and ")}`}`,
    { file: folder },
  );
}

/** What a file stands for: the images that it lists if it is a DICOMDIR, otherwise itself. */
async function followed(path: string): Promise<readonly string[]> {
  if (IMAGE_ENDINGS.has(extname(path).toLowerCase())) return [path];
  const { sniff } = await import("./sniff.ts");
  if ((await sniff(path)) !== "directory") return [path];
  const { imagesOfDirectory } = await import("./dicom-directory.ts");
  return imagesOfDirectory(path);
}

/**
 * Split a glob into leading folders that exist verbatim and the pattern below them. What exists is meant literally,
 * whatever characters its name contains.
 */
async function splitGlob(pattern: string): Promise<{ base: string; rest: string }> {
  const parts = pattern.split("/");
  let taken = 0;
  while (taken < parts.length - 1) {
    const path = parts.slice(0, taken + 1).join("/");
    if ((await isFolder(path === "" ? "/" : path)) !== true) break;
    taken += 1;
  }
  const base = parts.slice(0, taken).join("/");
  return { base: taken > 0 ? `${base}/` : "", rest: parts.slice(taken).join("/") };
}

/**
 * Escape parentheses and exclamation marks in a pattern, since picomatch would take `(1)` for a group and a leading `!`
 * for a negation.
 *
 * @param isExtended  Whether to leave patterns such as `@(a|b)` and `!(a)` intact.
 */
function literalParentheses(pattern: string, isExtended: boolean): string {
  const open: boolean[] = [];
  let out = "";
  for (const [i, character] of [...pattern].entries()) {
    const before = out.at(-1) ?? "";
    if (character === "(") {
      const isPattern = isExtended && /[!+@?*]/.test(before) && out.at(-2) !== "\\";
      open.push(isPattern);
      out += isPattern ? "(" : "\\(";
    } else if (character === ")") out += open.pop() === true ? ")" : "\\)";
    else if (character === "!" && i === 0 && !(isExtended && pattern[1] === "(")) out += "\\!";
    else out += character;
  }
  return out;
}

/** Files that match a glob, read as an extended pattern or, if nothing matches that, with all parentheses literal. */
async function filesOf(pattern: string, cwd: string): Promise<string[]> {
  const { glob } = await import("tinyglobby");
  const options = { cwd, onlyFiles: true, dot: false, expandDirectories: false };
  const [extended, literal] = [true, false].map((isExtended) => literalParentheses(pattern, isExtended));
  const found = await glob(extended!, options);
  return found.length > 0 || literal === extended ? found : glob(literal!, options);
}

async function matching(pattern: string): Promise<Found> {
  // On Windows, folders are separated by the character that escapes others elsewhere.
  const slashed = process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern;
  const { base, rest } = await splitGlob(slashed);
  const found = await filesOf(rest, base === "" ? "." : base);
  if (found.length === 0)
    throw new XrayError("images/none", `${pattern}: no file matches this pattern`, { file: pattern });
  const files = found.sort().map((file) => `${base}${file}`);
  const images = await fewAtOnce(files, AT_ONCE, followed);
  return { images: images.flat(), failures: [], notes: [] };
}

async function expand(pattern: string): Promise<Found> {
  const folder = await isFolder(pattern);
  if (folder === true) return inFolder(pattern);
  if (folder === undefined && isGlob(pattern)) return matching(pattern);
  // A file, or a name that does not exist. Reading it reports that, without affecting the other images.
  return { images: await followed(pattern), failures: [], notes: [] };
}

/** What was found, what failed, and what was skipped. */
export interface ImageList {
  readonly images: readonly string[];
  readonly failures: readonly XrayError[];
  /** Other content of folders: counts and extensions, no names. */
  readonly notes: readonly string[];
}

/**
 * Expand what was given as images. An existing path is taken literally; anything else with a wildcard is a glob.
 *
 * @param patterns  Files, folders (searched recursively) and globs. A DICOMDIR stands for the images that it lists.
 * @returns         Paths, each file once, in the order given and sorted within each folder or glob; with an XrayError
 *                  `images/none` for each folder, glob or DICOMDIR without images, `file/…` for each unreadable folder,
 *                  and `dicom/damaged` for a DICOMDIR that cannot be read.
 *
 * @example
 * const { images, failures } = await listImages(["xray.png", "chestxray14/images"]);
 * console.log(images.length, failures.length);
 */
export async function listImages(patterns: readonly string[]): Promise<ImageList> {
  const images = new Map<string, string>();
  const failures: XrayError[] = [];
  const notes: string[] = [];
  for (const pattern of patterns) {
    try {
      const found = await expand(pattern);
      for (const image of found.images) if (!images.has(resolve(image))) images.set(resolve(image), image);
      failures.push(...found.failures);
      notes.push(...found.notes);
    } catch (error) {
      if (!(error instanceof XrayError)) throw error;
      failures.push(error);
    }
  }
  return { images: [...images.values()], failures, notes };
}
