/**
 * A data folder of phantoms, in NIH's layout.
 *
 * Pipeline:   seed → patients → **drawn and written by threads** → tables
 * Knows:      the folder. The tables come last, so a folder that has them is complete. Until then a journal records
 *             what is done, so that the same request can resume an interrupted run.
 */

import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { DrawnBox } from "../../dataset/phantom/chest/scene.ts";
import { PHANTOM_VERSION } from "../../dataset/phantom/draw.ts";
import { boxTable, entryTable } from "../../dataset/phantom/nih-tables.ts";
import { PHANTOM_NOTE } from "../../dataset/phantom/note.ts";
import { type PhantomImage, phantomImages } from "../../dataset/phantom/patients/patients.ts";
import { XrayError } from "../../errors.ts";
import { claimFolder } from "../../node/claim.ts";
import { fileError, isLeftover, removeLeftovers, writeAtomically } from "../../node/files.ts";
import { makeFolders } from "../../node/make-folder.ts";
import { ThreadPool } from "../../node/thread-pool.ts";
import { checkText, list, number, object, text } from "../../schema/schema.ts";
import type { PhantomSettings } from "./phantom-jobs.ts";

const JOURNAL = "phantom.journal";
/** Marks a folder in which a process is drawing. */
const CLAIM = "phantom.lock";
const ENTRIES = "Data_Entry_2017.csv";
const BOXES = "BBox_List_2017.csv";

/** What to draw. */
export interface PhantomRequest {
  readonly folder: string;
  readonly count: number;
  readonly seed: number;
  /** Width and height of the images in pixels. */
  readonly size: number;
}

/** What the folder contains now. */
export interface PhantomResult {
  readonly images: number;
  readonly patients: number;
  readonly boxes: number;
  /** Number of images that an earlier, interrupted run had drawn. */
  readonly found: number;
}

/** Callbacks after each image. */
export interface PhantomHooks {
  readonly onImage: (done: number, total: number) => void;
  /** Whether to end early. */
  readonly isStopping?: () => boolean;
}

type Drawn = ReadonlyMap<string, readonly DrawnBox[]>;

const noteOf = ({ seed, size }: PhantomRequest) =>
  `${JSON.stringify(
    {
      schema: "medical-x/phantom@1",
      notice: "Drawn by a program. No image is of a patient; nothing here is for diagnosis.",
      version: PHANTOM_VERSION,
      seed,
      size,
    },
    null,
    2,
  )}\n`;

/** Do work with the file system, reporting its failures in plain words. */
async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(path, error);
  }
}

/** Check that the folder is empty or belongs to a run with the same seed and size. */
async function prepareFolder(request: PhantomRequest): Promise<void> {
  const { folder } = request;
  const images = join(folder, "images");
  const names = await named(folder, () => readdir(folder));
  const wanted = noteOf(request);
  if (!names.includes(PHANTOM_NOTE)) {
    const other = names.find((name) => !isLeftover(name) && !name.startsWith(CLAIM));
    if (other !== undefined) {
      throw new XrayError(
        "phantom/folder-in-use",
        `${folder}: there is something else in this folder (${other}); name an empty or a new one`,
        { file: folder, name: other },
      );
    }
    await writeAtomically(join(folder, PHANTOM_NOTE), [new TextEncoder().encode(wanted)]);
  } else if ((await readFile(join(folder, PHANTOM_NOTE), "utf8")) !== wanted) {
    throw new XrayError(
      "phantom/other-settings",
      `${folder}: the phantoms in this folder have another seed, size or version (see ${PHANTOM_NOTE}); name another folder`,
      { file: folder },
    );
  }
  await named(images, () => makeFolders(images));
}

/** An image that was drawn, and the boxes of its findings. */
const JOURNAL_LINE = object({
  name: text(),
  boxes: list(
    object({
      finding: text(),
      box: object({ x: number(), y: number(), width: number(), height: number() }),
    }),
  ),
});

/** What an earlier run had done according to its journal, one line per image. An incomplete line is skipped. */
async function readJournal(folder: string): Promise<Map<string, readonly DrawnBox[]>> {
  const done = new Map<string, readonly DrawnBox[]>();
  const there = new Set(await readdir(join(folder, "images")));
  const text = await readFile(join(folder, JOURNAL), "utf8").catch(() => "");
  for (const line of text.split("\n").slice(0, -1)) {
    try {
      const { name, boxes } = checkText(JOURNAL_LINE, line, { code: "internal/unexpected", what: "no line" });
      if (there.has(name)) done.set(name, boxes);
    } catch {
      // The line that was being written when the run ended.
    }
  }
  return done;
}

/** Draw images on all cores. The first failure ends all work. */
async function drawAll(
  images: readonly PhantomImage[],
  settings: PhantomSettings,
  onDrawn: (name: string, boxes: readonly DrawnBox[]) => Promise<void>,
  isStopping: () => boolean,
): Promise<void> {
  const threads = Math.min(images.length, 16, availableParallelism());
  const script = new URL("./phantom-worker.js", import.meta.url);
  const pool = new ThreadPool<PhantomImage, readonly DrawnBox[]>({ script, threads, data: settings });
  let next = 0;
  // One image per thread at a time.
  const lane = async () => {
    try {
      while (next < images.length && !isStopping()) {
        const image = images[next++]!;
        await onDrawn(image.name, await pool.ask(image));
      }
    } catch (error) {
      next = images.length;
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: threads }, lane));
  await pool.close();
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/** Write the tables at once, after all images. A folder that has them is complete. */
async function writeTables({ folder, size }: PhantomRequest, images: readonly PhantomImage[], drawn: Drawn) {
  const encode = (text: string) => [new TextEncoder().encode(text)];
  const boxes = images.map(({ name }) => ({ name, boxes: drawn.get(name)! }));
  await writeAtomically(join(folder, BOXES), encode(boxTable(boxes)));
  await writeAtomically(join(folder, ENTRIES), encode(entryTable(images, size)));
  return boxes.reduce((sum, image) => sum + image.boxes.length, 0);
}

/** The number of boxes, if the folder already holds exactly these images; else undefined. */
async function boxesOfComplete(
  { folder, size }: PhantomRequest,
  images: readonly PhantomImage[],
): Promise<number | undefined> {
  const names = await readdir(folder);
  if (names.includes(JOURNAL) || !names.includes(ENTRIES) || !names.includes(BOXES)) return undefined;
  const there = new Set(await readdir(join(folder, "images")));
  if (images.some(({ name }) => !there.has(name))) return undefined;
  if ((await readFile(join(folder, ENTRIES), "utf8")) !== entryTable(images, size)) return undefined;
  return (await readFile(join(folder, BOXES), "utf8")).trimEnd().split("\n").length - 1;
}

/**
 * Draw phantoms into a folder.
 *
 * @returns  What the folder contains. The same seed, count and size give the same bytes in every file, and a larger
 *           count begins with the same images.
 * @throws   XrayError `phantom/folder-in-use` if the folder contains anything else, `file/in-use` if another process is
 *           drawing in it, `phantom/other-settings`, `file/not-accessible`.
 */
export async function makePhantoms(request: PhantomRequest, hooks: PhantomHooks): Promise<PhantomResult> {
  const { folder } = request;
  await named(folder, () => makeFolders(folder));
  const claim = claimFolder(folder, join(folder, CLAIM));
  try {
    return await drawClaimed(request, hooks);
  } finally {
    claim.release();
  }
}

/** Draw into a folder that this process has claimed. */
async function drawClaimed(request: PhantomRequest, hooks: PhantomHooks): Promise<PhantomResult> {
  const { folder, count, seed, size } = request;
  await prepareFolder(request);
  for (const place of [folder, join(folder, "images")]) await removeLeftovers(place);
  const images = phantomImages(seed, count);
  const patients = new Set(images.map(({ patient }) => patient)).size;
  const complete = await boxesOfComplete(request, images);
  if (complete !== undefined) return { images: count, patients, boxes: complete, found: count };
  const drawn = await readJournal(folder);
  const journal = join(folder, JOURNAL);
  if (drawn.size === 0) await named(journal, () => writeFile(journal, ""));
  const missing = images.filter(({ name }) => !drawn.has(name));
  let done = images.length - missing.length;
  hooks.onImage(done, count);
  const { isStopping = () => false } = hooks;
  await drawAll(
    missing,
    { seed, size, folder: join(folder, "images") },
    async (name, boxes) => {
      await named(journal, () => appendFile(journal, `${JSON.stringify({ name, boxes })}\n`));
      drawn.set(name, boxes);
      hooks.onImage(++done, count);
    },
    isStopping,
  );
  if (done < count)
    throw new XrayError(
      "phantom/interrupted",
      `${folder}: interrupted after ${done} of ${count} images; the same call resumes there`,
      { file: folder },
    );
  const boxCount = await writeTables(request, images, drawn);
  await rm(journal, { force: true });
  return { images: count, patients, boxes: boxCount, found: count - missing.length };
}
