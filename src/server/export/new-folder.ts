/**
 * A folder that appears under its name only when it is complete, in place of the one before.
 *
 * Knows: the file system. Not what is in the folder.
 */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileError, leftoverName } from "../../node/files.ts";
import { makeFolders } from "../../node/make-folder.ts";

/** A folder of a killed process counts as abandoned when it has not been written to for this long. */
const LEFT_AFTER_MS = 60 * 60_000;

/** A file that was written. */
export interface WrittenFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Remove folders that killed processes left beside `folder`. */
async function removeAbandoned(folder: string): Promise<void> {
  const parent = dirname(folder);
  const start = `.${basename(folder)}.`;
  const isOurs = (name: string) =>
    name.startsWith(start) && /^[0-9a-f]{12}\.part(?:\.old)?$/.test(name.slice(start.length));
  for (const name of (await readdir(parent)).filter(isOurs)) {
    const path = join(parent, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > LEFT_AFTER_MS)
      await rm(path, { recursive: true, force: true });
  }
}

/** A folder that is being written beside its place. Errors name the place. */
export class NewFolder {
  readonly #target: string;
  readonly #temporary: string;

  private constructor(target: string, temporary: string) {
    this.#target = target;
    this.#temporary = temporary;
  }

  /** Start a folder that will be `target`. Folders above it are made. */
  static async create(target: string): Promise<NewFolder> {
    const path = resolve(target);
    const temporary = leftoverName(path);
    try {
      await makeFolders(dirname(path));
      await removeAbandoned(path);
      await mkdir(temporary);
      return new NewFolder(path, temporary);
    } catch (error) {
      throw fileError(target, error);
    }
  }

  /**
   * Write a file from pieces.
   *
   * @param onBytes  Called with the size of each piece; what it throws ends the writing.
   */
  async write(
    path: string,
    pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    onBytes: (bytes: number) => void = () => undefined,
  ): Promise<WrittenFile> {
    const place = join(this.#temporary, ...path.split("/"));
    const hash = createHash("sha256");
    let bytes = 0;
    try {
      await makeFolders(dirname(place));
      const file = await open(place, "wx");
      try {
        for await (const piece of pieces) {
          await file.writeFile(piece);
          hash.update(piece);
          bytes += piece.length;
          onBytes(piece.length);
        }
      } finally {
        await file.close();
      }
    } catch (error) {
      throw fileError(join(this.#target, path), error);
    }
    return { path, bytes, sha256: hash.digest("hex") };
  }

  /** Copy a file of this machine. */
  copy(path: string, source: string, onBytes: (bytes: number) => void): Promise<WrittenFile> {
    return this.write(path, createReadStream(source, { highWaterMark: 1 << 20 }), onBytes);
  }

  /** Put the folder in place of the one that may be there, which is removed. */
  async commit(): Promise<void> {
    const old = `${this.#temporary}.old`;
    try {
      const hadOld = await rename(this.#target, old).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === "ENOENT") return false;
          throw error;
        },
      );
      try {
        await rename(this.#temporary, this.#target);
      } catch (error) {
        if (hadOld) await rename(old, this.#target);
        throw error;
      }
      await rm(old, { recursive: true, force: true });
    } catch (error) {
      throw fileError(this.#target, error);
    }
  }

  /** Remove what has been written. */
  async discard(): Promise<void> {
    await rm(this.#temporary, { recursive: true, force: true });
  }
}
