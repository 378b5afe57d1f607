/**
 * Writing zip archives of stored entries, as `torch.save` lays them out.
 *
 * Knows:      the zip container, without zip64. Not what is inside.
 * Reference:  PKWARE APPNOTE.TXT 6.3.10; torch/csrc/jit/serialization (64-byte alignment by the extra field "FB").
 */

import { XrayError } from "../errors.ts";
import { crc32 } from "./crc32.ts";

const END_LENGTH = 22;

/** One entry to be written. */
interface ZipInput {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const ALIGNMENT = 64;

function record(length: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  fill(new DataView(bytes.buffer));
  return bytes;
}

function localHeader(name: Uint8Array, entry: ZipInput, crc: number, padding: number): Uint8Array {
  const header = record(30 + name.length + padding, (view) => {
    view.setUint32(0, 0x04034b50, true);
    view.setUint16(4, 20, true);
    view.setUint32(14, crc, true);
    view.setUint32(18, entry.bytes.length, true);
    view.setUint32(22, entry.bytes.length, true);
    view.setUint16(26, name.length, true);
    view.setUint16(28, padding, true);
    // The extra field "FB", which PyTorch uses for alignment, too.
    view.setUint16(30 + name.length, 0x4246, true);
    view.setUint16(32 + name.length, padding - 4, true);
  });
  header.set(name, 30);
  return header;
}

function directoryHeader(name: Uint8Array, entry: ZipInput, crc: number, offset: number): Uint8Array {
  const header = record(46 + name.length, (view) => {
    view.setUint32(0, 0x02014b50, true);
    view.setUint16(4, 20, true);
    view.setUint16(6, 20, true);
    view.setUint32(16, crc, true);
    view.setUint32(20, entry.bytes.length, true);
    view.setUint32(24, entry.bytes.length, true);
    view.setUint16(28, name.length, true);
    view.setUint32(42, offset, true);
  });
  header.set(name, 46);
  return header;
}

/**
 * Write stored entries, with each body aligned to 64 bytes as in PyTorch's archives.
 *
 * @returns  The archive's pieces in order; the bodies are not copied.
 * @throws   XrayError `zip/too-large` if the archive would need zip64: over 4 GiB, or over 65,534 entries.
 */
export function zipPieces(entries: readonly ZipInput[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const entry of entries) {
    const name = new TextEncoder().encode(entry.name);
    const crc = crc32(entry.bytes);
    const plain = at + 30 + name.length + 4;
    const padding = 4 + ((ALIGNMENT - (plain % ALIGNMENT)) % ALIGNMENT);
    directory.push(directoryHeader(name, entry, crc, at));
    pieces.push(localHeader(name, entry, crc, padding), entry.bytes);
    at += 30 + name.length + padding + entry.bytes.length;
  }
  const directoryLength = directory.reduce((sum, piece) => sum + piece.length, 0);
  if (at + directoryLength > 0xfffffffe || entries.length > 0xfffe) {
    throw new XrayError(
      "zip/too-large",
      "an archive over 4 GiB cannot be written; write safetensors instead",
    );
  }
  const end = record(END_LENGTH, (view) => {
    view.setUint32(0, 0x06054b50, true);
    view.setUint16(8, entries.length, true);
    view.setUint16(10, entries.length, true);
    view.setUint32(12, directoryLength, true);
    view.setUint32(16, at, true);
  });
  return [...pieces, ...directory, end];
}
