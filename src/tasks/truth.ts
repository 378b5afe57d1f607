/**
 * What is known of images, to be shown beside what a model says of them: labels, and boxes where they were drawn.
 *
 * Pipeline:   data folder or label file → **truth of an image**
 * Knows:      data folders. Not models or results.
 */

import { statSync } from "node:fs";
import { posix } from "node:path";
import { type Box, parseBoxTable } from "../dataset/box-table.ts";
import type { LabelledImage, LabelTable } from "../dataset/label-table.ts";
import { inFile } from "../errors.ts";
import { matchLabel } from "../findings.ts";
import { openDataFolder, readText } from "../node/data-folder.ts";
import { openLabels, readLabels } from "./label-file.ts";

/** What is known of one image. */
export interface ImageTruth {
  /** 1 or 0 by the model's label; null where nothing is known. */
  readonly labels: Readonly<Record<string, 1 | 0 | null>>;
  /** In pixels of the image, in the file's order, under NIH's names. */
  readonly boxes: readonly Box[];
}

const nameOf = (image: string): string => posix.basename(image.replaceAll("\\", "/"));

/** Both tables of a data folder, or the one label file. */
async function readTables(path: string): Promise<{ table: LabelTable; boxes: readonly Box[] }> {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return { table: (await readLabels(path, {})).table, boxes: [] };
  }
  const found = await openDataFolder(path);
  const { table } = await openLabels(path, found, undefined, {}, "--truth");
  if (found.boxFile === undefined) return { table, boxes: [] };
  const { text } = await readText(found.boxFile);
  try {
    return { table, boxes: parseBoxTable(text) };
  } catch (error) {
    throw inFile(found.boxFile, error);
  }
}

/** Labels and boxes by the image's file name. */
export class Truth {
  /** Names that two images of the table share are known of neither. */
  readonly #images = new Map<string, LabelledImage | "ambiguous">();
  readonly #boxes = new Map<string, Box[]>();
  /** Place of each of the model's labels among the table's. */
  readonly #columns: ReadonlyMap<string, number>;

  /**
   * Read what is known.
   *
   * @param path    A data folder, with its boxes where it has `BBox_List*.csv`, or a label file.
   * @param labels  The model's.
   * @throws        XrayError `data/…`, `labels/…`, `file/…`.
   */
  static async open(path: string, labels: readonly string[]): Promise<Truth> {
    const { table, boxes } = await readTables(path);
    return new Truth(table, boxes, labels);
  }

  private constructor(table: LabelTable, boxes: readonly Box[], labels: readonly string[]) {
    const columns = labels.flatMap((label) => {
      const match = matchLabel(label, table.labels);
      return match === undefined ? [] : [[label, table.labels.indexOf(match)] as const];
    });
    this.#columns = new Map(columns);
    for (const image of table.images) {
      const name = nameOf(image.image);
      this.#images.set(name, this.#images.has(name) ? "ambiguous" : image);
    }
    for (const box of boxes) {
      const name = nameOf(box.image);
      const others = this.#boxes.get(name);
      if (others === undefined) this.#boxes.set(name, [box]);
      else others.push(box);
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
