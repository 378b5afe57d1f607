/**
 * NIH's `Finding Labels`: names with `|` between them, or `No Finding`.
 *
 * Knows:      findings.
 * Reference:  Wang et al., ChestX-ray8, CVPR 2017; the data set's README.
 */

import { quote, XrayError } from "../errors.ts";
import { FINDING_NAMES, matchLabel } from "../findings.ts";
import { lineOf } from "./csv.ts";
import type { LabelReader } from "./label-reader.ts";

const NONE = "No Finding";

/**
 * Read a column of combined labels. Every label that is not named is known to be absent.
 *
 * @param wanted  The labels to keep; those named beside them are counted and left out.
 * @throws        XrayError `labels/unknown-label` for a name that is no finding.
 */
export function nihLabels(column: number, wanted: readonly string[] = FINDING_NAMES): LabelReader {
  const indexes = new Map<string, number | undefined>([[NONE, undefined]]);
  let leftOut = 0;
  /** The label's place; undefined where it is a finding that is not wanted. */
  const place = (name: string, row: number): number | undefined => {
    if (indexes.has(name)) return indexes.get(name);
    const match = matchLabel(name, wanted);
    if (match === undefined && matchLabel(name, FINDING_NAMES) === undefined) {
      throw new XrayError(
        "labels/unknown-label",
        `line ${lineOf(row)}: ${quote(name)} is none of the labels ${wanted.join(", ")} and not "${NONE}"`,
        { line: lineOf(row), label: name },
      );
    }
    const index = match === undefined ? undefined : wanted.indexOf(match);
    indexes.set(name, index);
    return index;
  };
  return {
    labels: wanted,
    columns: column + 1,
    read(fields, row) {
      const labels = new Float32Array(wanted.length);
      for (const name of fields[column]!.split("|")) {
        const index = place(name.trim(), row);
        if (index !== undefined) labels[index] = 1;
        else if (name.trim() !== NONE) leftOut += 1;
      }
      return labels;
    },
    notes: () => (leftOut === 0 ? [] : [`${leftOut} labels were left out: they are not among those wanted`]),
  };
}
