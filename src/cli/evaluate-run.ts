/**
 * One run of `medical-x evaluate`, which prints the figures.
 *
 * Knows: stdout, stderr, progress and Ctrl-C. The work is done in `app/evaluation/`.
 */

import { join } from "node:path";
import { evaluateRequest } from "../app/evaluation/evaluation-run.ts";
import { type EvaluationOptions, evaluationRequest } from "../app/evaluation/request.ts";
import { printable } from "../errors.ts";
import { evaluationJson } from "../report/evaluation/json.ts";
import { evaluationText } from "../report/evaluation/text.ts";
import type { EvaluationReport } from "../results/evaluation.ts";
import { printResult, say, sayError } from "./console.ts";
import { endOnInterrupt, Interrupt } from "./interrupt.ts";
import { withBar } from "./progress.ts";

/** What the command line says. */
export interface EvaluateFlags {
  /** The options that were given. */
  readonly options: EvaluationOptions;
  readonly format: "text" | "json";
  readonly verbose: boolean;
}

async function print(report: EvaluationReport, format: EvaluateFlags["format"]): Promise<void> {
  if (format === "text") {
    await printResult(`${evaluationText(report)}${report.notices.join("\n")}\n`);
    return;
  }
  for (const warning of report.warnings) say(`medical-x: warning: ${printable(warning)}`);
  for (const note of report.notes) say(`medical-x: ${printable(note)}`);
  await printResult(`${JSON.stringify(evaluationJson(report), null, 2)}\n`);
}

async function evaluate({ options, format, verbose }: EvaluateFlags): Promise<number> {
  const request = evaluationRequest(options);
  const interrupt = new Interrupt();
  const { report, notWritten, failed } = await evaluateRequest(request, {
    onError: (error) => sayError(error, verbose),
    isStopping: () => interrupt.isSet,
    withProgress: withBar,
    untilStopped: (work) => interrupt.during(work),
  });
  // Report it and set the exit code before the figures are printed, because a closed pipe ends the program there.
  if (notWritten !== undefined) {
    sayError(notWritten, verbose);
    process.exitCode = 1;
  }
  await print(report, format);
  if (request.out !== undefined && notWritten === undefined && format === "text")
    say(`medical-x: wrote ${join(request.out, "report.html")}`);
  return failed > 0 || notWritten !== undefined ? 1 : 0;
}

/** Run the command. Returns the exit code: 0 all images done, 1 some failed, 130 interrupted. */
export const runEvaluate = (flags: EvaluateFlags): Promise<number> =>
  endOnInterrupt(() => evaluate(flags), flags);
