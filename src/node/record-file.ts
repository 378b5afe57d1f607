/**
 * Fixed-size records in two append-only files: `records.bin` holds one record after another, and `index.ndjson` one
 * line for each, with its key and checksum. A record is written before its line. So after a kill at any moment, the
 * lines refer only to records that exist, and a torn end of either file is cut off when the files are next opened for
 * writing.
 *
 * Knows: files. Not who may write to them.
 */

import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { bytesOf } from "../tensor.ts";

/** The location of a record, and its checksum. */
export interface RecordEntry {
  readonly file: RecordFile;
  readonly at: number;
  readonly crc: number;
}

/** A line of the index; undefined if it is torn or not ours. */
function parseLine(line: string): readonly [key: string, crc: number] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isEntry = Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "number";
    return isEntry ? [value[0], value[1]] : undefined;
  } catch {
    return undefined;
  }
}

/** The complete lines of the index, at most `records`, and how many bytes they take. */
function parseIndex(text: string, records: number) {
  const lines: (readonly [key: string, crc: number])[] = [];
  let bytes = 0;
  for (const line of text.split("\n").slice(0, -1)) {
    const entry = parseLine(line);
    if (entry === undefined || lines.length >= records) break;
    lines.push(entry);
    bytes += Buffer.byteLength(line) + 1;
  }
  return { lines, bytes };
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** One pair of files, opened. Methods throw what the system throws. */
export class RecordFile {
  readonly #recordBytes: number;
  readonly #data: number;
  readonly #index: number;
  readonly #checked = new Set<number>();
  readonly #found: readonly (readonly [key: string, crc: number])[];
  #count: number;

  /**
   * @param length   Numbers per record.
   * @param isOwner  Whether this process writes here. If so, torn ends are cut off; otherwise they are ignored.
   */
  constructor(data: string, index: string, length: number, isOwner: boolean) {
    this.#recordBytes = length * 4;
    const flags = isOwner ? "a+" : "r";
    this.#data = openSync(data, flags);
    try {
      this.#index = openSync(index, flags);
    } catch (error) {
      closeSync(this.#data);
      throw error;
    }
    const records = Math.floor(fstatSync(this.#data).size / this.#recordBytes);
    const { lines, bytes } = parseIndex(readFileSync(index, "utf8"), records);
    if (isOwner) {
      ftruncateSync(this.#data, lines.length * this.#recordBytes);
      ftruncateSync(this.#index, bytes);
    }
    this.#found = lines;
    this.#count = lines.length;
  }

  /** The records that existed when the files were opened. */
  entries(): (readonly [key: string, entry: RecordEntry])[] {
    return this.#found.map(([key, crc], at) => [key, { file: this, at, crc }] as const);
  }

  append(key: string, record: Float32Array): RecordEntry {
    const bytes = bytesOf(record);
    const crc = crc32(bytes);
    writeAll(this.#data, bytes);
    writeAll(this.#index, Buffer.from(`${JSON.stringify([key, crc])}\n`));
    const at = this.#count;
    this.#count += 1;
    return { file: this, at, crc };
  }

  /** Read a record. Returns false if it is damaged. The checksum is verified on the first read only. */
  read({ at, crc }: RecordEntry, into: Float32Array): boolean {
    const bytes = bytesOf(into);
    if (readSync(this.#data, bytes, 0, bytes.length, at * this.#recordBytes) !== bytes.length) return false;
    if (!this.#checked.has(at) && crc32(bytes) !== crc) return false;
    this.#checked.add(at);
    return true;
  }

  close(): void {
    closeSync(this.#data);
    closeSync(this.#index);
  }
}
