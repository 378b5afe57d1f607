/**
 * The images by which a model is quantised: some of them choose the ranges, others judge the result.
 *
 * Knows: files, folders and data sets. Not models.
 */

import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { LabelledImage } from "../../../dataset/label-table.ts";
import { XrayError } from "../../../errors.ts";
import { openDataFolder, readText } from "../../../node/data-folder.ts";
import { listImages } from "../../../node/image-list.ts";
import { Random } from "../../../random.ts";
import { openDataset } from "../../data/open-dataset.ts";

/** The seed of the draw, which is the same every time. */
const SEED = 0;

/** Images that judge the result for each image that chooses ranges, at most. */
const HELD_OUT_PER_IMAGE = 5;

/** An image, with its labels if they are known. */
export interface CalibrationImage {
  readonly path: string;
  readonly patient: string;
  readonly labels?: Float32Array;
}

/** Images to quantise by. */
export interface CalibrationImages {
  /** Those that choose the ranges, in order. */
  readonly calibration: readonly CalibrationImage[];
  /** Others, of other patients. */
  readonly heldOut: readonly CalibrationImage[];
  /** What `labels` are of, if the images have any. */
  readonly labels: readonly string[];
  /** The name of the source: `Data_Entry_2017.csv`. */
  readonly source: string;
  readonly arePhantoms: boolean;
  readonly failures: readonly XrayError[];
  readonly notes: readonly string[];
}

/** Patients in a random order that depends on nothing but their names, each with their images. */
function shuffled(images: readonly CalibrationImage[]): CalibrationImage[][] {
  const groups = new Map<string, CalibrationImage[]>();
  for (const image of images) {
    const group = groups.get(image.patient) ?? [];
    group.push(image);
    groups.set(image.patient, group);
  }
  return [...groups]
    .map(([patient, group]) => ({ patient, group, draw: Random.of(SEED, "int8", patient).next() }))
    .sort((a, b) => a.draw - b.draw || (a.patient < b.patient ? -1 : 1))
    .map(({ group }) => group);
}

/**
 * Divide images by patient.
 *
 * @param limit   How many images may choose ranges.
 * @param atMost  How many of all images may choose ranges, so that some are left to judge.
 */
export function divide(
  images: readonly CalibrationImage[],
  limit: number,
  atMost: number,
): Pick<CalibrationImages, "calibration" | "heldOut"> {
  const most = Math.max(1, Math.min(limit, atMost));
  const calibration: CalibrationImage[] = [];
  const heldOut: CalibrationImage[] = [];
  for (const group of shuffled(images)) {
    const room = most - calibration.length;
    // The rest of a patient whose images do not all fit is in neither part.
    if (room > 0) calibration.push(...group.slice(0, room));
    else heldOut.push(...group.slice(0, HELD_OUT_PER_IMAGE * limit - heldOut.length));
  }
  return { calibration, heldOut };
}

async function ofDataset(folder: string, limit: number): Promise<CalibrationImages> {
  const { table, paths, leftOut, labelFile, phantom, notes } = await openDataset(folder);
  const images = table.images.flatMap(({ patient, labels }: LabelledImage, i) => {
    const path = paths[i];
    return path === undefined || leftOut.has(i) ? [] : [{ path, patient, labels }];
  });
  return {
    ...divide(images, limit, Math.floor(images.length / 2)),
    labels: table.labels,
    source: basename(labelFile.path),
    arePhantoms: phantom !== undefined,
    failures: [],
    notes,
  };
}

/** The paths that a text file lists, one on each line, relative to the current folder or to that of the list. */
async function listedPaths(list: string): Promise<string[]> {
  const { text } = await readText(list);
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => (isAbsolute(line) || existsSync(line) ? line : join(dirname(list), line)));
}

/** What files are called below the folder that all of them share, wherever that is. */
export function namesBelow(paths: readonly string[]): string[] {
  const whole = paths.map((path) => resolve(path));
  let shared = dirname(whole[0] ?? "");
  while (shared !== dirname(shared) && !whole.every((path) => path.startsWith(join(shared, sep))))
    shared = dirname(shared);
  return whole.map((path) => relative(shared, path).replaceAll(sep, "/"));
}

async function ofPaths(given: string, limit: number): Promise<CalibrationImages> {
  const isList = extname(given).toLowerCase() === ".txt";
  const { images, failures, notes } = await listImages(isList ? await listedPaths(given) : [given]);
  const names = namesBelow(images);
  const each = images.map((path, i) => ({ path, patient: names[i]! }));
  return {
    ...divide(each, limit, images.length),
    labels: [],
    source: basename(given),
    arePhantoms: false,
    failures,
    notes,
  };
}

/** Whether a path is a folder with a label file. */
async function isDataFolder(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isDirectory()) return false;
  } catch {
    return false;
  }
  const { entryFiles, otherTables } = await openDataFolder(path);
  return entryFiles.length + otherTables.length > 0;
}

/**
 * Find the images by which a model is quantised. The same files give the same division.
 *
 * @param given  A data folder, any other folder, a file with the paths of images, or an image.
 * @param limit  How many images choose ranges, 1 or more.
 * @throws       XrayError `convert/no-images`, `file/…`, `labels/…`, `data/…`.
 */
export async function calibrationImages(given: string, limit: number): Promise<CalibrationImages> {
  const found = (await isDataFolder(given)) ? await ofDataset(given, limit) : await ofPaths(given, limit);
  const [failure] = found.failures;
  if (found.calibration.length > 0) return found;
  throw (
    failure ??
    new XrayError(
      "convert/no-images",
      `${given}: no image of it was found; name images to measure ranges on`,
      { file: given },
    )
  );
}
