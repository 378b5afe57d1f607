/**
 * Label files: which image has which findings, and whose it is.
 *
 * Pipeline:   csv → columns → **rows** → table
 * Knows:      NIH's Data_Entry_2017.csv in its variants, tables with a column for each finding, and the peculiarities
 *             of published tables (`known-tables.ts`). Not files: the caller adds the file's name to errors (`inFile`).
 * Reference:  Wang et al., ChestX-ray8, CVPR 2017; Irvin et al., CheXpert, AAAI 2019 (blank and −1).
 */

import { quote, XrayError } from "../errors.ts";
import { agreeing } from "../text.ts";
import { sideOf } from "../view-words.ts";
import { labelReader, unreadColumns } from "./choose-labels.ts";
import { type Columns, findColumns, foldColumn } from "./columns.ts";
import { readCsv } from "./csv.ts";
import { imageName, plainName } from "./image-name.ts";
import { type KnownTable, knownTable } from "./known-tables.ts";
import type { LabelReader } from "./label-reader.ts";
import { isMissing } from "./missing.ts";
import { patientsFromNames } from "./patients.ts";
import { type Person, PersonReader } from "./person.ts";
import { type RowProblem, RowProblems } from "./row-problems.ts";
import { viewsFromNames } from "./views.ts";

/** One row of a label file. */
export interface LabelledImage {
  /** The file's name for it, with forward slashes: `00000001_000.png`, `train/patient1/view1.jpg`. */
  readonly image: string;
  readonly patient: string;
  /** 1, 0 or NaN (unknown), in the order of `table.labels`. Images may share one array: do not modify it. */
  readonly labels: Float32Array;
  /** In whole years, 0 to 100. */
  readonly age?: number;
  readonly sex?: "M" | "F";
  /** As the file gives it: `PA`, `AP`, `LL`; `Lateral` or `Frontal` if it says no more than that. */
  readonly view?: string;
  readonly followUp?: number;
}

/** A label file, read and checked. */
export interface LabelTable {
  readonly labels: readonly string[];
  /** In the file's order. Every image occurs once, whatever the spelling of its name. */
  readonly images: readonly LabelledImage[];
  /** Notes for the user, with counts. */
  readonly notes: readonly string[];
}

/** How to read a label file. */
export interface LabelTableOptions {
  /** Which of the file's labels to read, in this order. Default: those of NIH's findings that the file has. */
  readonly labels?: readonly string[];
}

const FIELD_COUNT: RowProblem = {
  code: "labels/field-count",
  says: "with a different number of fields than the header",
  wayOn: "put a field that holds a comma into quotation marks",
};
const NO_IMAGE: RowProblem = {
  code: "labels/no-image",
  says: "without an image",
  wayOn: "name the image of each row, or remove the row",
};
const DUPLICATE: RowProblem = {
  code: "labels/duplicate-image",
  says: "with an image that an earlier row names",
  wayOn: "keep one row for each image",
};
const NO_PATIENT: RowProblem = {
  code: "labels/no-patient",
  says: "without a patient",
  wayOn:
    "training and validation are split by patient, so give each row one, or remove the column from the file",
};

type Row = { -readonly [K in keyof LabelledImage]: LabelledImage[K] };

/**
 * Complete a row. If everything is known, as in NIH's file, one object literal takes half the memory of one that grows.
 */
function withPerson({ image, patient, labels }: Row, { age, sex, view, followUp }: Person): Row {
  if (age !== undefined && sex !== undefined && view !== undefined && followUp !== undefined)
    return { image, patient, labels, age, sex, view, followUp };
  const row: Row = { image, patient, labels };
  if (age !== undefined) row.age = age;
  if (sex !== undefined) row.sex = sex;
  if (view !== undefined) row.view = view;
  if (followUp !== undefined) row.followUp = followUp;
  return row;
}

/** Reads rows one by one, and gives the table at the end. */
class TableReader {
  readonly #width: number;
  readonly #columns: Columns;
  readonly #known: KnownTable | undefined;
  /** How images' paths are made from several columns, for tables that have none. */
  readonly #path:
    | { readonly columns: readonly number[]; readonly of: (fields: readonly string[]) => string }
    | undefined;
  readonly #notes: readonly string[];
  readonly #problems = new RowProblems();
  readonly #labels: LabelReader;
  readonly #person: PersonReader;
  /** Plain spellings of the images so far, since two rows may name one image in different spellings. */
  readonly #names = new Set<string>();
  readonly #rows: Row[] = [];

  constructor(header: readonly string[], wanted: readonly string[] | undefined) {
    this.#width = header.length;
    this.#known = knownTable(header);
    if (this.#known?.needs !== undefined)
      throw new XrayError("labels/known-table", `recognised as ${this.#known.name}: ${this.#known.needs}`, {
        table: this.#known.name,
      });
    this.#columns = findColumns(header);
    this.#labels = labelReader(header, this.#columns, this.#problems, wanted, this.#known);
    this.#person = new PersonReader(this.#columns);
    this.#path = this.#known?.path && {
      of: this.#known.path.of,
      columns: this.#known.path.columns.map((name) => header.map(foldColumn).indexOf(foldColumn(name))),
    };
    const unread = this.#known === undefined ? unreadColumns(header, this.#columns) : [];
    this.#notes = [
      ...(this.#known?.note === undefined ? [] : [this.#known.note]),
      ...(this.#columns.findings >= 0 && unread.length > 0
        ? [
            `labels are read from ${quote(header[this.#columns.findings])}; the ${agreeing(unread.length, "column", "columns")} ${unread.map(quote).join(", ")} beside it ${agreeing(unread.length, "is", "are")} not read`,
          ]
        : []),
    ];
  }

  /** Whether a row has all fields. It may end in empty fields beyond the header, as in NIH's table of 2017. */
  #isWhole(fields: readonly string[], line: number): boolean {
    const { length } = fields;
    if (length === this.#width) return true;
    if (length > this.#width && fields.slice(this.#width).every((field) => field.trim() === "")) return true;
    this.#problems.add(FIELD_COUNT, line, () => `${length}, not ${this.#width}`);
    return false;
  }

  #imageOf(fields: readonly string[], line: number): string {
    const field = fields[this.#columns.image]!;
    const image = isMissing(field)
      ? ""
      : imageName(this.#path?.of(this.#path.columns.map((at) => fields[at]!.trim())) ?? field);
    const before = this.#names.size;
    this.#names.add(plainName(image));
    if (image === "") this.#problems.add(NO_IMAGE, line, () => "blank");
    else if (this.#names.size === before) this.#problems.add(DUPLICATE, line, () => quote(image));
    return image;
  }

  #patientOf(fields: readonly string[], line: number): string {
    if (this.#columns.patient < 0) return "";
    const field = fields[this.#columns.patient]!.trim();
    const patient = isMissing(field) ? "" : field;
    if (patient === "") this.#problems.add(NO_PATIENT, line, () => "blank");
    return patient;
  }

  /** Read one row. */
  row(fields: readonly string[], line: number): void {
    if (!this.#isWhole(fields, line)) return;
    const image = this.#imageOf(fields, line);
    const patient = this.#patientOf(fields, line);
    const labels = this.#labels.read(fields, line);
    this.#rows.push(withPerson({ image, patient, labels }, this.#person.read(fields)));
  }

  /** The table. Throws if any row cannot be read. */
  finish(): LabelTable {
    this.#problems.refuse();
    if (this.#rows.length === 0)
      throw new XrayError("labels/empty", "there is no row below the header; one is needed for each image");
    const notes = [...this.#notes, ...this.#labels.finish(), ...this.#person.notes()];
    const names = this.#rows.map(({ image }) => image);
    const isSaid = this.#rows.some(({ view }) => view !== undefined && sideOf(view) !== "unclear");
    const views = isSaid ? undefined : viewsFromNames(names);
    if (views !== undefined) {
      for (const [i, row] of this.#rows.entries()) row.view = views[i]!;
      notes.unshift(
        `no column ${this.#columns.view < 0 && this.#columns.side < 0 ? "names the view" : "says in words whether a view is frontal"}; views are taken from the images' names, as CheXpert names files: view1_frontal.jpg`,
      );
    }
    if (this.#columns.patient < 0) {
      const { patients, note } = patientsFromNames(names);
      for (const [i, row] of this.#rows.entries()) row.patient = patients[i]!;
      notes.unshift(note);
    }
    return { labels: this.#labels.labels, images: this.#rows, notes };
  }
}

/**
 * Read a label file.
 *
 * A column such as `Image Index`, `path`, `image` or `filename` names the image. Its findings are either in one column
 * `Finding Labels`, separated by `|` (`No Finding` if there are none), or in a column for each label: 1 is present,
 * 0 absent; blank, NaN and −1 (CheXpert's "uncertain") are unknown, but blank is absent if a column `No Finding` is 1.
 * Patient, age, sex, view and follow-up are optional.
 *
 * @param text     A whole CSV file.
 * @returns        Every row, in the file's order. Ages over 100 are unknown, and a note counts them.
 * @throws         XrayError `labels/…`. For rows that cannot be read, with their lines and count: `field-count`,
 *                 `no-image`, `duplicate-image`, `no-patient`, `unknown-finding`, `contradiction`, `bad-value`. For the
 *                 file: `empty`, `bad-csv`, `no-image-column`, `no-label-columns`, `duplicate-label`,
 *                 `duplicate-column`, `unknown-label`, and `known-table` for a published table that must be changed
 *                 first.
 */
export function parseLabelTable(text: string, options: LabelTableOptions = {}): LabelTable {
  let reader: TableReader | undefined;
  readCsv(text, (header) => {
    const opened = new TableReader(header, options.labels);
    reader = opened;
    return (fields, line) => opened.row(fields, line);
  });
  return reader!.finish();
}
