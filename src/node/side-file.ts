/**
 * Lists of entries about files, kept beside the records made from those files, so that cached records come with them.
 *
 * Lines are added and never changed, so several processes may share one file. An incomplete line is skipped, and its
 * entries are written again with their record.
 *
 * Knows: a file. Not what the entries are about.
 */

import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { fileError } from "./files.ts";

/** Keys contain paths, which must not be stored. */
const hashed = (key: string): string => createHash("sha256").update(key).digest("hex").slice(0, 32);

/** Entries by the keys of a store's records. */
export class SideFile<Entry> {
  readonly #path: string;
  readonly #entries: Map<string, readonly Entry[]>;

  /**
   * @param path     A file in the store's folder, which must exist.
   * @param entryOf  Reads an entry; undefined for anything else.
   * @throws         XrayError `file/not-accessible`.
   */
  constructor(path: string, entryOf: (value: unknown) => Entry | undefined) {
    this.#path = path;
    const parseLine = (line: string): readonly [string, readonly Entry[]] | undefined => {
      try {
        const [key, values] = JSON.parse(line) as [unknown, unknown];
        if (typeof key !== "string" || !Array.isArray(values)) return undefined;
        return [key, values.map(entryOf).filter((entry) => entry !== undefined)];
      } catch {
        return undefined;
      }
    };
    try {
      const text = existsSync(this.#path) ? readFileSync(this.#path, "utf8") : "";
      const lines = text.split("\n").map(parseLine);
      this.#entries = new Map(lines.filter((line) => line !== undefined));
    } catch (error) {
      throw fileError(this.#path, error);
    }
  }

  of(key: string): readonly Entry[] {
    return this.#entries.get(hashed(key)) ?? [];
  }

  /** Store entries unless they are already stored. Throws XrayError `file/not-accessible`. */
  keep(key: string, entries: readonly Entry[]): void {
    if (JSON.stringify(entries) === JSON.stringify(this.of(key))) return;
    this.#entries.set(hashed(key), entries);
    try {
      appendFileSync(this.#path, `${JSON.stringify([hashed(key), entries])}\n`);
    } catch (error) {
      throw fileError(this.#path, error);
    }
  }
}
