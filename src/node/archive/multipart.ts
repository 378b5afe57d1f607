/**
 * Bodies of several parts (multipart/related), as DICOMweb sends and takes files.
 *
 * Knows:      bytes and header lines. Not HTTP, nor what is in the parts.
 * Reference:  RFC 2046, 5.1; RFC 2387; DICOM PS3.18, 8.6.1.
 */

import { randomBytes } from "node:crypto";

/** A part of a body. */
export interface Part {
  /** Its media type in lower case, without parameters; empty if it has none. */
  readonly type: string;
  /** A view of the body. */
  readonly bytes: Uint8Array;
}

/** What is wrong with a body; the caller knows whose it is. */
export class MultipartFault extends Error {}

/** RFC 2046 allows 70 characters; servers have been seen to use more. */
const MOST_BOUNDARY = 200;
const MOST_HEADER_BYTES = 16 * 1024;

/** A media type's name in lower case, without parameters. */
export const mediaType = (header: string): string => (header.split(";")[0] ?? "").trim().toLowerCase();

/** The boundary that a Content-Type names. */
function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain ?? "";
  if (boundary === "" || boundary.length > MOST_BOUNDARY)
    throw new MultipartFault("its Content-Type names no boundary between the parts");
  return boundary;
}

const CR = 13;
const LF = 10;

/** Where a line that begins at `at` goes on after its blanks and its end; undefined if it has something else. */
function afterLineEnd(body: Buffer, at: number): number | undefined {
  let next = at;
  while (body[next] === 32 || body[next] === 9) next++;
  if (body[next] === CR && body[next + 1] === LF) return next + 2;
  return body[next] === LF ? next + 1 : undefined;
}

/** A part from what stands between two delimiters: header lines, an empty line, the content. */
function partOf(piece: Buffer): Part {
  if (piece.length >= 2 && piece[0] === CR && piece[1] === LF) return { type: "", bytes: piece.subarray(2) };
  const blank = piece.subarray(0, MOST_HEADER_BYTES).indexOf("\r\n\r\n");
  if (blank < 0) throw new MultipartFault("a part's headers do not end");
  const headers = piece.toString("latin1", 0, blank).split("\r\n");
  const type = headers.find((line) => /^content-type\s*:/i.test(line)) ?? "";
  return { type: mediaType(type.slice(type.indexOf(":") + 1)), bytes: piece.subarray(blank + 4) };
}

/**
 * Take a body apart.
 *
 * @param contentType  The header, with the boundary.
 * @param most         How many parts are read; more are a fault.
 * @throws             MultipartFault, also if the last delimiter is missing, since something is missing then.
 */
export function partsOf(bytes: Uint8Array, contentType: string, most: number): Part[] {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const delimiter = Buffer.from(`--${boundaryOf(contentType)}`, "latin1");
  const parts: Part[] = [];
  let begin: number | undefined;
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + 1)) {
    const isAtLine = at === 0 || body[at - 1] === LF;
    if (!isAtLine) continue;
    const after = at + delimiter.length;
    const isLast = body[after] === 45 && body[after + 1] === 45;
    const next = isLast ? after + 2 : afterLineEnd(body, after);
    if (next === undefined) continue;
    if (begin !== undefined) {
      // The line end before a delimiter belongs to it.
      const end = body[at - 2] === CR ? at - 2 : at - 1;
      if (parts.length === most) throw new MultipartFault(`it has more than ${most} parts`);
      parts.push(partOf(body.subarray(begin, Math.max(begin, end))));
    }
    if (isLast) return parts;
    begin = next;
  }
  throw new MultipartFault(
    begin === undefined ? "it has no parts between its boundaries" : "it ends before its last part does",
  );
}

/** A body of files, and its Content-Type. */
export function multipartBody(
  files: readonly Uint8Array[],
  type: string,
): { readonly contentType: string; readonly pieces: readonly Uint8Array[] } {
  const boundary = randomBytes(24).toString("hex");
  const line = (text: string) => Buffer.from(text, "latin1");
  const pieces = files.flatMap((file) => [
    line(`--${boundary}\r\nContent-Type: ${type}\r\n\r\n`),
    file,
    line("\r\n"),
  ]);
  return {
    contentType: `multipart/related; type="${type}"; boundary=${boundary}`,
    pieces: [...pieces, line(`--${boundary}--\r\n`)],
  };
}
