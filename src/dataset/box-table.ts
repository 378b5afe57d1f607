/**
 * Box files: where radiologists marked findings.
 *
 * Knows:      NIH's BBox_List_2017.csv, whose header `Image Index,Finding Label,Bbox [x,y,w,h],,,` has nine fields
 *             although its rows have six. Not files.
 * Reference:  Wang et al., ChestX-ray8, CVPR 2017, section 3.2.
 */

import { quote, XrayError } from "../errors.ts";
import { FINDING_NAMES, matchLabel } from "../findings.ts";
import type { Region } from "../image/crop.ts";
import { findColumns } from "./columns.ts";
import { readCsv } from "./csv.ts";
import { isMissing } from "./missing.ts";
import { decimalOf } from "./number.ts";
import { type RowProblem, RowProblems } from "./row-problems.ts";

/** One marked finding. */
export interface Box {
  readonly image: string;
  /** In NIH's spelling. Names other than NIH's findings stay as they are. */
  readonly finding: string;
  /** Left edge, top edge, width and height in pixels of the published image (1024 × 1024). */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A known location of a finding. */
export interface KnownBox {
  /** In NIH's spelling. Names other than NIH's findings stay as they are. */
  readonly finding: string;
  /** In fractions of the image's width and height, so that it also fits copies of another size. */
  readonly place: Region;
}

const FIELD_COUNT: RowProblem = {
  code: "labels/field-count",
  says: "with fewer than six fields",
  wayOn: "give each row an image, a finding, x, y, width and height",
};
const BAD_BOX: RowProblem = {
  code: "labels/bad-box",
  says: "that mark nothing",
  wayOn: "give each an image and a finding, x and y of at least 0, and a width and a height above 0",
};

/** The columns of image and finding, and of x, which is the first of four consecutive ones. */
interface BoxColumns {
  readonly image: number;
  readonly finding: number;
  readonly x: number;
}

function boxColumns(header: readonly string[]): BoxColumns {
  const { image, findings: finding } = findColumns(header);
  const x = header.findIndex((name) => /^(bbox\s*\[)?\s*x$/i.test(name));
  if (finding >= 0 && x >= 0) return { image, finding, x };
  throw new XrayError(
    "labels/no-box-columns",
    `its columns are ${header.map(quote).join(", ")}; it needs "Image Index", "Finding Label" and "Bbox [x,y,w,h]", as in NIH's BBox_List_2017.csv`,
    { columns: header },
  );
}

function readBox(fields: readonly string[], columns: BoxColumns): Box {
  const field = (column: number): string => (fields[column] ?? "").trim();
  const name = field(columns.finding);
  return {
    image: field(columns.image),
    finding: matchLabel(name, FINDING_NAMES) ?? name,
    x: decimalOf(field(columns.x)),
    y: decimalOf(field(columns.x + 1)),
    width: decimalOf(field(columns.x + 2)),
    height: decimalOf(field(columns.x + 3)),
  };
}

const isBox = ({ image, finding, x, y, width, height }: Box): boolean =>
  !isMissing(image) &&
  !isMissing(finding) &&
  [x, y, width, height].every(Number.isFinite) &&
  Math.min(x, y) >= 0 &&
  Math.min(width, height) > 0;

/**
 * Read a box file.
 *
 * @param text  A whole CSV file.
 * @returns     Every box, in the file's order. An image may have several.
 * @throws      XrayError `labels/no-box-columns`, `labels/field-count`, `labels/bad-box`, and as `findColumns` and
 *              `readCsv`.
 */
export function parseBoxTable(text: string): Box[] {
  const problems = new RowProblems();
  const boxes: Box[] = [];
  readCsv(text, (header) => {
    const columns = boxColumns(header);
    return (fields, line) => {
      const box = readBox(fields, columns);
      if (fields.length < columns.x + 4)
        problems.add(FIELD_COUNT, line, () => `${fields.length}, not ${columns.x + 4}`);
      else if (!isBox(box)) problems.add(BAD_BOX, line, () => fields.slice(columns.x).map(quote).join(", "));
      boxes.push(box);
    };
  });
  problems.refuse();
  return boxes;
}
