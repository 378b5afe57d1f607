/**
 * The images that a person means by files, folders and globs.
 *
 * Knows: the file system. Not what is in the files.
 */

import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { XrayError } from "../errors.ts";
import { IMAGE_ENDINGS } from "../formats/image-names.ts";
import { imagesOfFolder } from "./image-folder.ts";

/** What makes a name a glob: wildcards, classes, alternatives, and patterns such as `@(a|b)`. */
const isGlob = (pattern: string): boolean => /[*?[\]{}]|[!+@]\(/.test(pattern);

/** Endings of other files that are named. */
const MOST_ENDINGS = 5;

async function isFolder(path: string): Promise<boolean | undefined> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return undefined;
  }
}

/** What a pattern stands for. */
interface Found {
  readonly images: readonly string[];
  readonly failures: readonly XrayError[];
  readonly notes: readonly string[];
}

/** How many other files a folder holds, and their endings. */
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

async function inFolder(folder: string): Promise<Found> {
  const { images, others, failures } = await imagesOfFolder(folder);
  const { files, endings, isOne } = describeOthers(others);
  if (images.length > 0 || failures.length > 0) {
    const skipped = `${files} in ${folder} ${isOne ? "was" : "were"} skipped (${endings})`;
    return { images, failures, notes: others.size === 0 ? [] : [skipped] };
  }
  const instead = others.size === 0 ? "" : `, but ${files} (${endings})`;
  throw new XrayError(
    "images/none",
    `${folder}: the folder holds no images (${[...IMAGE_ENDINGS].join(", ")})${instead}`,
    { file: folder },
  );
}

/**
 * The leading folders of a glob that are there under just that name, and the pattern below them: what exists is meant
 * literally, whatever characters are in its name.
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
 * A pattern in which parentheses and exclamation marks stand for themselves: picomatch would take `(1)` for a group and a
 * leading `!` for a negation.
 *
 * @param isExtended  Whether those of `@(a|b)`, `!(a)` and the like stand for a pattern all the same.
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

/** Files of a glob: as an extended pattern, and where nothing matches that, with every parenthesis taken literally. */
async function filesOf(pattern: string, cwd: string): Promise<string[]> {
  const { glob } = await import("tinyglobby");
  const options = { cwd, onlyFiles: true, dot: false, expandDirectories: false };
  const [extended, literal] = [true, false].map((isExtended) => literalParentheses(pattern, isExtended));
  const found = await glob(extended!, options);
  return found.length > 0 || literal === extended ? found : glob(literal!, options);
}

async function matching(pattern: string): Promise<Found> {
  // Windows separates folders by what escapes characters elsewhere.
  const slashed = process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern;
  const { base, rest } = await splitGlob(slashed);
  const found = await filesOf(rest, base === "" ? "." : base);
  if (found.length === 0)
    throw new XrayError("images/none", `${pattern}: no file matches`, { file: pattern });
  return { images: found.sort().map((file) => `${base}${file}`), failures: [], notes: [] };
}

async function expand(pattern: string): Promise<Found> {
  const folder = await isFolder(pattern);
  if (folder === true) return inFolder(pattern);
  if (folder === undefined && isGlob(pattern)) return matching(pattern);
  // A file, or a name that is not there: reading it will say so, and the other images are still done.
  return { images: [pattern], failures: [], notes: [] };
}

/** What was found, what yielded nothing, and what was skipped. */
export interface ImageList {
  readonly images: readonly string[];
  readonly failures: readonly XrayError[];
  /** What else is in folders: counts and endings, no names. */
  readonly notes: readonly string[];
}

/**
 * Expand what was given as images. A path that exists is meant as it is; anything else with a wildcard is a glob.
 *
 * @param patterns  Files, folders (searched with their subfolders) and globs.
 * @returns         Paths, each file once, in the order given and sorted within each folder or glob; an XrayError
 *                  `images/none` for each folder or glob without images, and `file/…` for each folder that cannot be read.
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
