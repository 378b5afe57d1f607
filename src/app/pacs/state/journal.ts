/**
 * The journal of a state folder: a file to which events are only ever added.
 *
 * Events get their place when they are added. They are written together with others that wait, and count as saved once the
 * disk has confirmed them. After a failure, such as a full disk, they still wait, and are written first the next time, so an
 * event is never saved without those before it.
 *
 * Knows: a file. Not what the events mean.
 */

import { closeSync, constants, fstatSync, ftruncateSync, openSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { XrayError } from "../../../errors.ts";
import { fileError, writeAt } from "../../../node/files.ts";
import { eventOf, type StateEvent } from "./events.ts";
import { readEventAt, readEvents } from "./journal-lines.ts";
import { syncFolder } from "./sync-folder.ts";

type OnEvent = (event: StateEvent, offset: number) => void;

interface Line {
  readonly offset: number;
  readonly bytes: Buffer;
}

export class Journal {
  readonly #path: string;
  readonly #file: FileHandle;
  /** Lines that are not confirmed yet, in order. */
  #waiting: Line[] = [];
  #saved: number;
  #end: number;
  #writing: Promise<void> | undefined;

  private constructor(path: string, file: FileHandle, end: number) {
    this.#path = path;
    this.#file = file;
    this.#saved = end;
    this.#end = end;
  }

  /**
   * Open a journal for writing, or begin one. A torn end is cut off.
   *
   * @param onEvent  Gets the events that are there.
   * @throws         XrayError `pacs/bad-state`, `file/…`.
   */
  static async open(path: string, onEvent: OnEvent): Promise<Journal> {
    let file: FileHandle | undefined;
    try {
      file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
      const end = readEvents(path, file.fd, onEvent);
      if (fstatSync(file.fd).size > end) {
        ftruncateSync(file.fd, end);
        await file.sync();
      }
      syncFolder(dirname(path));
      return new Journal(path, file, end);
    } catch (error) {
      await file?.close();
      throw fileError(path, error);
    }
  }

  /**
   * Read the events of a journal to which another process may be writing.
   *
   * @throws  XrayError `pacs/bad-state`, `file/…`.
   */
  static read(path: string, onEvent: OnEvent): void {
    let file: number | undefined;
    try {
      file = openSync(path, "r");
      readEvents(path, file, onEvent);
    } catch (error) {
      throw fileError(path, error);
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /** Add an event, which `saved` brings to the disk. Returns the offset of its line. */
  add(event: StateEvent): number {
    const bytes = Buffer.from(`${JSON.stringify(event)}\n`);
    const offset = this.#end;
    this.#waiting.push({ offset, bytes });
    this.#end += bytes.length;
    return offset;
  }

  /**
   * Wait until the disk has confirmed everything that has been added so far.
   *
   * @throws  XrayError `file/not-accessible`; call it again to try again.
   */
  async saved(): Promise<void> {
    const end = this.#end;
    while (this.#saved < end) {
      this.#writing ??= this.#write().finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
  }

  async #write(): Promise<void> {
    const lines = this.#waiting;
    const count = lines.length;
    const bytes = Buffer.concat(lines.map((line) => line.bytes));
    try {
      // By offset: a part that an attempt before this one has written is overwritten by the same bytes.
      await writeAt(this.#file, bytes, this.#saved);
      await this.#file.datasync();
    } catch (error) {
      throw fileError(this.#path, error);
    }
    this.#waiting = lines.slice(count);
    this.#saved += bytes.length;
  }

  /**
   * The event whose line begins at an offset, saved or not.
   *
   * @throws  XrayError `pacs/bad-state`, `file/not-accessible`.
   */
  at(offset: number): StateEvent {
    let event: StateEvent | undefined;
    if (offset < this.#saved) {
      try {
        event = readEventAt(this.#file.fd, offset);
      } catch (error) {
        throw fileError(this.#path, error);
      }
    } else {
      const line = this.#waiting.find((one) => one.offset === offset);
      if (line !== undefined) event = eventOf(line.bytes.toString());
    }
    if (event !== undefined) return event;
    throw new XrayError("pacs/bad-state", `${this.#path}: it was changed by another program; stop both`, {
      file: this.#path,
      offset,
    });
  }

  /** Close the file. What is not saved is lost. */
  async close(): Promise<void> {
    await this.#writing?.catch(() => undefined);
    await this.#file.close();
  }
}
