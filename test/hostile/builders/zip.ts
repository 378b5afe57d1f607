/**
 * A zip assembler in which every field can lie.
 *
 * Reference: PKWARE APPNOTE.TXT 6.3.10.
 */

import { deflateRawSync } from "node:zlib";
import { crc32 } from "../../../src/formats/crc32.ts";
import { concat, u16, u32, u64, utf8 } from "./bytes.ts";

/** One entry. All but name and bytes default to the truth. */
export interface EntrySpec {
  readonly name: string | Uint8Array;
  /** What is stored in the archive: already compressed where `method` says so. */
  readonly bytes: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly compressedSize?: number;
  readonly headerOffset?: number;
  /** Extra field of the directory's record. */
  readonly extra?: Uint8Array;
  /** No local header and no body: the entry lies where `headerOffset` says. */
  readonly isGhost?: boolean;
}

/** What the record at the end claims. All fields default to the truth. */
export interface EndSpec {
  readonly count?: number;
  readonly directoryOffset?: number;
  readonly comment?: Uint8Array;
  /** Bytes between the directory and the end record: zip64 records, say. */
  readonly beforeEnd?: (directoryAt: number, end: number) => Uint8Array;
}

const nameOf = ({ name }: EntrySpec): Uint8Array => (typeof name === "string" ? utf8(name) : name);

/** Method, flags, time, crc and the two sizes, which both headers have alike. */
function common(entry: EntrySpec): Uint8Array {
  const { bytes, method = 0, flags = 0, crc = crc32(bytes) } = entry;
  const sizes = concat(u32(entry.compressedSize ?? bytes.length), u32(entry.size ?? bytes.length));
  return concat(u16(20), u16(flags), u16(method), u32(0), u32(crc), sizes);
}

/** Put an archive together. */
export function zipOf(entries: readonly EntrySpec[], end: EndSpec = {}): Uint8Array {
  const bodies: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const entry of entries) {
    const name = nameOf(entry);
    const extra = entry.extra ?? new Uint8Array(0);
    const offset = entry.headerOffset ?? at;
    directory.push(
      concat(u32(0x02014b50), u16(20), common(entry), u16(name.length), u16(extra.length)),
      concat(u16(0), u16(0), u16(0), u32(0), u32(offset), name, extra),
    );
    if (entry.isGhost) continue;
    const local = concat(u32(0x04034b50), common(entry), u16(name.length), u16(0), name, entry.bytes);
    bodies.push(local);
    at += local.length;
  }
  const directoryBytes = concat(...directory);
  const middle = end.beforeEnd?.(at, at + directoryBytes.length) ?? new Uint8Array(0);
  const comment = end.comment ?? new Uint8Array(0);
  const count = end.count ?? entries.length;
  const record = concat(u32(0x06054b50), u32(0), u16(count), u16(count), u32(directoryBytes.length));
  const tail = concat(record, u32(end.directoryOffset ?? at), u16(comment.length), comment);
  return concat(...bodies, directoryBytes, middle, tail);
}

/** An entry that is deflated, and truthful unless overruled. */
export function deflated(
  name: string,
  plain: Uint8Array,
  lies: Partial<EntrySpec> & { readonly level?: number } = {},
): EntrySpec {
  const { level = 9, ...rest } = lies;
  const bytes = deflateRawSync(plain, { level });
  return { name, bytes, method: 8, size: plain.length, crc: crc32(plain), ...rest };
}

/** The zip64 end record and its locator, with a count and an offset of choice. */
export function zip64Records(
  count: number | bigint,
  offset: number | bigint,
  recordAt: number | bigint,
): Uint8Array {
  const record = concat(u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), u64(count), u64(count));
  return concat(record, u64(0), u64(offset), u32(0x07064b50), u32(0), u64(recordAt), u32(1));
}

/** Extra field 0x0001 with these 64-bit numbers. */
export function zip64Extra(...values: readonly (number | bigint)[]): Uint8Array {
  const body = concat(...values.map(u64));
  return concat(u16(1), u16(body.length), body);
}
