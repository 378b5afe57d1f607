/**
 * What is known of images, to be shown beside what a model says of them: labels, and boxes where they were drawn.
 *
 * Pipeline:   data folder or label file → **truth of an image**
 * Knows:      data folders. Not models or results.
 */

import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { KnownBox } from "../dataset/box-table.ts";
import type { LabelledImage, LabelTable } from "../dataset/label-table.ts";
import { XrayError } from "../errors.ts";
import { matchLabel } from "../findings.ts";
import { openDataFolder } from "../node/data-folder.ts";
import { fileNameOf, openBoxes } from "./known-boxes.ts";
import { type OpenedLabels, openLabels, readLabels } from "./label-file.ts";

/** What is known of one image. */
interface ImageTruth {
  /** 1 or 0 by the model's label; null where the file leaves it open. Labels that the file lacks are not there. */
  readonly labels: Readonly<Record<string, 1 | 0 | null>>;
  /** In the file's order. */
  readonly boxes: readonly KnownBox[];
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
    const folder = isFolder ? path : dirname(path);
    const found = await openDataFolder(folder);
    const table = await readKnown(path, labels, (wanted) =>
      isFolder
        ? openLabels(path, found, undefined, { labels: wanted }, "--truth")
        : readLabels(path, { labels: wanted }),
    );
    const file = await openBoxes(folder, found.boxFiles);
    return new Truth(table, file?.boxes ?? new Map(), labels);
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
      const name = fileNameOf(image.image);
      this.#images.set(name, this.#images.has(name) ? "ambiguous" : image);
    }
  }

  /** What is known of an image, by its file name; undefined where the table does not have it, or has it twice. */
  of(image: string): ImageTruth | undefined {
    const name = fileNameOf(image);
    const row = this.#images.get(name);
    if (row === undefined || row === "ambiguous") return undefined;
    const labels = [...this.#columns].map(([label, column]) => {
      const value = row.labels[column]!;
      return [label, Number.isNaN(value) ? null : (value as 1 | 0)] as const;
    });
    return { labels: Object.fromEntries(labels), boxes: this.#boxes.get(name) ?? [] };
  }
}
