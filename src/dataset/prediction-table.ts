/**
 * Prediction files: a model's probabilities for each image.
 *
 * Pipeline:   csv → columns → **rows** → table
 * Knows:      the tables that `predict --format csv` and `merge` write, `Image Index,prob_<Finding>,…`, with
 *             `calibrated_<Finding>` if the model is calibrated, and any other table with a column for each finding. Not files: the caller
 *             adds the file's name to errors (`inFile`).
 */

import { quote, XrayError } from "../errors.ts";
import { matchLabel } from "../findings.ts";
import { agreeing, counted } from "../text.ts";
import { findColumns, listColumns } from "./columns.ts";
import { readCsv } from "./csv.ts";
import { imageName, plainName } from "./image-name.ts";
import { isMissing } from "./missing.ts";
import { decimalOf } from "./number.ts";
import { type RowProblem, RowProblems } from "./row-problems.ts";

/** A prediction file, read and checked. */
export interface PredictionTable {
  /** Those of the requested labels that the file has, in the order and spelling of the request. */
  readonly labels: readonly string[];
  /** By the file's names, each once. */
  readonly images: readonly string[];
  /** Each image's line in the file, counted from 1. */
  readonly lines: readonly number[];
  /** images × labels, C order; from 0 to 1. */
  readonly probabilities: Float64Array;
  /** The same for calibrated probabilities, with NaN for empty fields; undefined if the file has no columns of them. */
  readonly calibrated: Float64Array | undefined;
  /** Rows left out because their images could not be predicted. */
  readonly failed: number;
  /** Notes for the user. */
  readonly notes: readonly string[];
}

const PREFIX = /^prob_/i;
const CALIBRATED = /^calibrated_/i;

/** Of a row that has one, there are no probabilities, because its image could not be predicted. */
const ERROR_CODE = "error_code";

/** Other columns of what `predict` and `merge` write: the input checks that warned, the image's hash, the error's words. */
const OTHERS: ReadonlySet<string> = new Set(["checks", "sha256", ERROR_CODE, "error_message"]);

const SHORT: RowProblem = {
  code: "predictions/field-count",
  says: "with fewer fields than the header",
  wayOn: "give each row a value for every column",
};
const LONG: RowProblem = {
  code: "predictions/field-count",
  says: "with more fields than the header",
  wayOn: "put a field that holds a comma into quotation marks",
};
const NO_IMAGE: RowProblem = {
  code: "predictions/no-image",
  says: "without an image",
  wayOn: "name the image of each row, or remove the row",
};
const DUPLICATE: RowProblem = {
  code: "predictions/duplicate-image",
  says: "with an image that an earlier row names",
  wayOn: "keep one row for each image",
};
const NO_NUMBER: RowProblem = {
  code: "predictions/bad-value",
  says: "with a value that is not a number",
  wayOn:
    "give each a probability from 0 to 1: divide percentages by 100, and remove images that could not be predicted",
};
const NO_PROBABILITY: RowProblem = {
  code: "predictions/not-a-probability",
  says: "with a value outside 0 to 1",
  wayOn:
    "if these are logits, write 1 / (1 + exp(-logit)) in their place; if they are percentages, divide by 100",
};

/** A requested label, and the columns of its probabilities. */
interface ScoreColumn {
  readonly label: string;
  readonly column: number;
  /** −1 if there is none. */
  readonly calibrated: number;
}

/** The column of each label among the candidates. Throws if two columns mean the same label. */
function columnsOf(
  header: readonly string[],
  candidates: readonly { readonly column: number; readonly label: string | undefined }[],
): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  for (const { column, label } of candidates) {
    if (label === undefined) continue;
    const before = columns.get(label);
    if (before !== undefined) {
      throw new XrayError(
        "predictions/duplicate-column",
        `the columns ${quote(header[before]!)} and ${quote(header[column]!)} both mean ${label}; rename or remove one`,
        { label },
      );
    }
    columns.set(label, column);
  }
  return columns;
}

/** The columns of probabilities: if any are called `prob_…`, only those; otherwise all that are named after a label. */
function scoreColumns(
  header: readonly string[],
  imageColumn: number,
  labels: readonly string[],
): { columns: readonly ScoreColumn[]; notes: readonly string[] } {
  const isPrefixed = header.some((name) => PREFIX.test(name.trim()));
  const named = header.flatMap((name, column) =>
    column === imageColumn || OTHERS.has(name.trim()) ? [] : [{ column, name: name.trim() }],
  );
  const isScore = (name: string) => !CALIBRATED.test(name) && (!isPrefixed || PREFIX.test(name));
  const others = named.filter(({ name }) => !CALIBRATED.test(name) && !isScore(name));
  const matched = named
    .filter(({ name }) => isScore(name))
    .map(({ column, name }) => ({ column, label: matchLabel(name.replace(PREFIX, ""), labels) }));
  const calibrated = named
    .filter(({ name }) => CALIBRATED.test(name))
    .map(({ column, name }) => ({ column, label: matchLabel(name.replace(CALIBRATED, ""), labels) }));
  const [raw, other] = [columnsOf(header, matched), columnsOf(header, calibrated)];
  const columns = labels.flatMap((label) => {
    const column = raw.get(label);
    return column === undefined ? [] : [{ label, column, calibrated: other.get(label) ?? -1 }];
  });
  if (columns.length === 0) {
    throw new XrayError(
      "predictions/no-columns",
      `no column holds the probabilities of a label; its columns are ${listColumns(header)}; name them prob_${labels[0]} and so on, or ${labels.slice(0, 3).join(", ")}, …`,
      { columns: header, labels },
    );
  }
  const without = labels.filter((label) => !columns.some((column) => column.label === label));
  // A calibrated probability is useless without a raw one.
  const isLost = (label: string | undefined) => label === undefined || !raw.has(label);
  const unknown = [...matched, ...calibrated]
    .filter(({ label }) => isLost(label))
    .map(({ column }) => quote(header[column]!));
  return {
    columns,
    notes: [
      ...(without.length === 0
        ? []
        : [
            `${without.join(", ")} ${agreeing(without.length, "is", "are")} not predicted and so not evaluated`,
          ]),
      ...(unknown.length === 0
        ? []
        : [
            `${counted(unknown.length, "column")} ${agreeing(unknown.length, "stands", "stand")} for no label and ${agreeing(unknown.length, "is", "are")} not evaluated: ${unknown.join(", ")}`,
          ]),
      ...(others.length === 0
        ? []
        : [
            `${counted(others.length, "column")} ${agreeing(others.length, "does not begin", "do not begin")} with prob_ and ${agreeing(others.length, "is", "are")} not evaluated: ${others.map(({ column }) => quote(header[column]!)).join(", ")}`,
          ]),
    ],
  };
}

/** Reads the rows of a table one by one, whatever file they come from; throws as `parsePredictionTable`. */
export class PredictionRows {
  readonly #imageColumn: number;
  /** −1 if there is none. */
  readonly #errorColumn: number;
  readonly #columns: readonly ScoreColumn[];
  readonly #width: number;
  readonly #lastColumn: number;
  readonly #problems = new RowProblems();
  readonly #images: string[] = [];
  /** Plain spellings of the images so far, since two rows may name one image in different spellings. */
  readonly #names = new Set<string>();
  readonly #lines: number[] = [];
  readonly #values: number[] = [];
  readonly #calibrated: number[] = [];
  readonly #notes: readonly string[];
  #failed = 0;

  constructor(header: readonly string[], labels: readonly string[]) {
    this.#width = header.length;
    this.#imageColumn = findColumns(header).image;
    this.#errorColumn = header.findIndex((name) => name.trim() === ERROR_CODE);
    const { columns, notes } = scoreColumns(header, this.#imageColumn, labels);
    this.#columns = columns;
    this.#notes = notes;
    this.#lastColumn = Math.max(
      this.#imageColumn,
      ...columns.map(({ column, calibrated }) => Math.max(column, calibrated)),
    );
  }

  row(fields: readonly string[], line: number): void {
    if ((fields[this.#errorColumn] ?? "").trim() !== "") {
      this.#failed += 1;
      return;
    }
    if (fields.length <= this.#lastColumn) {
      this.#problems.add(SHORT, line, () => `${fields.length}`);
      return;
    }
    if (fields.slice(this.#width).some((field) => field.trim() !== "")) {
      this.#problems.add(LONG, line, () => `${fields.length}`);
      return;
    }
    const field = fields[this.#imageColumn]!;
    const image = isMissing(field) ? "" : imageName(field);
    if (image === "") this.#problems.add(NO_IMAGE, line, () => "blank");
    else if (this.#names.has(plainName(image))) this.#problems.add(DUPLICATE, line, () => quote(image));
    this.#names.add(plainName(image));
    this.#images.push(image);
    this.#lines.push(line);
    for (const { label, column, calibrated } of this.#columns) {
      this.#values.push(this.#value(fields[column]!, label, line));
      const other = fields[calibrated]?.trim() ?? "";
      this.#calibrated.push(isMissing(other) ? Number.NaN : this.#value(other, `calibrated ${label}`, line));
    }
  }

  #value(field: string, label: string, line: number): number {
    const text = field.trim();
    const value = decimalOf(text);
    if (Number.isNaN(value)) this.#problems.add(NO_NUMBER, line, () => `${label} is ${quote(text)}`);
    else if (value < 0 || value > 1) this.#problems.add(NO_PROBABILITY, line, () => `${label} is ${text}`);
    return value;
  }

  finish(): PredictionTable {
    this.#problems.refuse();
    if (this.#images.length === 0)
      throw new XrayError(
        "predictions/empty",
        this.#failed > 0
          ? `no row has probabilities: ${counted(this.#failed, "image")} could not be predicted; see the column ${ERROR_CODE}`
          : "there is no row below the header; one is needed for each image",
      );
    return {
      labels: this.#columns.map(({ label }) => label),
      images: this.#images,
      lines: this.#lines,
      probabilities: Float64Array.from(this.#values),
      calibrated: this.#columns.some(({ calibrated }) => calibrated >= 0)
        ? Float64Array.from(this.#calibrated)
        : undefined,
      failed: this.#failed,
      notes: this.#notes,
    };
  }
}

/**
 * Read a prediction file.
 *
 * @param text    A whole CSV file, with the image in a column such as `Image Index`.
 * @param labels  The labels to be evaluated. The file's columns may spell them differently.
 * @throws        XrayError `predictions/…`. For rows that cannot be read, with their lines and count: `field-count`,
 *                `no-image`, `duplicate-image`, `bad-value`, `not-a-probability`. For the file: `empty`, `no-columns`,
 *                `duplicate-column`. Also as `findColumns` and `readCsv`.
 */
export function parsePredictionTable(text: string, labels: readonly string[]): PredictionTable {
  let rows: PredictionRows | undefined;
  readCsv(text, (header) => {
    const opened = new PredictionRows(header, labels);
    rows = opened;
    return (fields, line) => opened.row(fields, line);
  });
  return rows!.finish();
}
