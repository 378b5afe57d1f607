/**
 * Parquet: columns of numbers and text to bytes, and back, one group of rows at a time.
 *
 * Knows:      hyparquet and hyparquet-writer, which nothing else imports. Not what columns mean, and not files: whoever
 *             writes takes the pieces, and whoever reads hands out ranges of bytes.
 * Reference:  Apache Parquet; https://parquet.apache.org/docs/file-format/
 */

import type { FileMetaData } from "hyparquet";
import { parquetMetadataAsync, parquetRead } from "hyparquet/src/index.js";
import { ByteWriter, ParquetWriter } from "hyparquet-writer/src/index.js";
import { XrayError } from "../errors.ts";
import { VERSION } from "../version.ts";

/** A column: float32 numbers or text, either of which may be missing. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: "float32" | "text";
}

/** The values of one column, one for each row; null where there is none. */
export type ColumnValues = readonly (number | null)[] | readonly (string | null)[];

/** A few facts about the whole file, by name. */
export type ParquetFacts = Readonly<Record<string, string>>;

/** Ranges of a file's bytes. */
export interface ByteRanges {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** First bytes of every Parquet file. */
const MAGIC = "PAR1";

/** Whether bytes begin like a Parquet file. */
export const isParquet = (head: Uint8Array): boolean =>
  head.length >= MAGIC.length && [...MAGIC].every((letter, i) => head[i] === letter.charCodeAt(0));

/** Writes a file piece by piece. The same rows in the same groups give the same bytes. */
export class ParquetPieces {
  readonly #columns: readonly ParquetColumn[];
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;

  constructor(columns: readonly ParquetColumn[], facts: ParquetFacts) {
    this.#columns = columns;
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: [
        { name: "root", num_children: columns.length },
        ...columns.map(({ name, type }) =>
          type === "text"
            ? ({ name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" } as const)
            : ({ name, type: "FLOAT", repetition_type: "OPTIONAL" } as const),
        ),
      ],
      kvMetadata: Object.entries(facts).map(([key, value]) => ({ key, value })),
      createdBy: `medical-x version ${VERSION}`,
    });
  }

  /** The bytes of one more group. @param values  By column, in order; all of one length, which is at least 1. */
  group(values: readonly ColumnValues[]): Uint8Array {
    const rowGroupSize = values[0]!.length;
    this.#writer.write({
      columnData: this.#columns.map(({ name }, i) => ({ name, data: values[i] as (string | null)[] })),
      rowGroupSize,
    });
    return this.#take();
  }

  /** The bytes that end the file. */
  end(): Uint8Array {
    this.#writer.finish();
    return this.#take();
  }

  #take(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return bytes;
  }
}

function damaged(error: unknown): XrayError {
  const reason = error instanceof Error ? error.message : String(error);
  return new XrayError("parquet/damaged", `this is no complete Parquet file (${reason})`, {}, error);
}

/** A file of which the end, with its columns and facts, has been read. */
export class ParquetFile {
  readonly rows: number;
  /** Names of the columns, in order. */
  readonly columns: readonly string[];
  readonly facts: ParquetFacts;
  readonly #ranges: ByteRanges;
  readonly #metadata: FileMetaData;

  private constructor(ranges: ByteRanges, metadata: FileMetaData) {
    this.#ranges = ranges;
    this.#metadata = metadata;
    this.rows = Number(metadata.num_rows);
    this.columns = metadata.schema.slice(1).map(({ name }) => name);
    this.facts = Object.fromEntries(
      (metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ""]),
    );
  }

  /** Throws XrayError `parquet/damaged`. */
  static async open(ranges: ByteRanges): Promise<ParquetFile> {
    try {
      return new ParquetFile(ranges, await parquetMetadataAsync(ranges));
    } catch (error) {
      throw damaged(error);
    }
  }

  /**
   * The groups of rows, in order.
   *
   * @param columns  Names of columns that the file has.
   * @returns        For each group, the values of these columns: numbers, text, null, or whatever else they hold.
   * @throws         XrayError `parquet/damaged`.
   */
  async *groups(columns: readonly string[]): AsyncGenerator<readonly (readonly unknown[])[], void> {
    let rowStart = 0;
    for (const group of this.#metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      yield await this.#read(columns, rowStart, rowEnd);
      rowStart = rowEnd;
    }
  }

  async #read(columns: readonly string[], rowStart: number, rowEnd: number): Promise<readonly unknown[][]> {
    const values = new Map(columns.map((name) => [name, new Array<unknown>(rowEnd - rowStart)]));
    try {
      await parquetRead({
        file: this.#ranges,
        metadata: this.#metadata,
        columns: [...columns],
        rowStart,
        rowEnd,
        onChunk: ({ columnName, columnData, rowStart: from }) => {
          const into = values.get(columnName)!;
          for (let i = 0; i < columnData.length; i++) into[from - rowStart + i] = columnData[i];
        },
      });
    } catch (error) {
      throw damaged(error);
    }
    return columns.map((name) => values.get(name)!);
  }
}
