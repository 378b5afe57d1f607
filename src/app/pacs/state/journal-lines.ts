/**
 * Reads a journal from its beginning, in pieces, so that its length does not matter.
 *
 * Knows: bytes of an open file, and lines.
 */

import { readSync } from "node:fs";
import { XrayError } from "../../../errors.ts";
import { eventOf, type StateEvent } from "./events.ts";

const PIECE = 1 << 20;
const NEWLINE = 10;

/** Read bytes at an offset, fewer at the end of the file. Throws what the system throws. */
function piece(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, at));
}

/** The bytes of each line without its end, and where it begins. A last line without an end is left out. */
function* linesOf(file: number): Generator<readonly [line: Buffer, offset: number]> {
  let rest: Buffer = Buffer.alloc(0);
  for (let at = 0; ; ) {
    const read = piece(file, at, PIECE);
    if (read.length === 0) return;
    const start = at - rest.length;
    at += read.length;
    const bytes = rest.length === 0 ? read : Buffer.concat([rest, read]);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      yield [bytes.subarray(from, end), start + from];
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
}

/**
 * Read all events.
 *
 * @param path     The journal's name, for messages.
 * @param file     Its descriptor.
 * @param onEvent  Gets each event, and the offset of its line in bytes.
 * @returns        The offset behind the last whole line. What follows was being written when a process was killed.
 * @throws         XrayError `pacs/bad-state` if a line before the last one is damaged, or if it is no journal. Otherwise what the system throws.
 */
export function readEvents(
  path: string,
  file: number,
  onEvent: (event: StateEvent, offset: number) => void,
): number {
  let end = 0;
  let number = 0;
  let damaged: { readonly number: number } | undefined;
  for (const [line, offset] of linesOf(file)) {
    if (damaged !== undefined)
      throw new XrayError(
        "pacs/bad-state",
        `${path}: line ${damaged.number} is damaged; restore the folder from a backup, or name a new one: results that the archive has are then made again under the same UIDs`,
        { file: path, line: damaged.number },
      );
    number += 1;
    const event = eventOf(line.toString("utf8"));
    if (event === undefined) {
      damaged = { number };
      continue;
    }
    onEvent(event, offset);
    end = offset + line.length + 1;
  }
  if (end === 0) checkBeginning(path, file);
  return end;
}

/** How every journal begins. */
const BEGINNING = Buffer.from('{"event":"state",');

/**
 * Check that a file without a whole line is the beginning of a journal: it may be cut anywhere, or hold zeros, as a power
 * failure leaves.
 *
 * @throws  XrayError `pacs/bad-state`.
 */
function checkBeginning(path: string, file: number): void {
  const found = piece(file, 0, BEGINNING.length);
  if (found.every((byte, i) => byte === 0 || byte === BEGINNING[i])) return;
  const message = `${path}: this is not the journal of a state folder; restore the folder from a backup, or name a new one`;
  throw new XrayError("pacs/bad-state", message, { file: path });
}

/** The event whose line begins at an offset. Throws what the system throws. */
export function readEventAt(file: number, offset: number): StateEvent | undefined {
  for (let length = 4096; ; length *= 4) {
    const bytes = piece(file, offset, length);
    const end = bytes.indexOf(NEWLINE);
    if (end >= 0) return eventOf(bytes.toString("utf8", 0, end));
    if (bytes.length < length) return undefined;
  }
}
