/**
 * The images of a folder and its subfolders: files with a picture's extension, files without an extension that start
 * like a picture, and DICOM files whatever they are called. Hidden files and folders, whose names begin with a dot, are
 * ignored.
 *
 * Knows: the file system, and how images begin. Not what else is in the files.
 */

import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { extname } from "node:path";
import { asXrayError, type XrayError } from "../errors.ts";
import type { ObjectKind } from "../formats/dicom/sop-class.ts";
import { IMAGE_ENDINGS } from "../formats/image-names.ts";
import { fewAtOnce } from "./at-once.ts";
import { fileError } from "./files.ts";

/** Number of files to look into at the same time. */
const AT_ONCE = 32;

/** A number at the end of a name, as in a UID, is not an extension. */
const NO_ENDING = /^(?:|\.\d+)$/;

/** Extensions of DICOM files, and of nothing else. */
const CERTAIN_ENDINGS: ReadonlySet<string> = new Set([".dcm", ".dicom"]);

/** An extension that may be shown. Others could be part of a person's name. */
const PLAIN_ENDING = /^\.[a-z][a-z0-9]{0,7}$/;

/**
 * Whether a file counts as an image when its folder is searched: by its name, else by its first bytes.
 *
 * @param path  A file, or a dangling link, which counts by its name so that reading it reports what is wrong.
 */
export async function isImageFile(path: string): Promise<boolean> {
  const ending = extname(path).toLowerCase();
  if (IMAGE_ENDINGS.has(ending)) return true;
  const { sniff } = await import("./sniff.ts");
  const kind = await sniff(path);
  if (kind !== "picture" && kind !== undefined) return kind === "image";
  return CERTAIN_ENDINGS.has(ending) || (kind === "picture" && NO_ENDING.test(ending));
}

/** The content of a folder. */
interface FolderImages {
  /** Paths that begin with the folder, sorted within it. */
  readonly images: readonly string[];
  /** Those of the images that are DICOM files by their content or their names, sorted. */
  readonly dicom: readonly string[];
  /** Number of other files by extension. */
  readonly others: ReadonlyMap<string, number>;
  /** Number of DICOM files without a picture by kind, apart from directories. */
  readonly objects: ReadonlyMap<ObjectKind, number>;
  /** Subfolders that cannot be read. */
  readonly failures: readonly XrayError[];
}

const addOne = <Key>(counts: Map<Key, number>, key: Key): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** Walks through a folder. Links are followed, but a folder already visited under another name is not entered again. */
class Walk {
  readonly images: string[] = [];
  readonly dicom: string[] = [];
  readonly others = new Map<string, number>();
  readonly objects = new Map<ObjectKind, number>();
  readonly failures: XrayError[] = [];
  readonly #entered = new Set<string>();
  /** Files whose names do not say whether they are images. */
  readonly #unclear: string[] = [];

  async enter(folder: string): Promise<void> {
    let entries: Dirent[];
    try {
      const place = await realpath(folder);
      if (this.#entered.has(place)) return;
      this.#entered.add(place);
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      this.failures.push(asXrayError(fileError(folder, error)));
      return;
    }
    for (const entry of entries) {
      if (entry.name.startsWith(".")) continue;
      await this.#see(`${folder.replace(/\/+$/, "")}/${entry.name}`, entry);
    }
  }

  async #see(path: string, entry: Dirent): Promise<void> {
    // A dangling link is taken for a file, so that reading it reports what is wrong.
    const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
    if (target?.isDirectory()) await this.enter(path);
    else if (target === undefined || target.isFile()) {
      const isPicture = IMAGE_ENDINGS.has(extname(path).toLowerCase());
      (isPicture ? this.images : this.#unclear).push(path);
    }
  }

  /** Look into the files whose names do not say what they are. */
  async lookInto(): Promise<void> {
    if (this.#unclear.length === 0) return;
    // Loaded on demand, since most folders hold pictures only.
    const { sniff } = await import("./sniff.ts");
    await fewAtOnce(this.#unclear, AT_ONCE, async (path) => {
      const ending = extname(path).toLowerCase();
      const kind = await sniff(path);
      if (kind === "image") this.dicom.push(path);
      else if (kind === "picture" || kind === undefined) this.#seeOther(path, ending, kind);
      else if (kind !== "directory") addOne(this.objects, kind);
    });
    this.images.push(...this.dicom);
  }

  #seeOther(path: string, ending: string, kind: "picture" | undefined): void {
    const isNameless = NO_ENDING.test(ending);
    // What is called a DICOM file is read in any case, to say what is wrong with it.
    if (CERTAIN_ENDINGS.has(ending)) this.dicom.push(path);
    else if (kind === "picture" && isNameless) this.images.push(path);
    else this.#skip(ending, isNameless);
  }

  #skip(ending: string, isNameless: boolean): void {
    const unusual = isNameless ? "no ending" : "another ending";
    addOne(this.others, PLAIN_ENDING.test(ending) ? ending : unusual);
  }
}

/**
 * Find the images of a folder.
 *
 * @param folder  The path as given by the user; resulting paths begin with it.
 */
export async function imagesOfFolder(folder: string): Promise<FolderImages> {
  const walk = new Walk();
  await walk.enter(folder);
  await walk.lookInto();
  const { images, dicom, others, objects, failures } = walk;
  return { images: images.sort(), dicom: dicom.sort(), others, objects, failures };
}
