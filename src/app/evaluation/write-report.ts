/**
 * Writes the files of `medical-x evaluate --out`.
 *
 * Knows: names of files. Their content is made in `report/evaluation/`.
 */

import { realpath, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { XrayError } from "../../errors.ts";
import { claimFolder } from "../../node/claim.ts";
import {
  checkNoFolder,
  checkWritable,
  fileError,
  removeLeftoversOf,
  writeTogether,
} from "../../node/files.ts";
import { makeFolders } from "../../node/make-folder.ts";
import { evaluationCsv, predictionLines } from "../../report/evaluation/csv.ts";
import { evaluationPage } from "../../report/evaluation/html/page.ts";
import { evaluationJson } from "../../report/evaluation/json.ts";
import { PLOT_NAMES, plotFiles } from "../../report/evaluation/plots/files.ts";
import type { EvaluationReport } from "../../results/evaluation.ts";
import { VERSION } from "../../version.ts";
import type { EvaluationInput } from "./input.ts";

/**
 * In the order in which they are put in place: first the page, which is the likeliest to be open in another program.
 */
const TEXTS = ["report.html", "metrics.json", "metrics.csv", "predictions.csv"] as const;

/** Marks a folder into which a process is writing a report. The files of two reports at once would mix. */
const CLAIM = "report.lock";

/** All paths that are written in a folder. */
const written = (out: string): string[] => [
  ...TEXTS.map((name) => join(out, name)),
  ...PLOT_NAMES.map((name) => join(out, "figures", name)),
];

/**
 * Check that a report can be written, before doing work that would be lost.
 *
 * @throws  XrayError `file/…`, naming the folder or the file.
 */
export async function checkOutput(out: string): Promise<void> {
  for (const folder of [out, join(out, "figures")]) await checkWritable(folder);
  for (const file of written(out)) await checkNoFolder(file);
}

/**
 * Check that a report would not overwrite its own inputs.
 *
 * @throws  XrayError `evaluation/own-input`.
 */
export async function checkInputs(out: string, inputs: readonly string[]): Promise<void> {
  const real = (path: string) => realpath(path).catch(() => resolve(path));
  const targets = await Promise.all(written(out).map(real));
  for (const input of inputs) {
    if (!targets.includes(await real(input))) continue;
    throw new XrayError(
      "evaluation/own-input",
      `${input}: the report in ${out} would replace this file, which it is made from; name another folder`,
      { file: input, out },
    );
  }
}

/** Write a report into a folder. No file gets its name before all are complete. Plots that it lacks are removed. */
export async function writeReport(
  out: string,
  report: EvaluationReport,
  input: EvaluationInput,
): Promise<void> {
  const figures = join(out, "figures");
  await makeFolders(figures).catch((error) => {
    throw fileError(figures, error);
  });
  const claim = claimFolder(out, join(out, CLAIM));
  try {
    await writeClaimed(out, report, input);
  } finally {
    claim.release();
  }
}

/** Write into a folder that this process has claimed. */
async function writeClaimed(out: string, report: EvaluationReport, input: EvaluationInput): Promise<void> {
  const figures = join(out, "figures");
  try {
    for (const file of written(out)) await removeLeftoversOf(file);
  } catch (error) {
    throw fileError(figures, error);
  }
  const names = input.images.map(({ image }) => image);
  const lines = predictionLines(names, input.labels, input.probabilities, input.calibrated?.probabilities);
  const date = new Date().toISOString().slice(0, 10);
  const texts: Readonly<Record<(typeof TEXTS)[number], string>> = {
    "metrics.json": `${JSON.stringify(evaluationJson(report), null, 2)}\n`,
    "metrics.csv": evaluationCsv(report),
    "predictions.csv": [...lines].join(""),
    "report.html": evaluationPage(report, { version: VERSION, date }),
  };
  const plots = plotFiles(report).map(({ name, svg }) => [join(figures, name), svg] as const);
  const files = new Map([...TEXTS.map((name) => [join(out, name), texts[name]] as const), ...plots]);
  await writeTogether(new Map([...files].map(([path, text]) => [path, [new TextEncoder().encode(text)]])));
  for (const path of written(out)) if (!files.has(path)) await rm(path, { force: true });
}
