/**
 * The part of a download that has arrived, and a note of the URL and version that it belongs to.
 *
 * Knows: the file system. Not HTTP.
 */

import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { fileError, readHead, writeAt } from "./files.ts";

/** The version of a file that a part belongs to. */
export interface PartNote {
  readonly url: string;
  /** A strong ETag or a Last-Modified date; null if the server gives neither, so that the part cannot be resumed. */
  readonly validator: string | null;
  readonly total: number | null;
}

function isNote(value: unknown): value is PartNote {
  if (typeof value !== "object" || value === null) return false;
  const { url, validator, total } = value as Record<string, unknown>;
  return (
    typeof url === "string" &&
    (validator === null || typeof validator === "string") &&
    (total === null || (Number.isSafeInteger(total) && Number(total) >= 0))
  );
}

/**
 * `<target>.part` and `<target>.part.json`, which only one process at a time may write; or a private part with a unique
 * name. Errors name the target.
 */
export class PartFile {
  readonly path: string;
  readonly #target: string;
  readonly #notePath: string;

  constructor(target: string, path = `${target}.part`) {
    this.#target = target;
    this.path = path;
    this.#notePath = `${path}.json`;
  }

  async #named<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fileError(this.#target, error);
    }
  }

  async note(): Promise<PartNote | undefined> {
    try {
      const value: unknown = JSON.parse(await readFile(this.#notePath, "utf8"));
      return isNote(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  async size(): Promise<number> {
    return stat(this.path).then(
      (found) => found.size,
      () => 0,
    );
  }

  /** Open the part for writing from `start`. If that is 0, existing content is dropped. */
  async open(note: PartNote, start: number): Promise<FileHandle> {
    return this.#named(async () => {
      await writeFile(this.#notePath, JSON.stringify(note));
      return open(this.path, start > 0 ? "r+" : "w");
    });
  }

  async write(file: FileHandle, chunk: Uint8Array, at: number): Promise<void> {
    await this.#named(() => writeAt(file, chunk, at));
  }

  /** The first bytes, to tell what kind of file it is. */
  head(length: number): Promise<Uint8Array> {
    return readHead(this.path, length);
  }

  async clear(): Promise<void> {
    await rm(this.path, { force: true });
    await rm(this.#notePath, { force: true });
  }

  /** Put the complete file in place. */
  async place(): Promise<void> {
    await this.#named(() => rename(this.path, this.#target));
    await rm(this.#notePath, { force: true });
  }
}
