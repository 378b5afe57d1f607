/**
 * How a label file says what an image shows: in one column of names, or in a column for each label.
 *
 * Knows: the choice between the two forms. Each form has its own file.
 */

import { XrayError } from "../errors.ts";
import { FINDING_NAMES, matchLabel } from "../findings.ts";
import { type Columns, listColumns } from "./columns.ts";
import type { KnownTable } from "./known-tables.ts";
import { columnLabels, findLabelColumns, findNoFinding } from "./label-columns.ts";
import { listLabels } from "./label-list.ts";
import type { LabelReader } from "./label-reader.ts";
import type { RowProblems } from "./row-problems.ts";

/** NIH's spelling of a label that is one of NIH's findings. Other labels stay as they are. */
export const ownName = (label: string): string => matchLabel(label, FINDING_NAMES) ?? label;

/** The requested labels, in NIH's spelling if they are NIH's findings. Throws if one is given twice. */
function wantedLabels(wanted: readonly string[]): string[] {
  const labels = wanted.map(ownName);
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) {
    throw new XrayError("labels/duplicate-label", `the label ${twice} was named twice; name it once`, {
      label: twice,
    });
  }
  return labels;
}

/**
 * Choose the reader for a file with this header.
 *
 * @param wanted  The requested labels, or undefined for NIH's findings.
 * @param known   The published table that the file is, if it is one.
 * @throws        XrayError `labels/no-label-columns`, `labels/unknown-label`, `labels/duplicate-label`.
 */
export function labelReader(
  header: readonly string[],
  columns: Columns,
  problems: RowProblems,
  wanted?: readonly string[],
  known?: KnownTable,
): LabelReader {
  const labels = wanted === undefined ? undefined : wantedLabels(wanted);
  if (columns.findings >= 0 && known?.prefersColumns !== true)
    return listLabels(columns.findings, problems, labels, known?.vocabulary);
  const found = findLabelColumns(header, columns, labels);
  if (found.length === 0) {
    throw new XrayError(
      "labels/no-label-columns",
      `no column holds labels; its columns are ${listColumns(header)}; it needs "Finding Labels" with names separated by |, or a column for each finding (${FINDING_NAMES.slice(0, 3).join(", ")}, …) with 1, 0 or blank; other columns can be chosen as labels`,
      { columns: header },
    );
  }
  return columnLabels({ found, noFinding: findNoFinding(header) }, problems);
}

/** Columns named after NIH's findings, which are not read if a column of names is read instead. */
export function unreadColumns(header: readonly string[], columns: Columns): readonly string[] {
  const taken = new Set(Object.values(columns));
  return header.filter((name, i) => !taken.has(i) && matchLabel(name, FINDING_NAMES) !== undefined);
}
