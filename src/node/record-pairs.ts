/**
 * Which pair of files of a record store is whose.
 *
 * Each process writes to a pair of its own, `records-<id>.bin` and `index-<id>.ndjson`, whose id nobody else draws; no
 * file is written by two. Beside it stands `records-<id>.<token>.owner`, which says whose it is. A process that ends leaves
 * the pair free (`records-<id>.free`), and one that was killed leaves its name. Another process takes such a pair over by
 * renaming the file beside it, which succeeds for one alone, on a network drive too. A pair whose process may still run
 * on another host, and pairs of versions before this naming, are read and not written to.
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
  /** Empty, or a number, in versions before this naming. */
  readonly id: string;
  readonly data: string;
  readonly index: string;
}

/** A pair that this process writes to. */
export interface OwnPair {
  readonly pair: RecordPair;
  /** Leave it to whoever comes next; its files must be closed. */
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

/** All pairs of a folder, those of earlier versions too, by name. Throws what the system throws. */
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

/** Whether a process that owns a pair is proven to have ended. */
function isOrphan(file: string): boolean {
  try {
    const owner = parseIdentity(readFileSync(file, "utf8"));
    return owner !== undefined && processState(owner) === "dead";
  } catch {
    return false;
  }
}

/** Rename a file that several may want; false where another was first. */
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
 * A pair to write to: one that was left, else a new one. Throws what the system throws.
 *
 * @param folder  There already.
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

/** Remove a pair whose records are elsewhere by now, and what stands beside it. */
export function removePair(folder: string, { id, data, index }: RecordPair): void {
  for (const name of readdirSync(folder)) {
    if (id !== "" && (OWNER.exec(name)?.[1] === id || FREE.exec(name)?.[1] === id))
      rmSync(join(folder, name), { force: true });
  }
  // The index first: without it, nobody takes the rest for a pair.
  for (const file of [index, data]) rmSync(file, { force: true });
}
