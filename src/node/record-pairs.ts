/**
 * Decides which process owns which pair of files in a record store.
 *
 * Each process writes to a pair of its own, `records-<id>.bin` and `index-<id>.ndjson`, with a random id; no file is
 * written by two processes. `records-<id>.<token>.owner` beside it names the owner. A process that ends releases its
 * pair (`records-<id>.free`); a process that is killed leaves its owner file. Another process takes such a pair over by
 * renaming the file beside it, which can succeed only once, even on a network drive. A pair whose process may still be
 * running on another host, and pairs from before this naming scheme, are read but not written.
 *
 * Knows: names of files, and processes. Not records.
 */

import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "./files.ts";
import { identityText, ownIdentity, parseIdentity, processState } from "./process-identity.ts";

/** The two files of a pair. */
export interface RecordPair {
  /** Empty or a number if it predates this naming scheme. */
  readonly id: string;
  readonly data: string;
  readonly index: string;
}

/** A pair that this process writes to. */
export interface OwnPair {
  readonly pair: RecordPair;
  /** Leave the pair to the next process. Its files must be closed. */
  release(): void;
}

const DATA = /^records(?:-(\w+))?\.bin$/;
const OWNER = /^records-(\w+)\.(\w+)\.owner$/;
const FREE = /^records-(\w+)\.free$/;

const token = (): string => randomBytes(8).toString("hex");

function pairOf(folder: string, id: string): RecordPair {
  const ending = id === "" ? "" : `-${id}`;
  return { id, data: join(folder, `records${ending}.bin`), index: join(folder, `index${ending}.ndjson`) };
}

/** All pairs of a folder, including those of earlier versions, by name. Throws what the system throws. */
export function listPairs(folder: string): RecordPair[] {
  const names = new Set(readdirSync(folder));
  return [...names]
    .sort()
    .flatMap((name) => {
      const match = DATA.exec(name);
      return match === null ? [] : [match[1] ?? ""];
    })
    .filter((id) => names.has(`index${id === "" ? "" : `-${id}`}.ndjson`))
    .map((id) => pairOf(folder, id));
}

/** Whether the owner of a pair has provably ended. */
function isOrphan(file: string): boolean {
  try {
    const owner = parseIdentity(readFileSync(file, "utf8"));
    return owner !== undefined && processState(owner) === "dead";
  } catch {
    return false;
  }
}

/** Rename a file that several processes may want. Returns false if another was first. */
function take(file: string, target: string): boolean {
  try {
    renameSync(file, target);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

/**
 * A pair to write to: one that was released or abandoned, else a new one. Throws what the system throws.
 *
 * @param folder  Must exist.
 */
export function ownPair(folder: string): OwnPair {
  const mine = token();
  const owned = (id: string, owner: string): OwnPair => {
    writeFileSync(owner, identityText(ownIdentity()));
    return {
      pair: pairOf(folder, id),
      release: () => void take(owner, join(folder, `records-${id}.free`)),
    };
  };
  for (const name of readdirSync(folder).sort()) {
    const id = FREE.exec(name)?.[1] ?? OWNER.exec(name)?.[1];
    if (id === undefined || (OWNER.test(name) && !isOrphan(join(folder, name)))) continue;
    const owner = join(folder, `records-${id}.${mine}.owner`);
    if (take(join(folder, name), owner)) return owned(id, owner);
  }
  const id = token();
  return owned(id, join(folder, `records-${id}.${mine}.owner`));
}

/** Remove a pair whose records have been copied elsewhere, with the files beside it. */
export function removePair(folder: string, { id, data, index }: RecordPair): void {
  for (const name of readdirSync(folder)) {
    if (id !== "" && (OWNER.exec(name)?.[1] === id || FREE.exec(name)?.[1] === id))
      rmSync(join(folder, name), { force: true });
  }
  // The index first, since without it nobody takes the rest for a pair.
  for (const file of [index, data]) rmSync(file, { force: true });
}
