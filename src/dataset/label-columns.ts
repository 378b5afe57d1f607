/**
 * Labels in columns: one for each label, with 1, 0 or unknown in each row.
 *
 * Knows:      1 present, 0 absent; blank and NaN (nothing said) and −1 (CheXpert's "uncertain") are unknown, and so
 *             masked in training and left out of counts.
 * Reference:  Irvin et al., CheXpert, AAAI 2019, section 2 (blank, 0, 1, u).
 */

import { quote, XrayError } from "../errors.ts";
import { FINDING_NAMES, matchLabel } from "../findings.ts";
import { type Columns, listColumns } from "./columns.ts";
import type { LabelReader } from "./label-reader.ts";
import type { RowProblem, RowProblems } from "./row-problems.ts";
import { counted } from "./words.ts";

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

/** The column of a label; two that mean it are refused. */
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
 * The columns of the labels asked for, or of NIH's findings where none are.
 *
 * @param wanted  Labels; each must have a column.
 * @returns       In the order of `wanted`, or of NIH's findings. Empty where the file has none of the findings.
 * @throws        XrayError `labels/unknown-label`, `labels/duplicate-column`.
 */
export function findLabelColumns(
  header: readonly string[],
  columns: Columns,
  wanted: readonly string[] | undefined,
): LabelColumn[] {
  const taken = new Set(Object.values(columns));
  // A taken column keeps its place, under a name that no label has.
  const candidates = header.map((name, i) => (taken.has(i) ? "" : name));
  const found = (wanted ?? FINDING_NAMES).map((label) => ({ label, column: columnOf(label, candidates) }));
  const missing = found.filter(({ column }) => column < 0).map(({ label }) => label);
  if (wanted !== undefined && missing.length > 0) {
    throw new XrayError(
      "labels/unknown-label",
      `no column holds ${missing.map(quote).join(", ")}; its columns are ${listColumns(header)}`,
      { missing, columns: header },
    );
  }
  return found.filter(({ column }) => column >= 0);
}

/** 1, 0, or NaN for unknown; undefined where it is none of these. */
function labelValue(text: string): number | undefined {
  if (text === "1" || text === "1.0") return 1;
  if (text === "0" || text === "0.0") return 0;
  if (text === "" || text === "-1" || text === "-1.0" || text.toLowerCase() === "nan") return Number.NaN;
  return undefined;
}

/** A reader of these columns. */
export function columnLabels(found: readonly LabelColumn[], problems: RowProblems): LabelReader {
  const shared = new Map<string, Float32Array>();
  const unknown = { blank: 0, uncertain: 0 };
  const value = (fields: readonly string[], line: number, { label, column }: LabelColumn): number => {
    const text = fields[column]!.trim();
    const read = labelValue(text);
    if (read === undefined) problems.add(BAD_VALUE, line, () => `${label} ${quote(text)}`);
    else if (Number.isNaN(read)) unknown[text.startsWith("-") ? "uncertain" : "blank"] += 1;
    return read ?? Number.NaN;
  };
  return {
    labels: found.map(({ label }) => label),
    read(fields, line) {
      const values = found.map((column) => value(fields, line, column));
      const key = values.join();
      const labels = shared.get(key) ?? Float32Array.from(values);
      shared.set(key, labels);
      return labels;
    },
    finish: () => [
      ...(unknown.blank > 0 ? [`${counted(unknown.blank, "label")} left blank; taken as unknown`] : []),
      ...(unknown.uncertain > 0
        ? [`${counted(unknown.uncertain, "label")} of -1 (uncertain); taken as unknown`]
        : []),
    ],
  };
}
