/**
 * Reading zip archives, as far as checkpoints use them. Writing is in `zip-write.ts`.
 *
 * Knows:      the zip container, including zip64. Not what is inside.
 * Reference:  PKWARE APPNOTE.TXT 6.3.10.
 *
 * Stored entries are returned as views of the archive. Deflated entries are inflated into a buffer of the size
 * that the directory declares. A budget for the whole archive keeps a small file from filling the memory.
 */

import { Inflate } from "fflate";
import { quote, XrayError } from "../errors.ts";
import { byteSize } from "../text.ts";
import { ByteReader, decodeText, startsWith } from "./bytes.ts";
import { crc32 } from "./crc32.ts";

const END_OF_DIRECTORY = "PK\x05\x06";
const END_OF_DIRECTORY_64 = "PK\x06\x06";
const LOCATOR_64 = "PK\x06\x07";
const END_LENGTH = 22;
const MAX_COMMENT = 65_535;
const MAX_ENTRIES = 100_000;
const INFLATE_BUDGET = 256 * 1024 * 1024;

/** Bytes inflated at a time. Deflate expands them about a thousandfold at most. */
const INFLATE_STEP = 16 * 1024;
const METHOD = { stored: 0, deflated: 8 };

/** One file of an archive. */
interface ZipEntry {
  readonly name: string;
  /** Size after decompression, as the directory declares it. */
  readonly size: number;
  readonly compressedSize: number;
  readonly method: number;
  readonly crc32: number;
  readonly headerOffset: number;
}

/** Whether the file begins like a zip archive that has an entry. */
export function isZip(bytes: Uint8Array): boolean {
  return startsWith(bytes, "PK\x03\x04");
}

function bad(problem: string, details: Record<string, unknown> = {}): XrayError {
  return new XrayError("zip/bad-archive", `this is not a readable zip archive: ${problem}`, details);
}

/** Where the central directory is, according to the record at the archive's end. */
function findDirectory(bytes: Uint8Array): { offset: number; count: number } {
  const lowest = Math.max(0, bytes.length - END_LENGTH - MAX_COMMENT);
  let end = bytes.length - END_LENGTH;
  while (end >= lowest && !startsWith(bytes, END_OF_DIRECTORY, end)) end -= 1;
  if (end < lowest) throw bad("its directory is missing; the file is cut short or damaged");
  const reader = new ByteReader(bytes, end + 10);
  const count = reader.u16();
  reader.u32();
  const offset = reader.u32();
  if (count !== 0xffff && offset !== 0xffffffff) return { offset, count };
  return findDirectory64(bytes, end);
}

function findDirectory64(bytes: Uint8Array, end: number): { offset: number; count: number } {
  if (!startsWith(bytes, LOCATOR_64, end - 20)) throw bad("its zip64 locator is missing");
  const record = new ByteReader(bytes, end - 12).u64();
  if (!startsWith(bytes, END_OF_DIRECTORY_64, record)) throw bad("its zip64 directory record is missing");
  const reader = new ByteReader(bytes, record + 32);
  const count = reader.u64();
  reader.u64();
  return { offset: reader.u64(), count };
}

/** Replace sizes and offsets that do not fit into 32 bits by those in extra field 0x0001. */
function widen(extra: Uint8Array, narrow: { size: number; compressedSize: number; headerOffset: number }) {
  const reader = new ByteReader(extra);
  while (reader.remaining >= 4) {
    const id = reader.u16();
    const body = new ByteReader(reader.take(reader.u16()));
    if (id !== 1) continue;
    return {
      size: narrow.size === 0xffffffff ? body.u64() : narrow.size,
      compressedSize: narrow.compressedSize === 0xffffffff ? body.u64() : narrow.compressedSize,
      headerOffset: narrow.headerOffset === 0xffffffff ? body.u64() : narrow.headerOffset,
    };
  }
  return narrow;
}

function readDirectoryEntry(reader: ByteReader): ZipEntry {
  if (reader.u32() !== 0x02014b50) throw bad("its directory is damaged", { at: reader.at - 4 });
  reader.take(4);
  const flags = reader.u16();
  const method = reader.u16();
  reader.take(4);
  const crc = reader.u32();
  const compressedSize = reader.u32();
  const size = reader.u32();
  const [nameLength, extraLength, commentLength] = [reader.u16(), reader.u16(), reader.u16()];
  reader.take(8);
  const headerOffset = reader.u32();
  const name = decodeText(reader.take(nameLength));
  const wide = widen(reader.take(extraLength), { size, compressedSize, headerOffset });
  reader.take(commentLength);
  if (flags & 1) throw bad(`${quote(name)} is encrypted`, { name });
  return { name, method, crc32: crc, ...wide };
}

/** Inflate an entry, and refuse it unless it has exactly as many bytes as the directory declares. */
function inflate(entry: ZipEntry, packed: Uint8Array): Uint8Array {
  const out = new Uint8Array(entry.size);
  const wrongSize = () =>
    bad(`${quote(entry.name)} unpacks to another size than declared`, { name: entry.name });
  let at = 0;
  let isComplete = false;
  const stream = new Inflate((chunk, final) => {
    if (at + chunk.length > out.length) throw wrongSize();
    out.set(chunk, at);
    at += chunk.length;
    isComplete ||= final;
  });
  try {
    for (let from = 0; from < packed.length && !isComplete; from += INFLATE_STEP) {
      stream.push(packed.subarray(from, from + INFLATE_STEP), from + INFLATE_STEP >= packed.length);
    }
  } catch (error) {
    if (error instanceof XrayError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw bad(`${quote(entry.name)} does not decompress: ${reason}`, { name: entry.name });
  }
  if (at !== out.length) throw wrongSize();
  return out;
}

/** A zip archive in memory. */
export class ZipArchive {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly #bytes: Uint8Array;
  #budget = INFLATE_BUDGET;

  /** Read the directory. Throws `zip/bad-archive`, `format/…`. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const { offset, count } = findDirectory(bytes);
    if (count > MAX_ENTRIES)
      throw bad(`it lists ${count} entries; at most ${MAX_ENTRIES} are read`, { count });
    const reader = new ByteReader(bytes, Math.min(offset, bytes.length));
    const entries = new Map<string, ZipEntry>();
    for (let i = 0; i < count; i++) {
      const entry = readDirectoryEntry(reader);
      if (entries.has(entry.name)) throw bad(`${quote(entry.name)} is listed twice`, { name: entry.name });
      entries.set(entry.name, entry);
    }
    this.entries = entries;
  }

  /**
   * The bytes of one entry: a view if it is stored, a new array if it is deflated.
   *
   * @param verify  Also check the CRC-32, which takes about a millisecond per megabyte.
   * @throws        XrayError `zip/bad-archive`, `zip/too-large`, `format/truncated`.
   */
  read(entry: ZipEntry, verify = false): Uint8Array {
    const header = new ByteReader(this.#bytes, Math.min(entry.headerOffset, this.#bytes.length));
    if (header.u32() !== 0x04034b50)
      throw bad(`the header of ${quote(entry.name)} is damaged`, { name: entry.name });
    header.take(22);
    const [nameLength, extraLength] = [header.u16(), header.u16()];
    header.take(nameLength + extraLength);
    const body = this.#unpack(entry, header.take(entry.compressedSize));
    if (verify && crc32(body) !== entry.crc32) {
      throw bad(`the checksum of ${quote(entry.name)} is wrong; the file is damaged`, { name: entry.name });
    }
    return body;
  }

  #unpack(entry: ZipEntry, packed: Uint8Array): Uint8Array {
    if (entry.method === METHOD.stored) {
      if (entry.size !== packed.length)
        throw bad(`the sizes of ${quote(entry.name)} disagree`, { name: entry.name });
      return packed;
    }
    if (entry.method !== METHOD.deflated) {
      throw bad(`${quote(entry.name)} is compressed by method ${entry.method}, which is not read`, {
        name: entry.name,
      });
    }
    this.#budget -= entry.size;
    if (this.#budget < 0) {
      throw new XrayError(
        "zip/too-large",
        `${quote(entry.name)} would unpack to ${byteSize(entry.size)}, but an archive may unpack to ${byteSize(INFLATE_BUDGET)} in all; save the weights alone`,
        { name: entry.name, size: entry.size },
      );
    }
    return inflate(entry, packed);
  }
}
