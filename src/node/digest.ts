/**
 * Hashes of files, of the kinds that publishers of models give.
 *
 * Knows: the file system.
 */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** The hashes and the size of a file. */
export interface Digests {
  readonly sha256: string;
  /** SHA-1 of `blob <size>\0` and the bytes, as git computes it. */
  readonly gitBlob: string;
  readonly size: number;
}

/** SHA-256 and git blob id of a file, which is read in pieces. */
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
