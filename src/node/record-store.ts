/**
 * Fixed-size records on disk, by key: the network's results for each image.
 *
 * Several processes, even on several hosts, may use a store at once. Each writes to its own pair of files and reads all
 * pairs that existed when it opened the store; `record-pairs.ts` decides who owns which pair.
 *
 * Knows: a folder of `record-file.ts`'s pairs. Not networks or images.
 */

import { statfsSync, statSync } from "node:fs";
import { type ErrorCode, XrayError } from "../errors.ts";
import { byteSize, counted } from "../text.ts";
import { fileError, systemCode } from "./files.ts";
import { makeFoldersSync } from "./make-folder.ts";
import { type RecordEntry, RecordFile } from "./record-file.ts";
import { listPairs, type OwnPair, ownPair, type RecordPair, removePair } from "./record-pairs.ts";

/** With more pairs than this, those that have long been unused are merged. */
const MANY_PAIRS = 32;
const LEFT_AFTER_MS = 30 * 24 * 3600 * 1000;

/** What the records hold, for messages. */
export interface RecordKind {
  readonly name: "features" | "predictions";
  /** How to do without the records: `train without it`. */
  readonly without: string;
}

/** The error codes for a full disk and for a damaged record. */
const CODES = {
  features: { noSpace: "features/no-space", damaged: "features/damaged" },
  predictions: { noSpace: "predictions/no-space", damaged: "predictions/damaged" },
} as const satisfies Readonly<Record<RecordKind["name"], Readonly<Record<string, ErrorCode>>>>;

/** Open a pair for reading; undefined if another process has removed it meanwhile. */
function openIfThere({ data, index }: RecordPair, length: number): RecordFile | undefined {
  try {
    return new RecordFile(data, index, length, false);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Whether nobody has written to a pair for a month. If its process is still running, it reads on and loses nothing. */
const isLeft = ({ index }: RecordPair): boolean =>
  Date.now() - (statSync(index, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > LEFT_AFTER_MS;

/** Records of float32 numbers, all of the same length. */
export class RecordStore {
  readonly #folder: string;
  readonly #kind: RecordKind;
  readonly #recordBytes: number;
  readonly #entries = new Map<string, RecordEntry>();
  readonly #files: RecordFile[] = [];
  readonly #own: RecordFile;
  readonly #ownPair: OwnPair;

  /**
   * Open a store, or create one.
   *
   * @param length  Numbers per record.
   * @throws        XrayError `file/not-accessible`.
   */
  constructor(folder: string, length: number, kind: RecordKind) {
    this.#folder = folder;
    this.#kind = kind;
    this.#recordBytes = length * 4;
    let own: OwnPair | undefined;
    try {
      makeFoldersSync(folder);
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

  /** Open the pairs of other processes. If there are many, merge those that have long been unused. */
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

  /** Append another file's records to our own. Damaged ones are left behind, to be computed again. */
  #copy(file: RecordFile, length: number): void {
    const record = new Float32Array(length);
    for (const [key, entry] of file.entries())
      if (!this.#entries.has(key) && file.read(entry, record))
        this.#entries.set(key, this.#own.append(key, record));
  }

  /** Add a way on to errors about a folder that cannot be used. */
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
   * Make sure that `records` more records fit on the disk.
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

  /** Append a record. Throws `file/not-accessible` if the disk is full; existing records stay intact. */
  append(key: string, record: Float32Array): void {
    try {
      this.#entries.set(key, this.#own.append(key, record));
    } catch (error) {
      throw this.#withWayOn(fileError(this.#folder, error));
    }
  }

  /**
   * Read a record into `into`. Its checksum is verified on the first read only.
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
