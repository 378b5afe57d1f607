/** Row 8: a whole evaluation of a prediction file, with a thousand draws of patients, subgroups and the report. */

import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type LabelledImage, parseLabelTable } from "../src/dataset/label-table.ts";
import { partsOf } from "../src/dataset/nih-splits.ts";
import { FINDING_NAMES } from "../src/findings.ts";
import { Random } from "../src/random.ts";
import { csvHeader, csvLine } from "../src/report/prediction/csv.ts";
import { median, peakOfProcess } from "./measure.ts";
import type { Row } from "./table.ts";

const CLI = fileURLToPath(new URL("../../dist/bin/medical-x.js", import.meta.url));

/** Made-up predictions with continuous values that separate findings about as well as CheXNet's. */
function madePredictions(images: readonly LabelledImage[]): string {
  const random = Random.of(1, "made predictions");
  const rows = images.map(({ image, labels }) => {
    const logits = Array.from(labels, (truth) => -3 + 1.4 * truth + random.normal());
    return csvLine(
      image,
      logits.map((logit) => 1 / (1 + Math.exp(-logit))),
    );
  });
  return csvHeader(FINDING_NAMES) + rows.join("");
}

/** Evaluations of 22,433 and of 112,120 images, with 14 findings each. */
export async function benchEvaluation(tables: string, folder: string): Promise<Row[]> {
  if (!existsSync(tables)) return [];
  const labels = join(folder, "Data_Entry_2017_v2020.csv");
  const text = gunzipSync(readFileSync(tables)).toString("utf8");
  await writeFile(labels, text);
  const { images } = parseLabelTable(text);
  const partOf = partsOf("chexnet");
  const rows: Row[] = [];
  for (const { name, chosen, seconds, repeats, most } of [
    {
      name: "the 22,433 test images of the CheXNet reimplementations",
      chosen: images.filter(({ image }) => partOf(image) === "test"),
      seconds: 8,
      most: 300,
      repeats: 5,
    },
    { name: "all 112,120 images", chosen: images, seconds: 60, repeats: 2 },
  ]) {
    const predictions = join(folder, "predictions.csv");
    await writeFile(predictions, madePredictions(chosen));
    const command = [CLI, "evaluate", "--predictions", predictions, "--labels-file", labels];
    const out = ["--out", join(folder, "evaluation")];
    const runs: { seconds: number; peak: number }[] = [];
    for (let i = 0; i < repeats; i++) runs.push(await peakOfProcess([...command, ...out], folder));
    const megabytes = Math.round(Math.max(...runs.map(({ peak }) => peak)) / 1e6);
    rows.push({
      work: `evaluation of ${name}, 1,000 draws of patients, subgroups and report`,
      unit: "s",
      ours: median(runs.map((run) => run.seconds)),
      theirs: seconds,
      theirsName: "the goal",
      goal: "≤ 1.0",
      note: `peak memory ${megabytes} MB${most === undefined ? "" : ` (goal ≤ ${most})`}`,
    });
  }
  return rows;
}
