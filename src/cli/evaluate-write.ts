/**
 * What `medical-x evaluate --out` writes.
 *
 * Knows: names of files. What is in them is made in `report/evaluation/`.
 */

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileError, writeAtomically } from "../node/files.ts";
import { evaluationCsv, predictionLines } from "../report/evaluation/csv.ts";
import { evaluationPage } from "../report/evaluation/html/page.ts";
import { evaluationJson } from "../report/evaluation/json.ts";
import { PLOT_NAMES, plotFiles } from "../report/evaluation/plots/files.ts";
import type { EvaluationReport } from "../report/evaluation/report.ts";
import type { EvaluationInput } from "../tasks/evaluation/input.ts";
import { VERSION } from "./version.ts";

/** Write a report into a folder; plots of an earlier one that this has not are removed. */
export async function writeReport(
  out: string,
  report: EvaluationReport,
  input: EvaluationInput,
): Promise<void> {
  const figures = join(out, "figures");
  await mkdir(figures, { recursive: true }).catch((error) => {
    throw fileError(figures, error);
  });
  const write = (name: string, ...texts: string[]) =>
    writeAtomically(
      join(out, name),
      texts.map((text) => new TextEncoder().encode(text)),
    );
  await write("metrics.json", `${JSON.stringify(evaluationJson(report), null, 2)}\n`);
  await write("metrics.csv", evaluationCsv(report));
  const names = input.images.map(({ image }) => image);
  const lines = predictionLines(names, input.labels, input.probabilities, input.calibrated?.probabilities);
  await write("predictions.csv", [...lines].join(""));
  const plots = plotFiles(report);
  for (const { name, svg } of plots) await write(join("figures", name), svg);
  for (const name of PLOT_NAMES) {
    if (!plots.some((plot) => plot.name === name)) await rm(join(figures, name), { force: true });
  }
  const date = new Date().toISOString().slice(0, 10);
  await write("report.html", evaluationPage(report, { version: VERSION, date }));
}
