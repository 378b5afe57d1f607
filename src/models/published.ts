/**
 * Published checkpoints, recognised by their hash whatever the file is called.
 *
 * Knows: the catalogue's hashes. Not files or downloads.
 */

import { CATALOGUE, type CatalogueRow } from "./catalogue.ts";

const inHex = (digest: ArrayBuffer): string =>
  Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** SHA-256 of bytes, in hexadecimal; computed off the calling thread. */
export const sha256Of = async (bytes: Uint8Array): Promise<string> =>
  inHex(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));

/** git's blob id, in hexadecimal: the SHA-1 of `blob <size>\0` and the bytes. */
export async function gitBlobId(bytes: Uint8Array): Promise<string> {
  const head = new TextEncoder().encode(`blob ${bytes.length}\0`);
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  return inHex(await crypto.subtle.digest("SHA-1", whole));
}

/** The catalogue's row whose published git blob id matches a file; undefined if none does. */
export async function publishedRow(bytes: Uint8Array): Promise<CatalogueRow | undefined> {
  const id = await gitBlobId(bytes);
  return CATALOGUE.find(({ check }) => check.kind === "git-blob" && check.value === id);
}
