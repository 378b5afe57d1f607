/**
 * The file of a shard: its rows as Parquet, written whole or not at all, under a name that says what it was made from.
 *
 * The same images, model, preparation and version give the same bytes, so that processes that do a shard twice do no harm.
 *
 * Knows: files. Not how rows come about.
 */

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { type ParquetFacts, type ParquetFile, ParquetPieces } from "../../formats/parquet.ts";
import { fileError, removeLeftoversOf, writeAtomically } from "../../node/files.ts";
import { makeFolders } from "../../node/make-folder.ts";
import { withParquet } from "../../node/parquet-file.ts";
import { retrying } from "../../node/retry.ts";
import { columnsOfRows, type ScoreRow, scoreColumns } from "../../report/scoring/score-row.ts";
import type { PlanFile, PlanShard } from "./plan-file.ts";
import { fileFacts } from "./source.ts";

const FOLDER = "shards";

/** Rows of a group in a shard's file. */
const GROUP = 10_000;

/** What a shard's file says about itself. */
const SCHEMA = "medical-x/scores@1";

const stem = ({ number, hash }: PlanShard): string => `${String(number).padStart(6, "0")}-${hash}`;

/** Where a shard's file is, once it is done. */
export const shardPath = (out: string, shard: PlanShard): string =>
  join(out, FOLDER, `${stem(shard)}.parquet`);

const failurePath = (out: string, shard: PlanShard): string =>
  join(out, FOLDER, `${stem(shard)}.failed.json`);

export const isDone = async (out: string, shard: PlanShard): Promise<boolean> =>
  (await fileFacts(shardPath(out, shard))).size !== null;

/** The facts in a shard's file, by which it is recognised. */
const identityOf = ({ head, tail }: PlanFile, { number, hash }: PlanShard): ParquetFacts => ({
  schema: SCHEMA,
  version: head.version,
  model: head.model.sha256,
  plan: tail.id,
  shard: String(number),
  hash,
});

/** How many rows have an error, by its code. */
function countErrors(rows: readonly ScoreRow[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { error } of rows) if (error !== null) counts[error.code] = (counts[error.code] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort());
}

function bytesOf(plan: PlanFile, shard: PlanShard, rows: readonly ScoreRow[]): Uint8Array[] {
  const labels = plan.head.model;
  const errors = JSON.stringify(countErrors(rows));
  const writer = new ParquetPieces(scoreColumns(labels), { ...identityOf(plan, shard), errors });
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < rows.length; from += GROUP)
    pieces.push(writer.group(columnsOfRows(rows.slice(from, from + GROUP), labels)));
  return [...pieces, writer.end()];
}

/** Make the folder of the shards. Throws XrayError `file/…`. */
export async function makeShardFolder(out: string): Promise<void> {
  const folder = join(out, FOLDER);
  await makeFolders(folder).catch((error) => {
    throw fileError(folder, error);
  });
}

/** Write a shard's file, with further attempts if the disk fails. Throws XrayError `file/…`. */
export async function writeShard(
  out: string,
  plan: PlanFile,
  shard: PlanShard,
  rows: readonly ScoreRow[],
): Promise<void> {
  const path = shardPath(out, shard);
  const pieces = bytesOf(plan, shard, rows);
  await retrying(() => writeAtomically(path, pieces), { pauseMs: 1000, isFinal: () => false });
  await rm(failurePath(out, shard), { force: true });
  await removeLeftoversOf(path);
}

/** Why a shard ended without a file. */
export interface ShardFailure {
  readonly code: string;
  readonly message: string;
}

/** Keep why a shard ended without a file. That it cannot be kept is no further failure. */
export async function keepFailure(
  out: string,
  shard: PlanShard,
  { code, message }: ShardFailure,
): Promise<void> {
  const text = `${JSON.stringify({ code, message })}\n`;
  await writeAtomically(failurePath(out, shard), [new TextEncoder().encode(text)]).catch(() => undefined);
}

/** Why a shard ended without a file the last time; undefined if it did not. */
export async function failureOf(out: string, shard: PlanShard): Promise<ShardFailure | undefined> {
  try {
    const { code, message } = JSON.parse(await readFile(failurePath(out, shard), "utf8")) as Record<
      string,
      unknown
    >;
    return { code: String(code), message: String(message) };
  } catch {
    return undefined;
  }
}

/** What is wrong with an opened file as that of a shard, in words; undefined if it is the shard's. */
export function misfit(file: ParquetFile, plan: PlanFile, shard: PlanShard): string | undefined {
  const expected = identityOf(plan, shard);
  const wrong = Object.keys(expected).find((name) => file.facts[name] !== expected[name]);
  if (wrong !== undefined) return `its ${wrong} is ${file.facts[wrong] ?? "missing"}, not ${expected[wrong]}`;
  return file.rows === shard.count ? undefined : `it has ${file.rows} rows, not ${shard.count}`;
}

/** Numbers of rows with errors by code. Throws as `withParquet`. */
export const errorsOf = (path: string): Promise<Readonly<Record<string, number>>> =>
  withParquet(path, async ({ facts }) => JSON.parse(facts["errors"] ?? "{}") as Record<string, number>);
