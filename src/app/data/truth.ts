/**
 * What is known about images, to be shown with predictions: their labels, and boxes if any were drawn.
 *
 * Pipeline:   data folder or label file → **truth of an image**
 * Knows:      data folders. Not models or results.
 */

import { statSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { KnownBox } from "../../dataset/box-table.ts";
import { imagesCalled, imagesMeant } from "../../dataset/image-identity.ts";
import { matchNames, NO_IMAGE, SEVERAL_IMAGES } from "../../dataset/image-lookup.ts";
import { uidIn } from "../../dataset/image-uid.ts";
import type { LabelTable } from "../../dataset/label-table.ts";
import { XrayError } from "../../errors.ts";
import { matchLabel } from "../../findings.ts";
import { openDataFolder } from "../../node/data-folder.ts";
import { counted, eitherOf, some, someOf } from "../../text.ts";
import { assignBoxes, type BoxesOfImages, openBoxes } from "./known-boxes.ts";
import { type OpenedLabels, openLabels, readLabels } from "./label-file.ts";

/** What is known about one image. */
interface ImageTruth {
  /** 1 or 0 by the model's label; null if the file leaves it open. Labels that the file lacks are missing. */
  readonly labels: Readonly<Record<string, 1 | 0 | null>>;
  /** In the file's order. */
  readonly boxes: readonly KnownBox[];
}

/** Read a label file, for those of the labels that it has. */
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
      `${path}: it says nothing about the model's labels (${labels.join(", ")}); name a label file that does`,
      { file: path, labels },
      error,
    );
  }
}

/** What is known, as read from files. */
interface Known {
  /** As given by the user: a data folder or a label file. */
  readonly path: string;
  /** The data folder. */
  readonly folder: string;
  readonly table: LabelTable;
  readonly boxes: BoxesOfImages | undefined;
}

/** What an image is called in notes, by its path. */
type ShownAs = (image: string) => string;

/** Notes on images that the table lacks, with the first one that it has in another folder. */
function lackingNotes(
  path: string,
  images: readonly string[],
  called: (image: string) => readonly string[],
  shownAs: ShownAs,
): string[] {
  if (images.length === 0) return [];
  const like = images.slice(0, 1).flatMap((image) => {
    const names = called(image);
    return names.length === 0 || shownAs(image) !== image
      ? []
      : [
          `${path}: it has ${some(names)} in other folders than ${image}, and images in different folders count as different; if one of them is this image, name it ${image} in its row`,
        ];
  });
  const shown = some(images.map(shownAs));
  return [`${path}: it says nothing about ${counted(images.length, "image")}: ${shown}`, ...like];
}

/** Notes on images that may be several of the table. */
function unclearNotes(
  path: string,
  images: readonly string[],
  meant: (image: string) => readonly string[],
  shownAs: ShownAs,
): string[] {
  if (images.length === 0) return [];
  const shown = someOf(images, (image) => `${shownAs(image)} (${eitherOf(meant(image))})`);
  return [
    `${path}: nothing is shown for ${counted(images.length, "image")} whose name may mean several images there: ${shown}`,
  ];
}

/** Takes the place of an index for an image whose row may also refer to another image. */
const SHARED_ROW = -3;

/** Different images that a row may refer to. */
interface SharedRow {
  readonly row: string;
  readonly images: readonly string[];
}

/** Rows that match several different images, such as `a.png` for `one/a.png` and `two/a.png`. */
function sharedRows(
  table: LabelTable,
  images: readonly string[],
  places: readonly number[],
): readonly SharedRow[] {
  const byPlace = new Map<number, string[]>();
  for (const [i, image] of images.entries())
    if (places[i]! >= 0) byPlace.set(places[i]!, [...(byPlace.get(places[i]!) ?? []), image]);
  return [...byPlace].flatMap(([place, found]) => {
    const [first, ...others] = found;
    const areOne = others.every((other) => other === first || imagesMeant([first!], other).length === 1);
    return areOne ? [] : [{ row: table.images[place]!.image, images: found }];
  });
}

const sharedNotes = (path: string, rows: readonly SharedRow[], shownAs: ShownAs): string[] =>
  rows.length === 0
    ? []
    : [
        `${path}: ${counted(rows.length, "row")} may mean several of the images, for which nothing is shown: ${someOf(rows, ({ row, images }) => `${row} (${eitherOf(images.map(shownAs))})`)}; write the names in these rows with their folders`,
      ];

/**
 * The index found by the name in the data folder, else by the path as given, whose leading folders are the user's own.
 */
function better(there: number, asGiven: number): number {
  if (there >= 0) return there;
  return asGiven >= 0 ? asGiven : Math.min(there, asGiven);
}

/** The name of an image within a folder; the path unchanged if it lies elsewhere. */
function nameIn(folder: string, image: string): string {
  const name = relative(resolve(folder), resolve(image));
  return name === "" || isAbsolute(name) || /^\.\.(?:[\\/]|$)/.test(name) ? image : name;
}

/** The index of each image's row by its name. */
function placesByName(names: readonly string[], folder: string, images: readonly string[]): number[] {
  const inFolder = images.map((image) => nameIn(folder, image));
  const there = matchNames(names, inFolder);
  const asGiven = there.every((at) => at >= 0) ? there : matchNames(names, images);
  return images.map((_, i) => better(there[i]!, asGiven[i]!));
}

/** The same, where images without a row are looked up by their UIDs if any row is called by one. */
async function withUids(
  names: readonly string[],
  images: readonly string[],
  places: readonly number[],
): Promise<readonly number[]> {
  const lacking = images.filter((_, i) => places[i] === NO_IMAGE);
  if (lacking.length === 0 || !names.some((name) => uidIn(name) !== undefined)) return places;
  const { filesOfUids } = await import("../../node/find-uids.ts");
  const rows = new Map<string, number>();
  for (const [row, name] of names.entries()) {
    const uid = uidIn(name);
    if (uid !== undefined) rows.set(uid, rows.has(uid) ? SEVERAL_IMAGES : row);
  }
  const rowOf = new Map<string, number>();
  for (const [uid, files] of await filesOfUids(lacking, new Set(rows.keys())))
    for (const file of files) rowOf.set(file, rows.get(uid)!);
  return images.map((image, i) => (places[i] === NO_IMAGE ? (rowOf.get(image) ?? NO_IMAGE) : places[i]!));
}

/** Labels and boxes of the images to be predicted. */
export class Truth {
  readonly #known: Known;
  /** For each image, by path: its index in the table, `NO_IMAGE`, `SEVERAL_IMAGES` or `SHARED_ROW`. */
  readonly #places: ReadonlyMap<string, number>;
  readonly #shared: readonly SharedRow[];
  /** For each of the model's labels, its index among the table's. */
  readonly #columns: ReadonlyMap<string, number>;

  /**
   * Read what is known.
   *
   * @param path    A data folder or a label file, with the boxes of a `BBox_List*.csv` in it or beside it.
   * @param labels  The model's labels.
   * @param images  The paths of all images that will be asked for.
   * @throws        XrayError `truth/no-labels` if the file has none of the labels; `data/…`, `labels/…`, `file/…`.
   */
  static async open(path: string, labels: readonly string[], images: readonly string[]): Promise<Truth> {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
    const folder = isFolder ? path : dirname(path);
    const found = await openDataFolder(folder);
    const table = await readKnown(path, labels, (wanted) =>
      isFolder
        ? openLabels(path, found, undefined, { labels: wanted }, "truth")
        : readLabels(path, { labels: wanted }),
    );
    const file = await openBoxes(folder, found.boxFiles);
    const names = table.images.map(({ image }) => image);
    const places = await withUids(names, images, placesByName(names, folder, images));
    return new Truth(
      { path, folder, table, boxes: file && assignBoxes(file, names) },
      labels,
      images,
      places,
    );
  }

  private constructor(
    known: Known,
    labels: readonly string[],
    images: readonly string[],
    places: readonly number[],
  ) {
    const { table } = known;
    const columns = labels.flatMap((label) => {
      const match = matchLabel(label, table.labels);
      return match === undefined ? [] : [[label, table.labels.indexOf(match)] as const];
    });
    this.#known = known;
    this.#columns = new Map(columns);
    this.#shared = sharedRows(table, images, places);
    const unclear = new Set(this.#shared.flatMap((row) => row.images));
    this.#places = new Map(images.map((image, i) => [image, unclear.has(image) ? SHARED_ROW : places[i]!]));
  }

  /** Notes for the user about the table. */
  get notes(): readonly string[] {
    return this.#known.table.notes;
  }

  /** What is known about an image, by its path; undefined if the table lacks it or the image is ambiguous. */
  of(image: string): ImageTruth | undefined {
    const row = this.#known.table.images[this.#places.get(image) ?? NO_IMAGE];
    if (row === undefined) return undefined;
    const labels = [...this.#columns].map(([label, column]) => {
      const value = row.labels[column]!;
      return [label, Number.isNaN(value) ? null : (value as 1 | 0)] as const;
    });
    return { labels: Object.fromEntries(labels), boxes: this.#known.boxes?.of.get(row.image) ?? [] };
  }

  /** Notes on images about which nothing is known. */
  unknownNotes(images: readonly string[], shownAs: ShownAs = (image) => image): string[] {
    const { path, folder, table } = this.#known;
    const names = table.images.map(({ image }) => image);
    const those = (wanted: number) => images.filter((image) => this.#places.get(image) === wanted);
    const meant = (image: string) => {
      const there = imagesMeant(names, nameIn(folder, image));
      return (there.length > 0 ? there : imagesMeant(names, image)).map((at) => names[at]!);
    };
    const called = (image: string) => imagesCalled(names, image).map((at) => names[at]!);
    return [
      ...lackingNotes(path, those(NO_IMAGE), called, shownAs),
      ...unclearNotes(path, those(SEVERAL_IMAGES), meant, shownAs),
      ...sharedNotes(path, this.#shared, shownAs),
    ];
  }
}
