/**
 * The images that a person means by files, folders and globs.
 *
 * Knows: the file system. Not what is in the files.
 */

import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { XrayError } from "../errors.ts";

/** Endings that are taken from a folder. A file named outright is read whatever it is called. */
const IMAGE_ENDINGS = new Set([".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"]);

const isGlob = (pattern: string): boolean => /[*?[\]{}]/.test(pattern);

async function isFolder(path: string): Promise<boolean | undefined> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return undefined;
  }
}

async function find(pattern: string, options: { cwd?: string }): Promise<string[]> {
  const { glob } = await import("tinyglobby");
  const found = await glob(pattern, { ...options, onlyFiles: true, dot: false, expandDirectories: false });
  return found.sort();
}

async function expand(pattern: string): Promise<string[]> {
  const folder = await isFolder(pattern);
  if (folder === true) {
    const files = await find("**/*", { cwd: pattern });
    const base = pattern.replace(/\/+$/, "");
    const images = files
      .filter((file) => IMAGE_ENDINGS.has(extname(file).toLowerCase()))
      .map((file) => `${base}/${file}`);
    if (images.length === 0) {
      throw new XrayError(
        "images/none",
        `${pattern}: the folder holds no images (${[...IMAGE_ENDINGS].join(", ")})`,
        { file: pattern },
      );
    }
    return images;
  }
  if (folder === undefined && isGlob(pattern)) {
    const files = await find(pattern, {});
    if (files.length === 0)
      throw new XrayError("images/none", `${pattern}: no file matches`, { file: pattern });
    return files;
  }
  // A file, or a name that is not there: reading it will say so, and the other images are still done.
  return [pattern];
}

/** What was found, and which folders and globs yielded nothing. */
export interface ImageList {
  readonly images: readonly string[];
  readonly failures: readonly XrayError[];
}

/**
 * Expand what was given as images.
 *
 * @param patterns  Files, folders (searched with their subfolders) and globs.
 * @returns         Paths, each once, in the order given and sorted within each folder or glob; and an
 *                  XrayError `images/none` for each folder or glob without images.
 */
export async function listImages(patterns: readonly string[]): Promise<ImageList> {
  const images = new Set<string>();
  const failures: XrayError[] = [];
  for (const pattern of patterns) {
    try {
      for (const image of await expand(pattern)) images.add(image);
    } catch (error) {
      if (!(error instanceof XrayError)) throw error;
      failures.push(error);
    }
  }
  return { images: [...images], failures };
}
