/**
 * Compares heatmaps: methods, layers, fusions and input sizes, by boxes, deletion, a sanity check and cost.
 *
 *   npm run study:heatmaps              the demo model on phantoms: rewrites docs/heatmaps.md, its record and its picture
 *   npm run study:heatmaps -- --help    other models and data
 *
 * The same images and seed give the same tables, apart from the cost.
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadModelFile } from "../../src/app/models/open-model.ts";
import { denseNetOf } from "../../src/engine/read-model.ts";
import { measureCost } from "./cost.ts";
import { withMaterial } from "./material.ts";
import { readOptions, type Study } from "./options.ts";
import { PAGE, PICTURE, RECORD, tablesAlone, withTables } from "./page.ts";
import { recordJson, type StudyRecord } from "./record.ts";
import { recipeNamed } from "./rows.ts";
import { studyOf } from "./study.ts";

/** What this needs of a model. */
const NEEDED = "it has no layers to compare maps of; name a checkpoint of a DenseNet121";

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  process.stderr.write(`wrote ${path}\n`);
}

const writePage = (record: StudyRecord): void => write(PAGE, withTables(readFileSync(PAGE, "utf8"), record));

async function run(study: Study): Promise<void> {
  const model = denseNetOf(await loadModelFile(study.model), NEEDED);
  const { record, picture } = await withMaterial(study, model, (choice, judging) =>
    studyOf(study, model, choice, judging),
  );
  // Both from what is kept, so that they agree to the last digit.
  const json = recordJson(record);
  const kept: StudyRecord = JSON.parse(json);
  const { out } = study;
  if (out === undefined) writePage(kept);
  else write(join(out, "heatmap-study.md"), tablesAlone(kept));
  write(out === undefined ? RECORD : join(out, "heatmap-study.json"), json);
  write(out === undefined ? PICTURE : join(out, "heatmap-study.jpg"), picture);
}

/** Measure the cost of the maps in the kept record again. */
async function costAgain({ model: name, extent }: Study): Promise<void> {
  const record: StudyRecord = JSON.parse(readFileSync(RECORD, "utf8"));
  const model = denseNetOf(await loadModelFile(name), NEEDED);
  const byFinding = new Map(
    record.findings.map(({ label, chosen }) => [model.card.labels.indexOf(label), recipeNamed(chosen[0]!)]),
  );
  const cost = await measureCost(
    model,
    { forAll: recipeNamed(record.forAll[0]!), byFinding },
    extent.repeats,
  );
  const json = recordJson({ ...record, cost });
  write(RECORD, json);
  writePage(JSON.parse(json));
}

async function main(): Promise<void> {
  const study = readOptions(process.argv.slice(2));
  if (study?.isKept === true) writePage(JSON.parse(readFileSync(RECORD, "utf8")));
  else if (study?.isCost === true) await costAgain(study);
  else if (study !== undefined) await run(study);
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
