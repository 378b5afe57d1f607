/**
 * Which image has which labels: one table, from NIH's files or anyone's CSV.
 *
 * Pipeline:   CSV text → **label table** → split → training, evaluation
 * Knows:      tables and findings. Not files or folders.
 */

import { quote, XrayError } from "../errors.ts";
import { columnLabels } from "./column-labels.ts";
import { type CsvTable, findColumn, lineOf, parseCsv, showHeader, showLines } from "./csv.ts";
import type { LabelReader } from "./label-reader.ts";
import { nihLabels } from "./nih-labels.ts";

/** One image of a table. */
export interface LabelledImage {
  /** Its name or path, as the table has it. */
  readonly image: string;
  /** The patient, or the image's own name where the table knows none. */
  readonly patient: string;
  /** 1, 0, or NaN where nothing is known, in the order of the table's labels. */
  readonly labels: Float32Array;
  /** In years. */
  readonly age?: number;
  readonly sex?: "M" | "F";
  /** `PA`, `AP`, … */
  readonly view?: string;
}

/** A table of images and their labels. */
export interface LabelTable {
  readonly labels: readonly string[];
  readonly images: readonly LabelledImage[];
  /** What a user should be told, with counts. */
  readonly notes: readonly string[];
}

/** The columns that are used beside the labels, by what they may be called. */
const COLUMNS = {
  image: ["Image Index", "image", "path", "filename", "file", "file_name", "image_path", "dicom_id", "id"],
  patient: ["Patient ID", "patient", "patient_id", "PatientID", "subject_id"],
  age: ["Patient Age", "age"],
  sex: ["Patient Gender", "Patient Sex", "sex", "gender"],
  view: ["View Position", "view", "ViewPosition", "AP/PA"],
} as const;

/** Older than anyone: a slip of the pen, as NIH's 411 years. */
const MAX_AGE = 120;

/** `058Y`, `58`, `058M` (months) in years; undefined where it is none. */
function parseAge(text: string | undefined): number | undefined {
  const [, number, unit = "Y"] = /^\s*0*(\d+)\s*([YMWD]?)\s*$/i.exec(text ?? "") ?? [];
  if (number === undefined) return undefined;
  const perYear = { Y: 1, M: 12, W: 52, D: 365 }[unit.toUpperCase() || "Y"] ?? 1;
  const age = Math.floor(Number(number) / perYear);
  return age <= MAX_AGE ? age : undefined;
}

function parseSex(text: string | undefined): "M" | "F" | undefined {
  const first = text?.trim()[0]?.toUpperCase();
  return first === "M" || first === "F" ? first : undefined;
}

/** Refuse rows that lack fields, and images that stand in the table twice. */
function checkRows(table: CsvTable, image: number, needed: number): void {
  const short = table.rows.flatMap((fields, row) => (fields.length < needed ? [lineOf(row)] : []));
  if (short.length > 0) {
    throw new XrayError(
      "labels/short-row",
      `${showLines(short)}: ${short.length} rows have fewer than ${needed} fields`,
      { lines: short.slice(0, 10), count: short.length },
    );
  }
  const seen = new Map<string, number>();
  const again: number[] = [];
  for (const [row, fields] of table.rows.entries()) {
    if (seen.has(fields[image]!)) again.push(lineOf(row));
    else seen.set(fields[image]!, row);
  }
  if (again.length === 0) return;
  throw new XrayError(
    "labels/duplicate-image",
    `${showLines(again)}: ${again.length} images stand in the table before, ` +
      `such as ${quote(table.rows[again[0]! - 2]![image])}; each may have one row`,
    { lines: again.slice(0, 10), count: again.length },
  );
}

/** The reader of a table's labels: NIH's `Finding Labels`, or columns named like findings. */
function labelReader(table: CsvTable, wanted: readonly string[] | undefined): LabelReader {
  const combined = findColumn(table, ["Finding Labels"]);
  return combined >= 0 ? nihLabels(combined, wanted) : columnLabels(table, wanted);
}

/**
 * Read a label table.
 *
 * NIH's `Data_Entry_2017.csv` in all its variants, or any CSV with a column of image names or paths and a column for
 * each label: 1, 0, and blank, NaN or −1 for what is not known.
 *
 * @param text    The file's text.
 * @param labels  The labels that are wanted, in this order; else the 14 findings that the table has.
 * @throws        XrayError `labels/…` with lines and counts.
 */
export function parseLabelTable(text: string, { labels }: { labels?: readonly string[] } = {}): LabelTable {
  const table = parseCsv(text);
  const at = {
    image: findColumn(table, COLUMNS.image),
    patient: findColumn(table, COLUMNS.patient),
    age: findColumn(table, COLUMNS.age),
    sex: findColumn(table, COLUMNS.sex),
    view: findColumn(table, COLUMNS.view),
  };
  if (at.image < 0) {
    throw new XrayError(
      "labels/no-image-column",
      `no column names the images: it has ${showHeader(table)}; one of ${COLUMNS.image.join(", ")} is needed`,
      { header: table.header },
    );
  }
  const reader = labelReader(table, labels);
  checkRows(table, at.image, Math.max(at.image + 1, reader.columns));
  let strangeAges = 0;
  const images = table.rows.map((fields, row): LabelledImage => {
    const image = fields[at.image]!.trim();
    const age = at.age < 0 ? undefined : parseAge(fields[at.age]);
    if (at.age >= 0 && age === undefined && fields[at.age]?.trim() !== "") strangeAges += 1;
    const sex = at.sex < 0 ? undefined : parseSex(fields[at.sex]);
    const view = at.view < 0 ? undefined : fields[at.view]?.trim();
    return {
      image,
      patient: (at.patient < 0 ? "" : (fields[at.patient]?.trim() ?? "")) || image,
      labels: reader.read(fields, row),
      ...(age === undefined ? {} : { age }),
      ...(sex === undefined ? {} : { sex }),
      ...(view === undefined || view === "" ? {} : { view }),
    };
  });
  const notes = [...reader.notes()];
  if (at.patient < 0)
    notes.push("the table names no patients: every image is taken for a patient of its own");
  if (strangeAges > 0)
    notes.push(`${strangeAges} ages are none, or over ${MAX_AGE} years: taken as not known`);
  return { labels: reader.labels, images, notes };
}
