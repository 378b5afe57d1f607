/**
 * Labels in columns, one for each label, with 1, 0 or unknown in each row.
 *
 * Knows:      1 is present, 0 absent. Blank (nothing said) and −1 (CheXpert's "uncertain") are unknown, and are
 *             therefore masked in training and left out of counts. If a column `No Finding` is 1, blank labels are
 *             absent. If it is 0, nothing follows, because it does not say which finding is present.
 * Reference:  Irvin et al., CheXpert, AAAI 2019, section 2 (blank, 0, 1, u); its labeller, stages/aggregate.py
 *             (No Finding); torchxrayvision, `CheX_Dataset`, which fills the same labels.
 */

import { quote, XrayError } from "../errors.ts";
import { FINDING_NAMES, matchLabel } from "../findings.ts";
import { agreeing, counted } from "../text.ts";
import { type Columns, listColumns } from "./columns.ts";
import type { LabelReader } from "./label-reader.ts";
import { isProbability, type LabelValue, labelValue } from "./label-value.ts";
import type { RowProblem, RowProblems } from "./row-problems.ts";
import { isNoFinding } from "./vocabulary.ts";

/** A label and the column that holds it. */
export interface LabelColumn {
  readonly label: string;
  readonly column: number;
}

const BAD_VALUE: RowProblem = {
  code: "labels/bad-value",
  says: "with a label that is not 1, 0 or unknown",
  wayOn: "write 1 (present), 0 (absent), or nothing, NaN or -1 (unknown)",
};
const PROBABILITY: RowProblem = {
  code: "labels/bad-value",
  says: "with a number between 0 and 1 in place of a label",
  wayOn:
    "labels are 1 (present), 0 (absent), or nothing (unknown); probabilities belong in a file of predictions",
  details: { areProbabilities: true },
};
const CONTRADICTION: RowProblem = {
  code: "labels/contradiction",
  says: "with No Finding beside a finding",
  wayOn: "change one of them to 0",
};

/** The column of a label, or −1. Two columns that mean the same label are refused. */
function columnOf(label: string, candidates: readonly string[]): number {
  const name = matchLabel(label, candidates);
  if (name === undefined) return -1;
  const at = candidates.indexOf(name);
  const others = candidates.filter((other, i) => i !== at && matchLabel(label, [other]) !== undefined);
  if (others.length > 0) {
    throw new XrayError(
      "labels/duplicate-column",
      `the columns ${[name, ...others].map(quote).join(" and ")} both mean ${label}; rename or remove one`,
      { label, columns: [name, ...others] },
    );
  }
  return at;
}

/**
 * Find the columns of the requested labels, or by default of NIH's findings.
 *
 * @param wanted  The requested labels, each of which must have a column.
 * @returns       In the order of `wanted` or of NIH's findings. Empty if the file has no column for any finding.
 * @throws        XrayError `labels/unknown-label`, `labels/duplicate-column`.
 */
export function findLabelColumns(
  header: readonly string[],
  columns: Columns,
  wanted: readonly string[] | undefined,
): LabelColumn[] {
  const taken = new Set(Object.values(columns));
  // A column that has another role keeps its place, but under a name that matches no label.
  const candidates = header.map((name, i) => (taken.has(i) ? "" : name));
  const found = (wanted ?? FINDING_NAMES).map((label) => ({ label, column: columnOf(label, candidates) }));
  const missing = found.filter(({ column }) => column < 0).map(({ label }) => label);
  if (wanted !== undefined && missing.length > 0) {
    throw new XrayError(
      "labels/unknown-label",
      `no column holds ${missing.map(quote).join(", ")}; its columns are ${listColumns(header)}; choose labels among them`,
      { missing, columns: header },
    );
  }
  return found.filter(({ column }) => column >= 0);
}

/** The columns that are read: those of labels, and that of `No Finding`. */
export interface LabelColumns {
  readonly found: readonly LabelColumn[];
  /** Index into the header; −1 if there is no such column. */
  readonly noFinding: number;
}

/** The column that says that an image has no finding; −1 if there is none. */
export function findNoFinding(header: readonly string[]): number {
  const at = header.findIndex(isNoFinding);
  const other = header.findLastIndex(isNoFinding);
  if (at === other) return at;
  const columns = [header[at], header[other]];
  throw new XrayError(
    "labels/duplicate-column",
    `the columns ${columns.map(quote).join(" and ")} both mean No Finding; rename or remove one`,
    { label: "No Finding", columns },
  );
}

/**
 * Whether a label is not affected by No Finding. CheXpert's labeller sets No Finding if no observation except Support
 * Devices is positive or uncertain, so No Finding says nothing about devices. In the published training table, 8,808 of
 * the 22,381 images without a finding have Support Devices.
 */
const isNoDisease = (label: string): boolean => matchLabel("Support Devices", [label]) !== undefined;

/** Reads rows, and counts how values were interpreted. */
class ColumnReader implements LabelReader {
  readonly labels: readonly string[];
  readonly #found: readonly (LabelColumn & { readonly follows: boolean })[];
  readonly #noFinding: number;
  readonly #problems: RowProblems;
  readonly #shared = new Map<string, Float32Array>();
  readonly #read = new Map<string, LabelValue>();
  readonly #counts = { blank: 0, uncertain: 0, filled: 0, normal: 0 };

  constructor({ found, noFinding }: LabelColumns, problems: RowProblems) {
    this.labels = found.map(({ label }) => label);
    this.#found = found.map((column) => ({
      ...column,
      follows: column.column !== noFinding && !isNoDisease(column.label),
    }));
    this.#noFinding = noFinding;
    this.#problems = problems;
  }

  #field(fields: readonly string[], line: number, label: string, column: number): LabelValue {
    const text = fields[column]!;
    const read = this.#read.get(text) ?? labelValue(text);
    if (read !== undefined) {
      this.#read.set(text, read);
      return read;
    }
    const problem = isProbability(text) ? PROBABILITY : BAD_VALUE;
    this.#problems.add(problem, line, () => `${label} ${quote(text.trim())}`);
    return "blank";
  }

  #value(value: LabelValue, isAbsent: boolean): number {
    if (value === "present") return 1;
    if (value === "absent") return 0;
    if (value === "blank" && isAbsent) {
      this.#counts.filled += 1;
      return 0;
    }
    this.#counts[value] += 1;
    return Number.NaN;
  }

  read(fields: readonly string[], line: number): Float32Array {
    const noFinding = this.#noFinding;
    const isNormal = noFinding >= 0 && this.#field(fields, line, "No Finding", noFinding) === "present";
    const filled = this.#counts.filled;
    const values = this.#found.map(({ label, column, follows }) => {
      const value = this.#field(fields, line, label, column);
      if (isNormal && follows && value === "present")
        this.#problems.add(CONTRADICTION, line, () => `${label} ${quote(fields[column]!.trim())}`);
      return this.#value(value, isNormal && follows);
    });
    if (this.#counts.filled > filled) this.#counts.normal += 1;
    const key = values.join();
    const labels = this.#shared.get(key) ?? Float32Array.from(values);
    this.#shared.set(key, labels);
    return labels;
  }

  finish(): readonly string[] {
    const { blank, uncertain, filled, normal } = this.#counts;
    return [
      ...(filled > 0
        ? [
            `${counted(filled, "label")} left blank where No Finding is 1 (${counted(normal, "image")}) ${agreeing(filled, "is", "are")} taken to be absent`,
          ]
        : []),
      ...(blank > 0
        ? [`${counted(blank, "label")} left blank ${agreeing(blank, "is", "are")} taken to be unknown`]
        : []),
      ...(uncertain > 0
        ? [
            `${counted(uncertain, "label")} of -1 (uncertain) ${agreeing(uncertain, "is", "are")} taken to be unknown`,
          ]
        : []),
    ];
  }
}

/** Make a reader of label columns. */
export const columnLabels = (columns: LabelColumns, problems: RowProblems): LabelReader =>
  new ColumnReader(columns, problems);
