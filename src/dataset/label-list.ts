/**
 * Labels in one column: `Effusion|Mass` and `No Finding`, as NIH writes them, or `['nodule', 'mass']`, as in PadChest.
 *
 * Knows:      how names are separated. A label that a row does not name is absent; a blank field leaves all unknown.
 * Reference:  Wang et al., ChestX-ray8, CVPR 2017; Bustos et al., PadChest, Medical Image Analysis 2020.
 */

import { quote, XrayError } from "../errors.ts";
import { FINDING_NAMES, matchLabel } from "../findings.ts";
import { agreeing, counted } from "../text.ts";
import type { LabelReader } from "./label-reader.ts";
import { isMissing } from "./missing.ts";
import type { RowProblem, RowProblems } from "./row-problems.ts";
import { NIH, type Vocabulary } from "./vocabulary.ts";

/** A name in the file that is not one of NIH's findings. */
const UNKNOWN: RowProblem = {
  code: "labels/unknown-finding",
  says: "with a finding that is none of NIH's 14",
  wayOn: "correct the spelling, or choose the labels that count",
};
const CONTRADICTION: RowProblem = {
  code: "labels/contradiction",
  says: "with No Finding beside a finding",
  wayOn: "remove one of them",
};

/** A string in a list as Python prints it. */
const PYTHON_STRING = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g;

/** The names in a field, trimmed, without empty ones. */
function namesIn(field: string): string[] {
  const text = field.trim();
  const names =
    text.startsWith("[") && text.endsWith("]")
      ? Array.from(text.matchAll(PYTHON_STRING), ([, single, double]) => single ?? double ?? "")
      : text.split("|");
  return names.map((name) => name.trim()).filter((name) => !isMissing(name));
}

/** What a field's text means. */
interface Meaning {
  readonly labels: Float32Array;
  /** Names that are neither chosen labels nor NIH's findings. */
  readonly others: readonly string[];
  readonly contradicts: boolean;
  readonly isBlank: boolean;
  /** The field names something, but says nothing about labels that it does not name. */
  readonly isOpen: boolean;
}

function readField(text: string, labels: readonly string[], vocabulary: Vocabulary): Meaning {
  const names = namesIn(text);
  const isBlank = names.length === 0;
  const isOpen = isBlank || names.some((name) => vocabulary.isOpen(name));
  const values = new Float32Array(labels.length).fill(isOpen ? Number.NaN : 0);
  const findings = names.filter((name) => !vocabulary.isNone(name) && !vocabulary.isOpen(name));
  const others: string[] = [];
  for (const name of findings) {
    const meant = vocabulary.findingsOf(name);
    const found = [name, ...meant].flatMap((one) => matchLabel(one, labels) ?? []);
    for (const label of found) values[labels.indexOf(label)] = 1;
    if (found.length === 0 && meant.length === 0) others.push(name);
  }
  return {
    labels: values,
    others,
    contradicts: findings.length > 0 && names.some((name) => vocabulary.isNone(name)),
    isBlank,
    isOpen: isOpen && !isBlank,
  };
}

/** Throw `labels/unknown-label` if a label that is not NIH's never occurs: perhaps nobody looked for it. */
function mustOccur(labels: readonly string[], meanings: Iterable<Meaning>): void {
  const seen = new Set<number>();
  for (const meaning of meanings)
    for (const [i, value] of meaning.labels.entries()) if (value === 1) seen.add(i);
  const never = labels.filter((label, i) => !FINDING_NAMES.includes(label) && !seen.has(i));
  if (never.length === 0) return;
  throw new XrayError(
    "labels/unknown-label",
    `no row names ${never.map(quote).join(", ")}, so nobody may have looked for ${agreeing(never.length, "it", "them")}; choose labels that the file has`,
    { missing: never },
  );
}

/**
 * Make a reader of a column of names.
 *
 * @param wanted      The requested labels, or undefined for NIH's 14. If given, other names are left out and noted.
 * @param vocabulary  What names mean. Default: NIH's.
 */
export function listLabels(
  column: number,
  problems: RowProblems,
  wanted: readonly string[] | undefined,
  vocabulary: Vocabulary = NIH,
): LabelReader {
  const labels = wanted ?? FINDING_NAMES;
  const meanings = new Map<string, Meaning>();
  const notChosen = new Set<string>();
  let [blank, open] = [0, 0];
  return {
    labels,
    read(fields, line) {
      const text = fields[column]!;
      const meaning = meanings.get(text) ?? readField(text, labels, vocabulary);
      meanings.set(text, meaning);
      if (meaning.isBlank) blank += 1;
      if (meaning.isOpen) open += 1;
      if (meaning.contradicts) problems.add(CONTRADICTION, line, () => quote(text));
      if (meaning.others.length > 0) {
        if (wanted === undefined && !vocabulary.hasOthers)
          problems.add(UNKNOWN, line, () => meaning.others.map(quote).join(", "));
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
              `the findings of ${counted(blank, "image")} with a blank field are taken to be unknown; write "No Finding" for an image without findings`,
            ]
          : []),
        ...(open > 0
          ? [
              `${counted(open, "image")} ${agreeing(open, "has", "have")} a name that leaves the others open (such as "unchanged"); labels that are not named there are taken to be unknown`,
            ]
          : []),
        ...(notChosen.size > 0
          ? [
              `${counted(notChosen.size, "name")} of the file ${agreeing(notChosen.size, "is", "are")} not among the labels and left out: ${left}`,
            ]
          : []),
      ];
    },
  };
}
