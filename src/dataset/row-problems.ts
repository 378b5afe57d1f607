/**
 * Rows that cannot be read: gathered over the whole file, so that one error names them all.
 *
 * Knows: lines. Not what is wrong with them.
 */

import { type ErrorCode, type ErrorDetails, XrayError } from "../errors.ts";
import { count, counted } from "../text.ts";

/** A kind of problem. */
export interface RowProblem {
  readonly code: ErrorCode;
  /** After the count of rows: `rows have …`. */
  readonly says: string;
  readonly wayOn: string;
  /** What else the error's details say. */
  readonly details?: ErrorDetails;
}

const SHOWN = 5;
const LISTED = 100;

interface Found {
  readonly lines: number[];
  readonly remarks: string[];
  count: number;
  last: number;
}

/** The problems of one file. */
export class RowProblems {
  readonly #found = new Map<RowProblem, Found>();

  /**
   * A problem in a line; a second one of the same kind in the same line is not counted.
   *
   * @param remark  What is the matter in this line; only the first few are asked for.
   */
  add(problem: RowProblem, line: number, remark: () => string): void {
    const found = this.#found.get(problem) ?? { lines: [], remarks: [], count: 0, last: 0 };
    this.#found.set(problem, found);
    if (found.last === line) return;
    found.last = line;
    found.count += 1;
    if (found.lines.length < LISTED) found.lines.push(line);
    if (found.remarks.length < SHOWN) found.remarks.push(remark());
  }

  /**
   * Refuse the file where there are problems: the kind that came up first, with its lines.
   *
   * @throws  XrayError with the problem's code; details `{ count, lines }`, the first 100 lines.
   */
  refuse(): void {
    const [first] = this.#found;
    if (first === undefined) return;
    const [{ code, says, wayOn, details = {} }, found] = first;
    const shown = found.remarks.map((remark, i) => `line ${found.lines[i]} (${remark})`).join(", ");
    const more =
      found.count > found.remarks.length ? ` and ${count(found.count - found.remarks.length)} more` : "";
    throw new XrayError(code, `${counted(found.count, "row")} ${says}: ${shown}${more}; ${wayOn}`, {
      count: found.count,
      lines: found.lines,
      ...details,
    });
  }
}
