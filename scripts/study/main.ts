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
import type { NamedModel } from "../../src/engine/read-model.ts";
import { halvesOf } from "../../src/evaluation/choose-map.ts";
import { Random } from "../../src/random.ts";
import { measureCost } from "./cost.ts";
import { type Decision, decide } from "./decide.ts";
import { measureDeletion } from "./deletion.ts";
import { examine, type Trials } from "./examine.ts";
import { type JudgedPair, judge } from "./judge.ts";
import { type Material, withMaterial } from "./material.ts";
import { readOptions, type Study } from "./options.ts";
import { PAGE, PICTURE, RECORD, tablesAlone, withTables } from "./page.ts";
import { drawPicture } from "./pictures.ts";
import { recordJson, type StudyRecord } from "./record.ts";
import { recipeNamed } from "./rows.ts";
import { samplePairs } from "./sample.ts";
import { checkSanity } from "./sanity.ts";
import { measureSizes } from "./sizes.ts";
import { summarise } from "./summarise.ts";

/** Judged pairs, the decisions by which they were judged, and the one for all images of the choice. */
interface Judgement {
  readonly pairs: readonly JudgedPair[];
  readonly decisions: readonly Decision[];
  readonly final: Decision;
}

/** Choose on each half of the patients and judge on the other. */
function judgeHalves(model: NamedModel, trials: Trials, seed: number): Judgement {
  const all = [...trials.values()].flat();
  const halves = halvesOf(
    all.map(({ patient }) => patient),
    Random.of(seed, "study halves"),
  );
  const sides = halves.map((half) => {
    const those = new Set(half.map((i) => all[i]!));
    const kept = [...trials].map(([label, its]) => [label, its.filter((trial) => those.has(trial))] as const);
    return new Map(kept);
  });
  // A finding can be judged only if both halves have it.
  const [first, second] = sides.map(
    (side) => new Map([...side].filter(([label]) => sides.every((other) => other.get(label)!.length > 0))),
  );
  const decisions = [decide(model, first!), decide(model, second!)];
  const pairs = [...judge(second!, decisions[0]!), ...judge(first!, decisions[1]!)];
  return { pairs: pairs.sort((a, b) => a.label - b.label), decisions, final: decide(model, trials) };
}

/** Choose on some images and judge on others. */
async function judgeAll(
  model: NamedModel,
  choice: Material,
  judging: Material,
  seed: number,
): Promise<Judgement> {
  const trials = await examine(model, choice, "choosing");
  if (choice === judging) return judgeHalves(model, trials, seed);
  const final = decide(model, trials);
  const judged = await examine(model, judging, "judging");
  const known = new Map([...judged].filter(([label]) => trials.has(label)));
  return { pairs: judge(known, final), decisions: [final], final };
}

/** The whole study. */
async function studyOf(study: Study, model: NamedModel, choice: Material, judging: Material) {
  const { extent, seed } = study;
  const { labels } = model.card;
  const { pairs, decisions, final } = await judgeAll(model, choice, judging, seed);
  const summary = summarise(pairs, decisions, labels);
  const picture = await drawPicture(judging, pairs, labels);
  const sampled = (most: number) => samplePairs(pairs, most, extent.sample, seed);
  const record: StudyRecord = {
    model: model.name,
    chosenOn: choice.description,
    judgedOn: judging.description,
    choice: model.card.maps === undefined ? "this study" : "the model's card",
    ...summary,
    deletion: await measureDeletion(model, judging, sampled(extent.deleted)),
    sanity: await checkSanity(model, judging, sampled(extent.checked), summary.control, extent.draws),
    sizes: await measureSizes(model, judging, pairs, extent.sized, extent.scales),
    cost: await measureCost(model, final, extent.repeats),
  };
  return { record, picture };
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  process.stderr.write(`wrote ${path}\n`);
}

const writePage = (record: StudyRecord): void => write(PAGE, withTables(readFileSync(PAGE, "utf8"), record));

async function run(study: Study): Promise<void> {
  const model = await loadModelFile(study.model);
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
  const model = await loadModelFile(name);
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

const study = readOptions(process.argv.slice(2));
if (study?.isKept === true) writePage(JSON.parse(readFileSync(RECORD, "utf8")));
else if (study?.isCost === true) await costAgain(study);
else if (study !== undefined) await run(study);
