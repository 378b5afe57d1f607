/**
 * Records of one size on disk, by key: what a frozen network made of each image.
 *
 * Two files that only grow: `records.bin`, the records one behind the other, and `index.ndjson`, a line for each with
 * its key and its checksum. A record is written before its line; so after a kill at any moment the lines name only
 * records that are there, and what is torn at either end is cut off when the store is opened.
 *
 * Knows: files. Not networks or images.
 */

import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statfsSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { XrayError } from "../errors.ts";
import { bytesOf } from "../tensor.ts";
import { fileError } from "./files.ts";

/** Where a record is, and its checksum. */
interface Entry {
  readonly at: number;
  readonly crc: number;
}

/** A line of the index; undefined where it is torn or not ours. */
function parseLine(line: string): readonly [key: string, crc: number] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isEntry = Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "number";
    return isEntry ? [value[0], value[1]] : undefined;
  } catch {
    return undefined;
  }
}

/** The index's whole lines, at most `records`, and how many bytes they take. */
function parseIndex(text: string, records: number) {
  const entries = new Map<string, Entry>();
  let count = 0;
  let bytes = 0;
  for (const line of text.split("\n").slice(0, -1)) {
    const entry = parseLine(line);
    if (entry === undefined || count >= records) break;
    entries.set(entry[0], { at: count, crc: entry[1] });
    bytes += Buffer.byteLength(line) + 1;
    count += 1;
  }
  return { entries, count, bytes };
}

/** Records of float32, each of the same length. One process at a time may write to a store. */
export class FeatureStore {
  readonly #folder: string;
  readonly #recordBytes: number;
  readonly #data: number;
  readonly #index: number;
  readonly #entries: Map<string, Entry>;
  readonly #checked = new Set<number>();
  #count: number;

  /**
   * Open a store, or begin one.
   *
   * @param length  Numbers of a record.
   * @throws        XrayError `file/not-accessible`.
   */
  constructor(folder: string, length: number) {
    this.#folder = folder;
    this.#recordBytes = length * 4;
    try {
      mkdirSync(folder, { recursive: true });
      const [data, index] = [join(folder, "records.bin"), join(folder, "index.ndjson")];
      this.#data = openSync(data, "a+");
      this.#index = openSync(index, "a+");
      const records = Math.floor(fstatSync(this.#data).size / this.#recordBytes);
      const { entries, count, bytes } = parseIndex(readFileSync(index, "utf8"), records);
      ftruncateSync(this.#data, count * this.#recordBytes);
      ftruncateSync(this.#index, bytes);
      this.#entries = entries;
      this.#count = count;
    } catch (error) {
      throw fileError(folder, error);
    }
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /**
   * Make sure that so many more records fit on the disk.
   *
   * @throws  XrayError `features/no-space` that names both sizes.
   */
  checkSpace(records: number): void {
    const { bavail, bsize } = statfsSync(this.#folder);
    const [needed, free] = [records * this.#recordBytes, bavail * bsize];
    if (needed <= free) return;
    const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
    throw new XrayError(
      "features/no-space",
      `${this.#folder}: the features of ${records} images need ${gigabytes(needed)}, and ${gigabytes(free)} are free. ` +
        "Put the cache elsewhere with MEDICAL_X_CACHE, or train without it: --feature-cache off",
      { folder: this.#folder, needed, free },
    );
  }

  /** Append a record. Throws `file/not-accessible` when the disk is full; what was there stays whole. */
  append(key: string, record: Float32Array): void {
    const bytes = bytesOf(record);
    try {
      this.#writeAll(this.#data, bytes);
      this.#writeAll(this.#index, Buffer.from(`${JSON.stringify([key, crc32(bytes)])}\n`));
    } catch (error) {
      throw fileError(this.#folder, error);
    }
    this.#entries.set(key, { at: this.#count, crc: crc32(bytes) });
    this.#count += 1;
  }

  #writeAll(file: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
  }

  /**
   * Read a record into `into`. Its checksum is compared when it is first read.
   *
   * @throws  XrayError `features/damaged` that names the folder to remove.
   */
  read(key: string, into: Float32Array): void {
    const entry = this.#entries.get(key);
    const bytes = bytesOf(into);
    const read =
      entry === undefined ? 0 : readSync(this.#data, bytes, 0, bytes.length, entry.at * this.#recordBytes);
    const isNew = entry !== undefined && !this.#checked.has(entry.at);
    if (entry === undefined || read !== bytes.length || (isNew && crc32(bytes) !== entry.crc)) {
      throw new XrayError(
        "features/damaged",
        `${this.#folder}: the cached features are damaged; remove this folder, and they will be made again`,
        { folder: this.#folder, key },
      );
    }
    this.#checked.add(entry.at);
  }

  close(): void {
    closeSync(this.#data);
    closeSync(this.#index);
  }
}
