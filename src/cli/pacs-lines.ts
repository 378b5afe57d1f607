/**
 * What a watcher and a listener print: a line on stdout for each study, and lines for people on stderr.
 *
 * Knows: stdout and stderr. Studies are named by their number in the state folder: no UID is printed.
 */

import type { StudySummary } from "../app/pacs/work/study-summary.ts";
import { printable, XrayError } from "../errors.ts";
import { studyLine } from "../report/pacs/study-line.ts";
import { printResult, say, sayError } from "./console.ts";
import { INTERRUPTED } from "./interrupt.ts";

/** A line on stderr. */
export const sayLine = (line: string): void => say(`medical-x: ${printable(line)}`);

/** Say that a signal was heard, since what is under way may take a while. */
export const sayEnding = (): void =>
  sayLine("ending once what is under way is done; Ctrl-C again ends it at once");

/** Say that work with an end was interrupted before it. Returns the exit code. */
export function sayInterrupted(): number {
  sayError(
    new XrayError("pacs/interrupted", "interrupted; run the same command again to do the rest"),
    false,
  );
  return INTERRUPTED;
}

/** A function that prints what became of studies. The first time that an image was set aside, it says where to look. */
export function studyPrinter(): (summary: StudySummary) => void {
  let isHinted = false;
  return (summary) => {
    void printResult(`${studyLine(summary)}\n`);
    if (summary.setAside.size === 0 || isHinted) return;
    isHinted = true;
    sayLine("an image was set aside; `medical-x pacs status` shows which and why");
  };
}
