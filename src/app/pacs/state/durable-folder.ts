/**
 * A folder of small files, each of which is on the disk, under its name, once it counts as written.
 *
 * Knows: the file system. Not what is in the files.
 */

import { chmodSync, readdirSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileError, readWhole, removeLeftovers, writeAtomically } from "../../../node/files.ts";
import { makePrivateFolder } from "../../../node/make-folder.ts";
import { syncFolder } from "./sync-folder.ts";

/** Larger files than any that we keep: the limit of an image in `node/image-work.ts` is below. */
const LIMIT = 2 ** 32;

export class DurableFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Open a folder, or make it, readable by its owner only. Throws XrayError `file/…`. */
  static async open(path: string): Promise<DurableFolder> {
    try {
      makePrivateFolder(path);
      // A folder that was restored or copied may have been opened to others.
      chmodSync(path, 0o700);
      await removeLeftovers(path);
    } catch (error) {
      throw fileError(path, error);
    }
    return new DurableFolder(path);
  }

  /** Write a file, replacing one of that name. Throws XrayError `file/…`. */
  async write(name: string, bytes: Uint8Array): Promise<void> {
    const file = join(this.path, name);
    await writeAtomically(file, [bytes]);
    try {
      syncFolder(this.path);
    } catch (error) {
      throw fileError(file, error);
    }
  }

  /** Move a file, which is on the disk and in the same file system, here. Throws XrayError `file/…`. */
  async adopt(from: string, name: string): Promise<void> {
    const file = join(this.path, name);
    try {
      await rename(from, file);
      syncFolder(this.path);
    } catch (error) {
      throw fileError(file, error);
    }
  }

  /** Throws XrayError `file/…`. */
  read(name: string): Promise<Uint8Array> {
    return readWhole(join(this.path, name), LIMIT);
  }

  /** Remove a file if it is there. Throws XrayError `file/…`. */
  async remove(name: string): Promise<void> {
    const file = join(this.path, name);
    await rm(file, { force: true }).catch((error: unknown) => {
      throw fileError(file, error);
    });
  }

  /** The names of the files that are there. Throws XrayError `file/…`. */
  names(): string[] {
    try {
      return readdirSync(this.path);
    } catch (error) {
      throw fileError(this.path, error);
    }
  }
}
