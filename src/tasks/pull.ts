/**
 * Fetching a model of the catalogue to this machine.
 *
 * Pipeline:   catalogue row → download → **check** → cache folder
 * Knows:      the catalogue, and the ledger of first downloads.
 */

import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { XrayError } from "../errors.ts";
import { CATALOGUE, type CatalogueRow, findRow } from "../models/catalogue.ts";
import { cacheFolder, modelPath } from "../node/cache.ts";
import { type Digests, digestFile } from "../node/digest.ts";
import { download, type Progress } from "../node/download.ts";
import { MAX_MODEL_BYTES, writeAtomically } from "../node/files.ts";

/** SHA-256 of each file that was ever pulled, by the row's name. */
type Ledger = Record<string, string>;

const ledgerPath = (): string => join(cacheFolder(), "models", "first-downloads.json");

async function readLedger(): Promise<Ledger> {
  let text: string;
  try {
    text = await readFile(ledgerPath(), "utf8");
  } catch {
    return {};
  }
  try {
    return JSON.parse(text) as Ledger;
  } catch {
    throw new XrayError(
      "pull/bad-ledger",
      `${ledgerPath()}: not readable; it records the hashes of first downloads. Delete it to begin anew`,
      { file: ledgerPath() },
    );
  }
}

async function record(name: string, sha256: string): Promise<void> {
  const ledger = { ...(await readLedger()), [name]: sha256 };
  await mkdir(dirname(ledgerPath()), { recursive: true });
  await writeAtomically(ledgerPath(), [new TextEncoder().encode(`${JSON.stringify(ledger, null, 2)}\n`)]);
}

/** Compare a file with what is known of it. Throws `pull/wrong-hash`. */
async function check(row: CatalogueRow, digests: Digests): Promise<void> {
  const { kind } = row.check;
  const refuse = (what: string, expected: string, actual: string): XrayError =>
    new XrayError(
      "pull/wrong-hash",
      `${row.name}: ${what} is ${actual}, expected ${expected}; the file was changed or damaged and is not kept`,
      { name: row.name, expected, actual },
    );
  if (kind === "git-blob" && digests.gitBlob !== row.check.value) {
    throw refuse("its git blob id", row.check.value, digests.gitBlob);
  }
  if (kind === "sha256-prefix" && !digests.sha256.startsWith(row.check.value)) {
    throw refuse(
      "the beginning of its SHA-256",
      row.check.value,
      digests.sha256.slice(0, row.check.value.length),
    );
  }
  if (kind === "first-download") {
    const first = (await readLedger())[row.name];
    if (first !== undefined && first !== digests.sha256)
      throw refuse("its SHA-256", `${first}, as at its first download`, digests.sha256);
  }
}

export interface PullOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Where to fetch from instead of the row's URL, such as a mirror. The check stays the same. */
  readonly url?: string;
  readonly pauseMs?: number;
  readonly stallMs?: number;
}

export interface Pulled {
  readonly row: CatalogueRow;
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  /** It was here already, whole. */
  readonly wasHere: boolean;
  /** Nothing is published to check it against, and this is the first download. */
  readonly isFirst: boolean;
}

/**
 * Fetch a model, or check the one at hand.
 *
 * @param name  A name of the catalogue.
 * @throws      XrayError `pull/unknown-model`, `pull/wrong-hash`, `download/…`.
 */
export async function pullModel(name: string, options: PullOptions = {}): Promise<Pulled> {
  const row = findRow(name);
  if (row === undefined) {
    const names = CATALOGUE.map((known) => known.name).join(", ");
    throw new XrayError("pull/unknown-model", `no model is called "${name}"; the catalogue has: ${names}`, {
      name,
    });
  }
  const path = modelPath(row.file);
  const isFirst = row.check.kind === "first-download" && (await readLedger())[row.name] === undefined;
  if (existsSync(path)) {
    const digests = await digestFile(path);
    const isGood = await check(row, digests).then(
      () => true,
      () => false,
    );
    if (isGood) {
      await record(row.name, digests.sha256);
      return { row, path, sha256: digests.sha256, size: digests.size, wasHere: true, isFirst };
    }
  }
  const { url = row.url, ...rest } = options;
  const digests = await download(url, path, {
    ...rest,
    limit: MAX_MODEL_BYTES,
    verify: (found) => check(row, found),
  });
  await record(row.name, digests.sha256);
  return { row, path, sha256: digests.sha256, size: digests.size, wasHere: false, isFirst };
}
