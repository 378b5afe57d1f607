/**
 * What is known of images, to be shown beside what a model says of them: labels, and boxes where they were drawn.
 *
 * Pipeline:   data folder or label file → **truth of an image**
 * Knows:      data folders. Not models or results.
 */

import { existsSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { parseBoxTable } from "../dataset/box-table.ts";
import type { LabelledImage, LabelTable } from "../dataset/label-table.ts";
import { inFile, XrayError } from "../errors.ts";
import { matchLabel } from "../findings.ts";
import type { Region } from "../image/crop.ts";
import { openDataFolder, readText } from "../node/data-folder.ts";
import { readWhole } from "../node/files.ts";
import { type OpenedLabels, openLabels, readLabels } from "./label-file.ts";
import { PHANTOM_NOTE } from "./phantom-jobs.ts";

/** A known place of a finding. */
export interface KnownBox {
  /** In NIH's spelling; names that are none of NIH's stay as they are. */
  readonly finding: string;
  /** In shares of the image's width and height, so that it fits copies of another size. */
  readonly place: Region;
}

/** What is known of one image. */
export interface ImageTruth {
  /** 1 or 0 by the model's label; null where the file leaves it open. Labels that the file lacks are not there. */
  readonly labels: Readonly<Record<string, 1 | 0 | null>>;
  /** In the file's order. */
  readonly boxes: readonly KnownBox[];
}

/** NIH's boxes are in pixels of the published images, whatever the size of the copy at hand. */
const NIH_SIZE = 1024;

const nameOf = (image: string): string => posix.basename(image.replaceAll("\\", "/"));

/** The extent that a folder's boxes are measured in: phantoms' are in pixels of their own images. */
async function boxFrame(folder: string): Promise<number> {
  const note = join(folder, PHANTOM_NOTE);
  if (!existsSync(note)) return NIH_SIZE;
  try {
    const { size } = JSON.parse(new TextDecoder().decode(await readWhole(note, 1_000_000)));
    if (typeof size === "number" && size > 0) return size;
  } catch (error) {
    if (error instanceof XrayError) throw error;
  }
  throw new XrayError(
    "truth/bad-note",
    `${note}: it does not say how large the phantoms are; draw them again`,
    {
      file: note,
    },
  );
}

/** The boxes of each image of a folder, by its file name. */
async function readBoxes(folder: string, files: readonly string[]): Promise<Map<string, KnownBox[]>> {
  const [file, second] = files;
  const boxes = new Map<string, KnownBox[]>();
  if (file === undefined) return boxes;
  if (second !== undefined) {
    throw new XrayError(
      "data/several-box-files",
      `${folder}: ${files.map(nameOf).join(" and ")} are box files, and their boxes may differ; keep one`,
      { file: folder, files },
    );
  }
  const frame = await boxFrame(folder);
  const { text } = await readText(file);
  try {
    for (const { image, finding, x, y, width, height } of parseBoxTable(text)) {
      const place = { x: x / frame, y: y / frame, width: width / frame, height: height / frame };
      const name = nameOf(image);
      boxes.set(name, [...(boxes.get(name) ?? []), { finding, place }]);
    }
  } catch (error) {
    throw inFile(file, error);
  }
  return boxes;
}

/** Read a label file for those of the labels that it has. */
async function readKnown(
  path: string,
  labels: readonly string[],
  read: (labels: readonly string[]) => Promise<OpenedLabels>,
): Promise<LabelTable> {
  try {
    return (await read(labels)).table;
  } catch (error) {
    if (!(error instanceof XrayError) || error.code !== "labels/unknown-label") throw error;
    const missing = error.details["missing"] as readonly string[];
    const there = labels.filter((label) => matchLabel(label, missing) === undefined);
    if (there.length > 0 && there.length < labels.length) return readKnown(path, there, read);
    throw new XrayError(
      "truth/no-labels",
      `${path}: it says nothing of the model's labels (${labels.join(", ")}); give a label file that does (--truth)`,
      { file: path, labels },
      error,
    );
  }
}

/** Labels and boxes by the image's file name. */
export class Truth {
  /** Things to tell the user. */
  readonly notes: readonly string[];
  /** Names that two images of the table share are known of neither. */
  readonly #images = new Map<string, LabelledImage | "ambiguous">();
  readonly #boxes: ReadonlyMap<string, readonly KnownBox[]>;
  /** Place of each of the model's labels among the table's. */
  readonly #columns: ReadonlyMap<string, number>;

  /**
   * Read what is known.
   *
   * @param path    A data folder or a label file, with the boxes of a `BBox_List*.csv` in it or beside it.
   * @param labels  The model's.
   * @throws        XrayError `truth/no-labels` where the file has none of them; `data/…`, `labels/…`, `file/…`.
   */
  static async open(path: string, labels: readonly string[]): Promise<Truth> {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
    const read = async (wanted: readonly string[]) =>
      isFolder
        ? openLabels(path, await openDataFolder(path), undefined, { labels: wanted }, "--truth")
        : readLabels(path, { labels: wanted });
    const table = await readKnown(path, labels, read);
    const folder = isFolder ? path : dirname(path);
    return new Truth(table, await readBoxes(folder, (await openDataFolder(folder)).boxFiles), labels);
  }

  private constructor(
    table: LabelTable,
    boxes: ReadonlyMap<string, readonly KnownBox[]>,
    labels: readonly string[],
  ) {
    const columns = labels.flatMap((label) => {
      const match = matchLabel(label, table.labels);
      return match === undefined ? [] : [[label, table.labels.indexOf(match)] as const];
    });
    this.#columns = new Map(columns);
    this.#boxes = boxes;
    this.notes = table.notes;
    for (const image of table.images) {
      const name = nameOf(image.image);
      this.#images.set(name, this.#images.has(name) ? "ambiguous" : image);
    }
  }

  /** What is known of an image, by its file name; undefined where the table does not have it, or has it twice. */
  of(image: string): ImageTruth | undefined {
    const name = nameOf(image);
    const row = this.#images.get(name);
    if (row === undefined || row === "ambiguous") return undefined;
    const labels = [...this.#columns].map(([label, column]) => {
      const value = row.labels[column]!;
      return [label, Number.isNaN(value) ? null : (value as 1 | 0)] as const;
    });
    return { labels: Object.fromEntries(labels), boxes: this.#boxes.get(name) ?? [] };
  }
}
