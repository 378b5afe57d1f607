/**
 * Hashes of files, as publishers of models give them.
 *
 * Knows: the file system.
 */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** What a file can be told by. */
export interface Digests {
  readonly sha256: string;
  /** SHA-1 of `blob <size>\0` and the bytes, as git names files. */
  readonly gitBlob: string;
  readonly size: number;
}

/** SHA-256 and git blob id of a file, read in pieces. */
export async function digestFile(path: string): Promise<Digests> {
  const { size } = await stat(path);
  const sha256 = createHash("sha256");
  const blob = createHash("sha1").update(`blob ${size}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    sha256.update(chunk as Buffer);
    blob.update(chunk as Buffer);
  }
  return { sha256: sha256.digest("hex"), gitBlob: blob.digest("hex"), size };
}
