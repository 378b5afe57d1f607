/**
 * Downloads a model of the catalogue to this machine.
 *
 * Pipeline:   catalogue row → download → **check** → cache folder
 * Knows:      the catalogue, and the records of first downloads.
 */

import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { MAX_MODEL_BYTES } from "../../engine/limits.ts";
import { XrayError } from "../../errors.ts";
import { CATALOGUE, type CatalogueRow, findRow } from "../../models/catalogue.ts";
import { modelPath } from "../../node/cache.ts";
import { type Digests, digestFile } from "../../node/digest.ts";
import { download, type Progress } from "../../node/download.ts";
import { readWhole, writeAtomically, writeNew } from "../../node/files.ts";
import { makeFolders } from "../../node/make-folder.ts";
import { DEMO } from "./locate-model.ts";

const MAX_RECORD_BYTES = 1_000;

/** The record of a first download is stored beside the file, so that two concurrent pulls cannot lose one. */
const recordPath = (row: CatalogueRow): string => `${modelPath(row.file)}.sha256`;

/** The hash of the first download; undefined if there was none. */
async function readRecord(row: CatalogueRow): Promise<string | undefined> {
  const path = recordPath(row);
  if (!existsSync(path)) return undefined;
  const text = new TextDecoder().decode(await readWhole(path, MAX_RECORD_BYTES)).trim();
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new XrayError(
    "pull/bad-record",
    `${path}: this is not the SHA-256 of a first download; delete the file to start over`,
    { file: path },
  );
}

/**
 * Record a hash. If later downloads are checked against it, the first record stays, and a concurrent second must match.
 */
async function record(row: CatalogueRow, digests: Digests): Promise<void> {
  const bytes = new TextEncoder().encode(`${digests.sha256}\n`);
  await makeFolders(dirname(recordPath(row)));
  if (row.check.kind !== "first-download") await writeAtomically(recordPath(row), [bytes]);
  else if (!(await writeNew(recordPath(row), bytes))) await check(row, digests);
}

/** Compare a file with what is known about it. Throws `pull/wrong-hash`. */
async function check(row: CatalogueRow, digests: Digests): Promise<void> {
  const { kind } = row.check;
  const refuse = (what: string, expected: string, actual: string): XrayError =>
    new XrayError(
      "pull/wrong-hash",
      `${row.name}: ${what} is ${actual}, expected ${expected}; the file was changed or damaged and was not kept; try again, or fetch it from another address`,
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
    const first = await readRecord(row);
    if (first !== undefined && first !== digests.sha256)
      throw refuse("its SHA-256", `${first}, as at its first download`, digests.sha256);
  }
}

/** Options for downloading a model. */
export interface PullOptions {
  /** Called as bytes arrive; `total` is undefined if the server does not say. */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the download early. What has arrived is kept, and the next call resumes there. */
  readonly signal?: AbortSignal;
  /** Where to download from instead of the publisher's address, such as a mirror. The check stays the same. */
  readonly url?: string;
  readonly pauseMs?: number;
  readonly stallMs?: number;
}

/** A public model on this machine. */
export interface PulledModel {
  readonly name: string;
  /** Its file in the cache folder. */
  readonly path: string;
  /** In hexadecimal. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
  /** Whether it was already here, complete. */
  readonly wasHere: boolean;
  /** Whether this is the first download of a file for which no hash is published. */
  readonly isFirst: boolean;
  readonly licence: string | undefined;
  readonly citation: string | undefined;
}

/**
 * Download a model, or check the copy that is already here.
 *
 * @param name  A name in the catalogue.
 * @throws      XrayError `pull/unknown-model`, `pull/in-the-package`, `pull/wrong-hash`, `download/…`.
 */
export async function pullModel(name: string, options: PullOptions = {}): Promise<PulledModel> {
  const row = findRow(name);
  if (name === DEMO) {
    throw new XrayError(
      "pull/in-the-package",
      `the model "${name}" comes with the package, so there is nothing to fetch; use it by this name`,
      { name },
    );
  }
  if (row === undefined) {
    const names = CATALOGUE.map((known) => known.name).join(", ");
    throw new XrayError(
      "pull/unknown-model",
      `there is no model "${name}" in the catalogue; choose one of ${names}`,
      {
        name,
      },
    );
  }
  const path = modelPath(row.file);
  const { licence, citation } = row.card;
  const pulled = ({ sha256, size }: Digests, wasHere: boolean): PulledModel => ({
    name: row.name,
    path,
    sha256,
    size,
    wasHere,
    isFirst,
    licence,
    citation,
  });
  const isFirst = row.check.kind === "first-download" && (await readRecord(row)) === undefined;
  if (existsSync(path)) {
    const digests = await digestFile(path);
    const isGood = await check(row, digests).then(
      () => true,
      () => false,
    );
    if (isGood) {
      await record(row, digests);
      return pulled(digests, true);
    }
    // Damaged or changed: it must not be used, even if the download fails.
    await rm(path, { force: true });
  }
  const { url = row.url, ...rest } = options;
  const digests = await download(url, path, {
    ...rest,
    limit: MAX_MODEL_BYTES,
    verify: async (found) => {
      await check(row, found);
      await record(row, found);
    },
  });
  return pulled(digests, false);
}
