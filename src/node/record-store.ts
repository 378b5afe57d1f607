/**
 * Records of one size on disk, by key: what a network made of each image.
 *
 * Several processes may use a store at once. Each writes to a pair of files of its own and reads all pairs that were
 * there when it opened the store; a pair whose process has ended is written on by the next one.
 *
 * Knows: a folder of `record-file.ts`'s pairs. Not networks or images.
 */

import { existsSync, mkdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { XrayError } from "../errors.ts";
import { claim, unclaim } from "./claim.ts";
import { fileError } from "./files.ts";
import { type RecordEntry, RecordFile } from "./record-file.ts";

/** So many processes at once; more is a mistake somewhere. */
const MOST_PAIRS = 1000;

/** The files of a pair, and of the claim to it. */
function pairNames(folder: string, n: number) {
  const ending = n === 0 ? "" : `-${n}`;
  const name = (start: string, end: string) => join(folder, `${start}${ending}.${end}`);
  return { data: name("records", "bin"), index: name("index", "ndjson"), lock: name("records", "lock") };
}

const inWords = (bytes: number): string =>
  bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

/** What records are of, for messages. */
export interface RecordKind {
  /** `features`; also the first part of errors' codes. */
  readonly name: "features" | "predictions";
  /** How to do without them: `train without it: --feature-cache off`. */
  readonly without: string;
}

/** Records of float32, each of the same length. */
export class RecordStore {
  readonly #folder: string;
  readonly #kind: RecordKind;
  readonly #recordBytes: number;
  readonly #entries = new Map<string, RecordEntry>();
  readonly #files: RecordFile[] = [];
  readonly #own: RecordFile;
  readonly #lock: string;

  /**
   * Open a store, or begin one.
   *
   * @param length  Numbers of a record.
   * @throws        XrayError `file/not-accessible`, and of the kind's name `…/in-use`.
   */
  constructor(folder: string, length: number, kind: RecordKind) {
    this.#folder = folder;
    this.#kind = kind;
    this.#recordBytes = length * 4;
    try {
      mkdirSync(folder, { recursive: true });
      const { own, lock } = this.#openAll(length);
      this.#own = own;
      this.#lock = lock;
    } catch (error) {
      for (const file of this.#files) file.close();
      throw this.#withWayOn(fileError(folder, error));
    }
  }

  /** A folder that cannot be used is no dead end. */
  #withWayOn(error: unknown): unknown {
    if (!(error instanceof XrayError) || !error.code.startsWith("file/")) return error;
    const wayOn = `Put the cache elsewhere with MEDICAL_X_CACHE, or ${this.#kind.without}`;
    return new XrayError(error.code, `${error.message}. ${wayOn}`, error.details, error);
  }

  /** Open all pairs there are, and own the first that is free. */
  #openAll(length: number): { own: RecordFile; lock: string } {
    let own: RecordFile | undefined;
    let ownLock = "";
    for (let n = 0; n < MOST_PAIRS; n++) {
      const { data, index, lock } = pairNames(this.#folder, n);
      const isThere = existsSync(data) && existsSync(index);
      if (own !== undefined && !isThere) break;
      const isOwner = own === undefined && claim(lock);
      if (!isOwner && !isThere) continue;
      const file = new RecordFile(data, index, length, isOwner);
      this.#files.push(file);
      for (const [key, entry] of file.entries()) this.#entries.set(key, entry);
      if (isOwner) [own, ownLock] = [file, lock];
    }
    if (own !== undefined) return { own, lock: ownLock };
    const { name } = this.#kind;
    throw new XrayError(`${name}/in-use`, `${this.#folder}: too many processes use these ${name}`, {
      folder: this.#folder,
    });
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
      `${name}/no-space`,
      `${this.#folder}: the ${name} of ${records} images need ${inWords(needed)}, and ${inWords(free)} are free. ` +
        `Put the cache elsewhere with MEDICAL_X_CACHE, or ${without}`,
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
      `${name}/damaged`,
      `${this.#folder}: the cached ${name} are damaged; remove this folder, and they will be made again`,
      { folder: this.#folder, key },
    );
  }

  close(): void {
    for (const file of this.#files) file.close();
    unclaim(this.#lock);
  }
}
