/**
 * Puts the shards of a plan together as one table, in the plan's order.
 *
 * Nothing in the table depends on how the plan was cut or who did which shard: its groups of rows have a fixed size, and its
 * facts are those of the model and the version.
 *
 * Pipeline:   plan, shards → **rows, a group at a time** → Parquet, CSV or NDJSON
 * Knows:      files. Not how rows came about.
 */

import { extname } from "node:path";
import { XrayError } from "../../errors.ts";
import { type ColumnValues, ParquetPieces } from "../../formats/parquet.ts";
import { NOTICE } from "../../models/notice.ts";
import { AtomicFile, checkNoFolder } from "../../node/files.ts";
import { withParquet } from "../../node/parquet-file.ts";
import { type ScoreRow, scoreColumns } from "../../report/scoring/score-row.ts";
import { scoreCsvHeader, scoreCsvLine, scoreJsonLine } from "../../report/scoring/table-lines.ts";
import type { PlanHead } from "../../results/scoring-plan.ts";
import { counted, someOf } from "../../text.ts";
import type { PlanFile, PlanShard } from "./plan-file.ts";
import { isDone, misfit, shardPath } from "./shard-file.ts";
import { planIn } from "./status.ts";

/** Rows of a group in the table. */
const GROUP = 20_000;

/** The forms of a table, by the ending of its file's name. */
export const TABLE_ENDINGS = [".parquet", ".csv", ".ndjson"] as const;

/** What was merged. */
export interface Merged {
  readonly rows: number;
  readonly shards: number;
  /** Rows without probabilities. */
  readonly errors: number;
}

type Group = readonly (readonly unknown[])[];

/** Columns into bytes. */
interface TableWriter {
  readonly begin: () => Uint8Array | undefined;
  readonly group: (columns: Group) => Uint8Array;
  readonly end: () => Uint8Array | undefined;
}

function parquetWriter({ model, version }: PlanHead): TableWriter {
  const facts = {
    schema: "medical-x/score-table@1",
    version,
    model: model.name,
    sha256: model.sha256,
    notice: NOTICE,
  };
  const writer = new ParquetPieces(scoreColumns(model), facts);
  return {
    begin: () => undefined,
    group: (columns) => writer.group(columns as readonly ColumnValues[]),
    end: () => writer.end(),
  };
}

/** A row of columns in the order of `scoreColumns`. */
function rowAt(columns: Group, at: number, { labels, calibrated }: PlanHead["model"]): ScoreRow {
  const values = columns.map((column) => column[at] ?? null) as (string | number | null)[];
  const numbers = values.slice(1, 1 + labels.length) as (number | null)[];
  const others = values.slice(1 + labels.length, 1 + labels.length + calibrated.length) as (number | null)[];
  const [checks, sha256, code, message] = values.slice(-4) as (string | null)[];
  const isFailed = code !== null && code !== undefined;
  return {
    image: String(values[0]),
    probabilities: isFailed ? null : (numbers as number[]),
    calibrated: isFailed ? null : labels.map((label) => others[calibrated.indexOf(label)] ?? null),
    checks: checks ?? null,
    sha256: sha256 ?? null,
    error: isFailed ? { code, message: message ?? "" } : null,
  };
}

function linesWriter({ model }: PlanHead, isCsv: boolean): TableWriter {
  const encoder = new TextEncoder();
  const lineOf = isCsv ? scoreCsvLine : scoreJsonLine;
  return {
    begin: () => (isCsv ? encoder.encode(scoreCsvHeader(model)) : undefined),
    group: (columns) =>
      encoder.encode(columns[0]!.map((_, at) => lineOf(rowAt(columns, at, model), model)).join("")),
    end: () => undefined,
  };
}

function writerFor(to: string, head: PlanHead): TableWriter {
  const ending = extname(to).toLowerCase();
  if (ending === ".parquet") return parquetWriter(head);
  if (ending === ".csv" || ending === ".ndjson") return linesWriter(head, ending === ".csv");
  throw new XrayError(
    "scoring/unknown-table",
    `${to}: a table of this ending cannot be written; end the name in ${TABLE_ENDINGS.join(", ")}`,
    { file: to },
  );
}

async function checkComplete(folder: string, { shards }: PlanFile): Promise<void> {
  const missing: PlanShard[] = [];
  for (const shard of shards) if (!(await isDone(folder, shard))) missing.push(shard);
  if (missing.length === 0) return;
  throw new XrayError(
    "scoring/incomplete",
    `${folder}: ${counted(missing.length, "shard")} of ${shards.length} ${missing.length === 1 ? "is" : "are"} missing (${someOf(missing, ({ number }) => String(number))}); run the same score command again, which does only what is missing`,
    { folder, missing: missing.map(({ number }) => number) },
  );
}

/** The groups of all shards, in order. */
async function* groupsOf(
  folder: string,
  plan: PlanFile,
  columns: readonly string[],
): AsyncGenerator<Group, void> {
  for (const shard of plan.shards) {
    const path = shardPath(folder, shard);
    const groups = await withParquet(path, async (file) => {
      const wrong = misfit(file, plan, shard);
      if (wrong !== undefined || file.columns.join("\n") !== columns.join("\n")) {
        throw new XrayError(
          "scoring/foreign-shard",
          `${path}: this is not the shard that the plan means: ${wrong ?? "it has other columns"}; remove the file and score again`,
          { file: path },
        );
      }
      const all: Group[] = [];
      for await (const group of file.groups(columns)) all.push(group);
      return all;
    });
    yield* groups;
  }
}

/** Rows gathered until there are enough for a group. */
class Gathered {
  readonly #columns: unknown[][];

  constructor(columns: number) {
    this.#columns = Array.from({ length: columns }, () => []);
  }

  get length(): number {
    return this.#columns[0]!.length;
  }

  add(group: Group): void {
    for (const [i, values] of group.entries()) {
      const into = this.#columns[i]!;
      for (const value of values) into.push(value);
    }
  }

  take(count: number): Group {
    return this.#columns.map((column) => column.splice(0, count));
  }
}

/**
 * Merge the shards of a folder.
 *
 * @param folder      Where images were scored to.
 * @param to          Ends in `.parquet`, `.csv` or `.ndjson`.
 * @param onProgress  Called with the number of rows that are written.
 * @throws            XrayError `scoring/no-plan`, `scoring/bad-plan`, `scoring/incomplete` with the shards that are missing,
 *                    `scoring/foreign-shard`, `scoring/unknown-table`, `parquet/damaged`, `file/…`.
 */
export async function mergeShards(
  folder: string,
  to: string,
  onProgress: (rows: number, total: number) => void = () => undefined,
): Promise<Merged> {
  const plan = await planIn(folder);
  const writer = writerFor(to, plan.head);
  await checkNoFolder(to);
  await checkComplete(folder, plan);
  const names = scoreColumns(plan.head.model).map(({ name }) => name);
  const codes = names.indexOf("error_code");
  const file = await AtomicFile.create(to);
  const gathered = new Gathered(names.length);
  let [rows, errors] = [0, 0];
  const write = async (count: number): Promise<void> => {
    const group = gathered.take(count);
    rows += group[0]!.length;
    errors += group[codes]!.filter((code) => code !== null && code !== undefined).length;
    await file.write(writer.group(group));
    onProgress(rows, plan.tail.count);
  };
  try {
    const head = writer.begin();
    if (head !== undefined) await file.write(head);
    for await (const group of groupsOf(folder, plan, names)) {
      gathered.add(group);
      while (gathered.length >= GROUP) await write(GROUP);
    }
    if (gathered.length > 0) await write(gathered.length);
    const end = writer.end();
    if (end !== undefined) await file.write(end);
  } catch (error) {
    await file.discard();
    throw error;
  }
  await file.commit();
  return { rows, shards: plan.shards.length, errors };
}
