/**
 * The example images that come with the package: phantoms, drawn by a program.
 *
 * Knows: which files of the package they are, and what was drawn in each. `examples/Data_Entry_2017.csv` has the same labels.
 */

import { FINDINGS } from "../../findings.ts";
import type { PageExample } from "../../results/page.ts";

/** Where they are in the package. */
export const EXAMPLES_FOLDER = "examples/images";

/** An example, and what was drawn in it. */
export interface Drawn {
  readonly file: string;
  readonly name: string;
  /** What was drawn in it, by the names of `findings.ts`. */
  readonly findings: readonly string[];
}

/** Rows of the table of examples. */
export const DRAWN: readonly Drawn[] = [
  { file: "00000004_000.png", name: "Effusion and a mass", findings: ["Effusion", "Mass"] },
  { file: "00000002_000.png", name: "Effusion and pneumothorax", findings: ["Effusion", "Pneumothorax"] },
  { file: "00000006_000.png", name: "Nodules", findings: ["Nodule"] },
  {
    file: "00000008_001.png",
    name: "Large heart, mass, edema",
    findings: ["Cardiomegaly", "Mass", "Consolidation", "Edema"],
  },
  {
    file: "00000009_000.png",
    name: "Hernia, emphysema, fibrosis",
    findings: ["Emphysema", "Fibrosis", "Hernia"],
  },
  { file: "00000001_000.png", name: "No finding", findings: [] },
];

const displayName = (name: string): string =>
  FINDINGS.find((finding) => finding.name === name)?.displayName.toLowerCase() ?? name;

function noteOf(findings: readonly string[]): string {
  const words = new Intl.ListFormat("en").format(findings.map(displayName));
  return `Drawn by a program, not an image of a patient. ${findings.length === 0 ? "No finding was drawn." : `Drawn findings: ${words}.`}`;
}

/** The examples, in the order in which they are offered. */
export const EXAMPLES: readonly PageExample[] = DRAWN.map(({ file, name, findings }) => ({
  name,
  file: `examples/${file}`,
  note: noteOf(findings),
}));
