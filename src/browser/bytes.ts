/**
 * Reads bytes from the sources that a page has: memory, chosen files, URLs.
 *
 * Knows: fetch and blobs. Not what is in the bytes.
 */

import { XrayError } from "../errors.ts";
import { byteSize } from "../text.ts";

/** A source that a page may pass. A string is a URL, relative to the page. */
export type BrowserSource = Uint8Array | ArrayBuffer | Blob | URL | string;

/** A source as it is sent to a worker: with a name for people if it has one, and with an absolute URL. */
export interface NamedSource {
  /** A file's name, or a URL as it was given; undefined for bytes. */
  readonly name: string | undefined;
  readonly data: Uint8Array | Blob | string;
}

const fileName = (blob: Blob): string | undefined =>
  "name" in blob && typeof blob.name === "string" ? blob.name : undefined;

/**
 * Name a source. To be called on the page, since URLs are relative to it. Throws XrayError `file/not-found` for a bad
 * URL.
 */
export function nameSource(source: BrowserSource): NamedSource {
  if (source instanceof Uint8Array) return { name: undefined, data: source };
  if (source instanceof ArrayBuffer) return { name: undefined, data: new Uint8Array(source) };
  if (source instanceof Blob) return { name: fileName(source), data: source };
  const name = String(source);
  try {
    return { name, data: new URL(name, globalThis.location.href).href };
  } catch (error) {
    throw new XrayError(
      "file/not-found",
      `${name}: this is not a URL; give the address of a file, or its bytes`,
      { file: name },
      error,
    );
  }
}

function checkSize(file: string, size: number, limit: number): void {
  if (size <= limit) return;
  const message = `${file}: it has ${byteSize(size)}, but at most ${byteSize(limit)} are read`;
  throw new XrayError("file/too-large", message, { file, size, limit });
}

async function fetchBytes(file: string, url: string, limit: number): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    const message = `${file}: it cannot be fetched; check the address and the network, and that its server lets this page read it (CORS: the header Access-Control-Allow-Origin)`;
    throw new XrayError("file/not-accessible", message, { file, url }, error);
  }
  const { ok, status } = response;
  if (!ok) {
    const isMissing = status === 404 || status === 410;
    const message = `${file}: ${isMissing ? "there is no such file; check the address" : `the server answered ${status}; try again later, or use another address`}`;
    throw new XrayError(isMissing ? "file/not-found" : "file/not-accessible", message, { file, url, status });
  }
  checkSize(file, Number(response.headers.get("Content-Length") ?? 0), limit);
  return allBytes(file, response, limit);
}

async function allBytes(file: string, source: Blob | Response, limit: number): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await source.arrayBuffer());
  } catch (error) {
    const message = `${file}: it cannot be read to its end, because it changed or the connection was lost; try again`;
    throw new XrayError("file/not-accessible", message, { file }, error);
  }
  checkSize(file, bytes.length, limit);
  return bytes;
}

/**
 * Read all bytes of a source.
 *
 * @param limit  In bytes. A larger source is refused, before it is read if its size is known.
 * @throws       XrayError `file/not-found`, `file/not-accessible`, `file/too-large`.
 */
export async function readSource({ name, data }: NamedSource, limit: number): Promise<Uint8Array> {
  if (data instanceof Uint8Array) return data;
  const file = name ?? "file";
  if (typeof data === "string") return fetchBytes(file, data, limit);
  checkSize(file, data.size, limit);
  return allBytes(file, data, limit);
}
