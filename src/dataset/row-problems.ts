/**
 * Rows that cannot be read, collected over the whole file so that one error names them all.
 *
 * Knows: lines. Not what is wrong with them.
 */

import { type ErrorCode, type ErrorDetails, XrayError } from "../errors.ts";
import { count, counted } from "../text.ts";

/** A kind of problem. */
export interface RowProblem {
  readonly code: ErrorCode;
  /** What follows the count of rows in the message: `without an image`. */
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
   * Record a problem in a line. A second problem of the same kind in that line is not counted.
   *
   * @param remark  Returns what is wrong in this line. Called only for the first few lines.
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
   * Refuse the file if there are problems. The error names the kind that was found first, and its lines.
   *
   * @throws  XrayError with the problem's code and details `{ count, lines }`, where `lines` has the first 100.
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
