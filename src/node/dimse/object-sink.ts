/**
 * Writes an object to a file while it comes in, exactly as it comes.
 *
 * Pieces are written before the next ones are taken from the network, so that nothing heaps up in memory. Whatever goes
 * wrong is remembered, the rest is dropped, and the peer is told at the end, where the protocol has a place for it.
 *
 * Knows: a file. Not what is in it.
 */

import { createHash } from "node:crypto";
import { closeSync, fsync, openSync, rm, statfsSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { systemCode } from "../files.ts";
import type { DatasetSink } from "./library.ts";

/** Why an object could not be written. */
export type SinkFailure = "no-space" | "too-large" | "not-understood" | "failed";

/** The calls of the file system that may find the disk full. */
export interface SinkDisk {
  write(file: number, bytes: Uint8Array): number;
  sync(file: number): Promise<void>;
  /** Whether objects may be received into a folder. */
  hasRoom(folder: string): boolean;
}

/**
 * What is left free for what is made of objects, in bytes and as a share of the disk, whichever is less: on a disk that is
 * full of received objects nothing could be done that makes room.
 */
const RESERVE_BYTES = 2 ** 28;
const RESERVE_SHARE = 0.1;

function hasRoom(folder: string): boolean {
  const { bavail, blocks, bsize } = statfsSync(folder);
  return bavail * bsize >= Math.min(RESERVE_BYTES, blocks * bsize * RESERVE_SHARE);
}

export const DISK: SinkDisk = {
  write: (file, bytes) => writeSync(file, bytes),
  sync: promisify(fsync),
  hasRoom,
};

const NO_SPACE = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

export class ObjectSink implements DatasetSink {
  readonly file: string;
  readonly #disk: SinkDisk;
  readonly #limit: number;
  readonly #hash = createHash("sha256");
  #handle: number | undefined;
  #bytes = 0;
  #failure: SinkFailure | undefined;

  /**
   * @param file   A new file.
   * @param head   What stands before the data set.
   * @param limit  The most bytes that a data set may have.
   */
  constructor(file: string, head: Uint8Array, limit: number, disk: SinkDisk) {
    this.file = file;
    this.#disk = disk;
    this.#limit = limit;
    this.#try(() => this.#checkRoom());
    this.#try(() => {
      this.#handle = openSync(file, "wx", 0o600);
      this.#writeAll(head);
    });
  }

  /** Always true: the library need not wait. */
  write(bytes: Uint8Array): true {
    this.#bytes += bytes.length;
    if (this.#bytes > this.#limit) this.#failure ??= "too-large";
    this.#try(() => {
      this.#hash.update(bytes);
      this.#writeAll(bytes);
    });
    return true;
  }

  /** Drop the object, whatever comes. */
  refuse(failure: SinkFailure): void {
    this.#failure ??= failure;
  }

  /** The library listens for events of a stream, which never come. */
  once(): void {}

  /** The end of a stream, which `finish` is for us. */
  end(): void {}

  /**
   * Bring the object to the disk itself.
   *
   * @returns  The SHA-256 of its data set, in hexadecimal; or why it is not there, and then nothing of it is.
   */
  async finish(): Promise<{ readonly sha256: string } | SinkFailure> {
    if (this.#failure === undefined && this.#handle !== undefined) {
      try {
        await this.#disk.sync(this.#handle);
        this.#checkRoom();
      } catch (error) {
        this.#failed(error);
      }
    }
    this.#close();
    if (this.#failure === undefined) return { sha256: this.#hash.digest("hex") };
    await this.discard();
    return this.#failure;
  }

  /** Remove what has been written. */
  async discard(): Promise<void> {
    this.#failure ??= "failed";
    this.#close();
    await new Promise<void>((resolve) => rm(this.file, { force: true }, () => resolve()));
  }

  #checkRoom(): void {
    if (!this.#disk.hasRoom(dirname(this.file))) this.refuse("no-space");
  }

  #try(step: () => void): void {
    if (this.#failure !== undefined) return;
    try {
      step();
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#failure = NO_SPACE.has(systemCode(error) ?? "") ? "no-space" : "failed";
  }

  #writeAll(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) done += this.#disk.write(this.#handle!, bytes.subarray(done));
  }

  #close(): void {
    if (this.#handle === undefined) return;
    const handle = this.#handle;
    this.#handle = undefined;
    try {
      closeSync(handle);
    } catch (error) {
      this.#failed(error);
    }
  }
}
