/**
 * Interprets a server's response: the version of the file, where its bytes belong, and how many there are in total.
 *
 * Knows:      HTTP headers. Not connections or files.
 * Reference:  RFC 9110, 14.4 (Content-Range), 8.8.3 (ETag), 13.1.5 (If-Range).
 */

import type { Response } from "undici";
import type { PartNote } from "./part-file.ts";

/** The version that a response belongs to. Compressed responses cannot be resumed, since offsets count other bytes. */
export function noteOf(url: string, response: Response, total: number | undefined): PartNote {
  const etag = response.headers.get("etag");
  const strong = etag?.startsWith('"') ? etag : null;
  const isEncoded = response.headers.get("content-encoding") !== null;
  const validator = isEncoded ? null : (strong ?? response.headers.get("last-modified"));
  return { url, validator, total: total ?? null };
}

/** Where in the file the body of a response begins, and the size of the whole file. */
interface Layout {
  readonly start: number;
  readonly total: number | undefined;
}

export function layoutOf(response: Response): Layout | undefined {
  const count = (text: string): number | undefined =>
    Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
  if (response.status !== 206) {
    const length = response.headers.get("content-length");
    const isEncoded = response.headers.get("content-encoding") !== null;
    return { start: 0, total: length === null || isEncoded ? undefined : count(length) };
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "");
  if (range === null) return undefined;
  return { start: Number(range[1]), total: range[2] === "*" ? undefined : count(range[2]!) };
}
