/**
 * Notes about files, kept beside the records made from those files, so that cached records come with the same notes.
 *
 * Lines are added and never changed, so several processes may share one file. An incomplete line is skipped, and its
 * note is written again with its record.
 *
 * Knows: a folder. Not what the notes are about.
 */

import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileError } from "./files.ts";

const NAME = "notes.ndjson";

/** Keys contain paths, which must not be stored. */
const hashed = (key: string): string => createHash("sha256").update(key).digest("hex").slice(0, 32);

function parseLine(line: string): readonly [string, readonly string[]] | undefined {
  try {
    const [key, notes] = JSON.parse(line) as [unknown, unknown];
    if (typeof key !== "string" || !Array.isArray(notes)) return undefined;
    return [key, notes.filter((note): note is string => typeof note === "string")];
  } catch {
    return undefined;
  }
}

/** Notes by the keys of a store's records. */
export class NoteFile {
  readonly #path: string;
  readonly #notes: Map<string, readonly string[]>;

  /**
   * @param folder  The store's folder, which must exist.
   * @throws        XrayError `file/not-accessible`.
   */
  constructor(folder: string) {
    this.#path = join(folder, NAME);
    try {
      const text = existsSync(this.#path) ? readFileSync(this.#path, "utf8") : "";
      const entries = text.split("\n").map(parseLine);
      this.#notes = new Map(entries.filter((entry) => entry !== undefined));
    } catch (error) {
      throw fileError(this.#path, error);
    }
  }

  of(key: string): readonly string[] {
    return this.#notes.get(hashed(key)) ?? [];
  }

  /** Store notes unless they are already stored. Throws XrayError `file/not-accessible`. */
  keep(key: string, notes: readonly string[]): void {
    if (JSON.stringify(notes) === JSON.stringify(this.of(key))) return;
    this.#notes.set(hashed(key), notes);
    try {
      appendFileSync(this.#path, `${JSON.stringify([hashed(key), notes])}\n`);
    } catch (error) {
      throw fileError(this.#path, error);
    }
  }
}
