/**
 * Labels in one column: `Effusion|Mass`, `No Finding`, as NIH writes them.
 *
 * Knows:      names and their aliases. Every label that a row does not name is absent; a blank field is unknown.
 * Reference:  Wang et al., ChestX-ray8, CVPR 2017.
 */

import { quote, XrayError } from "../errors.ts";
import { FINDING_NAMES, matchLabel } from "../findings.ts";
import type { LabelReader } from "./label-reader.ts";
import type { RowProblem, RowProblems } from "./row-problems.ts";
import { counted } from "./words.ts";

/** A name that the file has beyond NIH's findings. */
const UNKNOWN: RowProblem = {
  code: "labels/unknown-finding",
  says: "with a finding that is none of NIH's 14",
  wayOn: "correct the spelling, or choose the labels that count (--labels)",
};
const CONTRADICTION: RowProblem = {
  code: "labels/contradiction",
  says: "with No Finding beside a finding",
  wayOn: "remove one of them",
};

const isNoFinding = (name: string): boolean => /^no[ _-]?findings?$/i.test(name);

/** What one field's text means. */
interface Meaning {
  readonly labels: Float32Array;
  /** Names that are neither chosen labels nor NIH's findings. */
  readonly others: readonly string[];
  readonly contradicts: boolean;
  readonly isBlank: boolean;
}

function readField(text: string, labels: readonly string[]): Meaning {
  const names = text.split("|").map((name) => name.trim());
  const isBlank = names.every((name) => name === "" || name.toLowerCase() === "nan");
  const values = new Float32Array(labels.length).fill(isBlank ? Number.NaN : 0);
  const findings = isBlank ? [] : names.filter((name) => name !== "" && !isNoFinding(name));
  const others: string[] = [];
  for (const name of findings) {
    const label = matchLabel(name, labels);
    if (label !== undefined) values[labels.indexOf(label)] = 1;
    else if (matchLabel(name, FINDING_NAMES) === undefined) others.push(name);
  }
  return {
    labels: values,
    others,
    contradicts: findings.length > 0 && names.some(isNoFinding),
    isBlank,
  };
}

/** A label that is not NIH's counts as looked for only where the file names it somewhere. */
function mustOccur(labels: readonly string[], meanings: Iterable<Meaning>): void {
  const seen = new Set<number>();
  for (const meaning of meanings)
    for (const [i, value] of meaning.labels.entries()) if (value === 1) seen.add(i);
  const never = labels.filter((label, i) => !FINDING_NAMES.includes(label) && !seen.has(i));
  if (never.length === 0) return;
  throw new XrayError(
    "labels/unknown-label",
    `no row names ${never.map(quote).join(", ")}, so nobody may have looked for it; choose labels that the file has`,
    { missing: never },
  );
}

/**
 * A reader of such a column.
 *
 * @param wanted  Labels asked for, or undefined for NIH's 14. Where they are given, names beyond them are left out.
 */
export function listLabels(
  column: number,
  problems: RowProblems,
  wanted: readonly string[] | undefined,
): LabelReader {
  const labels = wanted ?? FINDING_NAMES;
  const meanings = new Map<string, Meaning>();
  const notChosen = new Set<string>();
  let blank = 0;
  return {
    labels,
    read(fields, line) {
      const text = fields[column]!;
      const meaning = meanings.get(text) ?? readField(text, labels);
      meanings.set(text, meaning);
      if (meaning.isBlank) blank += 1;
      if (meaning.contradicts) problems.add(CONTRADICTION, line, () => quote(text));
      if (meaning.others.length > 0) {
        if (wanted === undefined) problems.add(UNKNOWN, line, () => meaning.others.map(quote).join(", "));
        else for (const name of meaning.others) notChosen.add(name);
      }
      return meaning.labels;
    },
    finish() {
      mustOccur(labels, meanings.values());
      const left = [...notChosen].slice(0, 5).map(quote).join(", ");
      return [
        ...(blank > 0
          ? [
              `${counted(blank, "image")} with a blank field of findings; all labels taken as unknown (none is "No Finding")`,
            ]
          : []),
        ...(notChosen.size > 0
          ? [`${counted(notChosen.size, "name")} of the file not among the labels, and left out: ${left}`]
          : []),
      ];
    },
  };
}
