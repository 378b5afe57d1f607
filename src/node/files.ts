/**
 * Reads and writes whole files, with size limits, plain error messages, and no half-written files.
 *
 * Knows: the file system. Not what is in the files.
 */

import { randomBytes } from "node:crypto";
import {
  access,
  constants,
  type FileHandle,
  link,
  open,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { XrayError } from "../errors.ts";
import { byteSize } from "../text.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a file stands where a folder is expected",
  EEXIST: "there is a file of this name",
  EACCES: "permission to access it is denied",
  EPERM: "permission to access it is denied",
  EISDIR: "this is a folder, not a file",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EMFILE: "too many files are open",
};

/** The operating system's code for an error, such as `ENOENT`; undefined for other errors. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error ? String(error.code) : undefined;

/** Put an error of the operating system into plain words. Other errors are returned unchanged. */
export function fileError(file: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined || error instanceof XrayError || !/^E[A-Z0-9]+$/.test(code)) return error;
  const reason = REASONS[code] ?? `the system answered ${code}`;
  const kind = code === "ENOENT" || code === "ENOTDIR" ? "file/not-found" : "file/not-accessible";
  return new XrayError(kind, `${file}: ${reason}`, { file, system: code }, error);
}

/** Like `fileError`, for a file to be written: if something is missing, it is the folder. */
function writingError(file: string, error: unknown): unknown {
  if (systemCode(error) !== "ENOENT") return fileError(file, error);
  const message = `${file}: there is no folder ${dirname(file)}; create it, or name another`;
  return new XrayError("file/not-found", message, { file, system: "ENOENT" }, error);
}

/**
 * Read a whole file.
 *
 * @param limit  In bytes. A larger file, or anything but a regular file, is refused before it is read.
 * @throws       XrayError `file/not-found`, `file/not-accessible`, `file/too-large`, `file/not-regular`.
 */
export async function readWhole(file: string, limit: number): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, "r");
    const stat = await handle.stat();
    if (stat.isDirectory())
      throw new XrayError("file/not-regular", `${file}: this is a folder, not a file`, { file });
    if (!stat.isFile())
      throw new XrayError("file/not-regular", `${file}: this is a device, not a file`, { file });
    if (stat.size > limit) {
      throw new XrayError(
        "file/too-large",
        `${file}: it has ${byteSize(stat.size)}, but at most ${byteSize(limit)} are read`,
        { file, size: stat.size, limit },
      );
    }
    // One call, into memory that is not zeroed first: readFile takes several times as long for a checkpoint.
    const { buffer } = Buffer.allocUnsafeSlow(stat.size);
    const bytes = new Uint8Array(buffer);
    const { bytesRead } = await handle.read(bytes, 0, stat.size, 0);
    return bytes.subarray(0, bytesRead);
  } catch (error) {
    throw fileError(file, error);
  } finally {
    await handle?.close();
  }
}

/** The first `length` bytes of a file, or fewer if it is shorter. Throws what the system throws. */
export async function readHead(file: string, length: number): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Write all of `bytes` at an offset in a file, although one call may write fewer. Throws what the system throws. */
export async function writeAt(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
}

/**
 * Check that files can be written to a folder, which need not exist yet, before doing work that would be lost.
 *
 * @throws  XrayError `file/not-found`, `file/not-accessible`, naming the folder.
 */
export async function checkWritable(folder: string): Promise<void> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    try {
      const found = await stat(at);
      if (!found.isDirectory()) throw Object.assign(new Error("no folder"), { code: "ENOTDIR" });
      await access(at, constants.W_OK | constants.X_OK);
      return;
    } catch (error) {
      if (systemCode(error) !== "ENOENT" || at === dirname(at)) throw fileError(folder, error);
    }
  }
}

/** @throws  XrayError `file/not-regular` if `file` is a folder. */
export async function checkNoFolder(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory() === true)
    throw new XrayError("file/not-regular", `${file}: this is a folder, not a file`, { file });
}

/**
 * A unique name beside a target for the file that will replace it. If the process is killed, it remains as a leftover.
 */
export const leftoverName = (target: string): string =>
  join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.part`);

/** A file that appears under its name only when it is complete. */
export class AtomicFile {
  readonly #target: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  #length = 0;

  private constructor(target: string, temporary: string, handle: FileHandle) {
    this.#target = target;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  /** Start writing `target`, whose folder must exist. */
  static async create(target: string): Promise<AtomicFile> {
    const found = await stat(target).catch(() => undefined);
    if (found !== undefined && !found.isFile() && !found.isDirectory())
      throw new XrayError(
        "file/not-regular",
        `${target}: this is a device, which a file would replace; name another file`,
        {
          file: target,
        },
      );
    const temporary = leftoverName(target);
    try {
      return new AtomicFile(target, temporary, await open(temporary, "wx"));
    } catch (error) {
      throw writingError(target, error);
    }
  }

  async write(piece: Uint8Array): Promise<void> {
    try {
      await writeAt(this.#handle, piece, this.#length);
      this.#length += piece.length;
    } catch (error) {
      throw fileError(this.#target, error);
    }
  }

  /** Put the file in place, replacing any existing one. On failure, what was written is removed. */
  async commit(): Promise<void> {
    try {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#temporary, this.#target);
    } catch (error) {
      await this.discard();
      throw fileError(this.#target, error);
    }
  }

  /**
   * Put the file in place unless there is one. Of processes that do so at the same time, one wins.
   *
   * @returns  False if there is one; what was written is then removed.
   */
  async commitNew(): Promise<boolean> {
    try {
      await this.#handle.sync();
      await link(this.#temporary, this.#target);
      return true;
    } catch (error) {
      if (systemCode(error) === "EEXIST") return false;
      throw fileError(this.#target, error);
    } finally {
      await this.discard();
    }
  }

  /** Remove what has been written. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#temporary, { force: true });
  }
}

/** The target of a leftover, which `AtomicFile` was writing when its process was killed; undefined for other names. */
const leftoverOf = (name: string): string | undefined =>
  /^\.(.+)\.[0-9a-f]{12}\.part(?:\.json)?$/.exec(name)?.[1];

/** Whether a file name is that of a leftover. */
export const isLeftover = (name: string): boolean => leftoverOf(name) !== undefined;

/** Remove the leftovers of killed processes from a folder that only we write to. Throws what the system throws. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter(isLeftover);
  for (const name of names) await rm(join(folder, name), { force: true });
}

/** A leftover counts as abandoned when it has not been written to for this long. */
const LEFT_AFTER_MS = 60_000;

/**
 * Remove the leftovers of one file, in a folder where others may be writing. Throws what the system throws.
 *
 * @param leftAfterMs  Time since the last write after which a leftover counts as abandoned.
 */
export async function removeLeftoversOf(file: string, leftAfterMs = LEFT_AFTER_MS): Promise<void> {
  const folder = dirname(file);
  const names = (await readdir(folder)).filter((name) => leftoverOf(name) === basename(file));
  for (const name of names) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > leftAfterMs) await rm(path, { force: true });
  }
}

/**
 * Write a file that must not exist yet, atomically and without racing other processes.
 *
 * @returns  False if the file exists.
 * @throws   XrayError `file/not-accessible`.
 */
export async function writeNew(target: string, bytes: Uint8Array): Promise<boolean> {
  const temporary = leftoverName(target);
  try {
    await writeFile(temporary, bytes, { flag: "wx" });
    await link(temporary, target);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw writingError(target, error);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Write a file atomically from pieces. Throws `file/not-accessible`. */
export async function writeAtomically(target: string, pieces: readonly Uint8Array[]): Promise<void> {
  await writeTogether(new Map([[target, pieces]]));
}

/**
 * Write files that belong together: none gets its name before all are complete.
 *
 * @param files  Pieces by path; the folders must exist.
 * @throws       XrayError `file/not-accessible`.
 */
export async function writeTogether(files: ReadonlyMap<string, readonly Uint8Array[]>): Promise<void> {
  const open: AtomicFile[] = [];
  try {
    for (const [target, pieces] of files) {
      const file = await AtomicFile.create(target);
      open.push(file);
      for (const piece of pieces) await file.write(piece);
    }
    for (const file of open) await file.commit();
  } catch (error) {
    for (const file of open) await file.discard();
    throw error;
  }
}
