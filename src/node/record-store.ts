/**
 * Records of one size on disk, by key: what a network made of each image.
 *
 * Several processes, on several hosts too, may use a store at once. Each writes to a pair of files of its own and reads all
 * pairs that were there when it opened the store; whose a pair is decides `record-pairs.ts`.
 *
 * Knows: a folder of `record-file.ts`'s pairs. Not networks or images.
 */

import { mkdirSync, statfsSync, statSync } from "node:fs";
import { type ErrorCode, XrayError } from "../errors.ts";
import { byteSize, counted } from "../text.ts";
import { fileError, systemCode } from "./files.ts";
import { type RecordEntry, RecordFile } from "./record-file.ts";
import { listPairs, type OwnPair, ownPair, type RecordPair, removePair } from "./record-pairs.ts";

/** With more pairs than this, those that nobody has written to for so long are brought together. */
const MANY_PAIRS = 32;
const LEFT_AFTER_MS = 30 * 24 * 3600 * 1000;

/** What records are of, for errors. */
export interface RecordKind {
  readonly name: "features" | "predictions";
  /** What can be done without a cache: `train without it`. */
  readonly without: string;
}

/** The codes of a disk with too little space, and of a damaged record. */
const CODES = {
  features: { noSpace: "features/no-space", damaged: "features/damaged" },
  predictions: { noSpace: "predictions/no-space", damaged: "predictions/damaged" },
} as const satisfies Readonly<Record<RecordKind["name"], Readonly<Record<string, ErrorCode>>>>;

/** Open a pair to read; undefined where another process has removed it meanwhile. */
function openIfThere({ data, index }: RecordPair, length: number): RecordFile | undefined {
  try {
    return new RecordFile(data, index, length, false);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Whether nobody has written to a pair for a month. A process that lives on all the same reads on, and loses nothing. */
const isLeft = ({ index }: RecordPair): boolean =>
  Date.now() - (statSync(index, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > LEFT_AFTER_MS;

/** Records of float32, each of the same length. */
export class RecordStore {
  readonly #folder: string;
  readonly #kind: RecordKind;
  readonly #recordBytes: number;
  readonly #entries = new Map<string, RecordEntry>();
  readonly #files: RecordFile[] = [];
  readonly #own: RecordFile;
  readonly #ownPair: OwnPair;

  /**
   * Open a store, or begin one.
   *
   * @param length  Numbers of a record.
   * @throws        XrayError `file/not-accessible`.
   */
  constructor(folder: string, length: number, kind: RecordKind) {
    this.#folder = folder;
    this.#kind = kind;
    this.#recordBytes = length * 4;
    let own: OwnPair | undefined;
    try {
      mkdirSync(folder, { recursive: true });
      own = ownPair(folder);
      const { data, index } = own.pair;
      this.#ownPair = own;
      this.#own = this.#add(new RecordFile(data, index, length, true));
      this.#openOthers(length);
    } catch (error) {
      for (const file of this.#files) file.close();
      own?.release();
      throw this.#withWayOn(fileError(folder, error));
    }
  }

  #add(file: RecordFile): RecordFile {
    this.#files.push(file);
    for (const [key, entry] of file.entries()) this.#entries.set(key, entry);
    return file;
  }

  /** Open the pairs of other processes, and bring those together that were left for long, where there are many. */
  #openOthers(length: number): void {
    const pairs = listPairs(this.#folder).filter(({ id }) => id !== this.#ownPair.pair.id);
    for (const pair of pairs) {
      const file = openIfThere(pair, length);
      if (file === undefined) continue;
      if (pairs.length <= MANY_PAIRS || !isLeft(pair)) {
        this.#add(file);
        continue;
      }
      this.#copy(file, length);
      file.close();
      removePair(this.#folder, pair);
    }
  }

  /** Append what a file holds to our own. What is damaged is left behind: it will be made again. */
  #copy(file: RecordFile, length: number): void {
    const record = new Float32Array(length);
    for (const [key, entry] of file.entries())
      if (!this.#entries.has(key) && file.read(entry, record))
        this.#entries.set(key, this.#own.append(key, record));
  }

  /** A folder that cannot be used is no dead end. */
  #withWayOn(error: unknown): unknown {
    if (!(error instanceof XrayError) || !error.code.startsWith("file/")) return error;
    const { name, without } = this.#kind;
    const wayOn = `put the cache elsewhere with MEDICAL_X_CACHE, or ${without}`;
    return new XrayError(error.code, `${error.message}; ${wayOn}`, { ...error.details, cache: name }, error);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /**
   * Make sure that so many more records fit on the disk.
   *
   * @throws  XrayError `…/no-space` that names both sizes.
   */
  checkSpace(records: number): void {
    const { bavail, bsize } = statfsSync(this.#folder);
    const [needed, free] = [records * this.#recordBytes, bavail * bsize];
    if (needed <= free) return;
    const { name, without } = this.#kind;
    throw new XrayError(
      CODES[name].noSpace,
      `${this.#folder}: the ${name} of ${counted(records, "image")} need ${byteSize(needed)}, but only ${byteSize(free)} are free; ` +
        `put the cache elsewhere with MEDICAL_X_CACHE, or ${without}`,
      { folder: this.#folder, needed, free },
    );
  }

  /** Append a record. Throws `file/not-accessible` when the disk is full; what was there stays whole. */
  append(key: string, record: Float32Array): void {
    try {
      this.#entries.set(key, this.#own.append(key, record));
    } catch (error) {
      throw this.#withWayOn(fileError(this.#folder, error));
    }
  }

  /**
   * Read a record into `into`. Its checksum is compared when it is first read.
   *
   * @throws  XrayError `…/damaged` that names the folder to remove.
   */
  read(key: string, into: Float32Array): void {
    const entry = this.#entries.get(key);
    if (entry?.file.read(entry, into) === true) return;
    const { name } = this.#kind;
    throw new XrayError(
      CODES[name].damaged,
      `${this.#folder}: the cached ${name} are damaged; remove this folder, and they will be computed again`,
      { folder: this.#folder, key },
    );
  }

  close(): void {
    for (const file of this.#files) file.close();
    this.#ownPair.release();
  }
}
