/**
 * The study itself: choose maps on some images, judge them on others, and measure the rest on a sample of those.
 */

import type { DenseNetModel } from "../../src/engine/read-model.ts";
import { halvesOf } from "../../src/evaluation/choose-map.ts";
import { Random } from "../../src/random.ts";
import { measureCost } from "./cost.ts";
import { type Decision, decide } from "./decide.ts";
import { measureDeletion } from "./deletion.ts";
import { examine, type Trials } from "./examine.ts";
import { type JudgedPair, judge } from "./judge.ts";
import type { Material } from "./material.ts";
import type { Study } from "./options.ts";
import { drawPicture } from "./pictures.ts";
import type { StudyRecord } from "./record.ts";
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
function judgeHalves(model: DenseNetModel, trials: Trials, seed: number): Judgement {
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
  model: DenseNetModel,
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

/**
 * Run the whole study.
 *
 * @param choice   The images to choose on.
 * @param judging  Those to judge on; the same to divide them into two halves, each judged with the other's choice.
 */
export async function studyOf(
  study: Study,
  model: DenseNetModel,
  choice: Material,
  judging: Material,
): Promise<{ readonly record: StudyRecord; readonly picture: Uint8Array }> {
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
