/** What maps hit on images that took no part in the choice. */

import { placed, type Trial } from "../../src/app/evaluation/map-trials.ts";
import { hitOf } from "../../src/evaluation/choose-map.ts";
import { boxesAtShares } from "../../src/evaluation/fit-level.ts";
import { overlapOf } from "../../src/evaluation/localisation.ts";
import type { Decision } from "./decide.ts";
import type { Trials } from "./examine.ts";
import { COMPARED } from "./rows.ts";

/** What one map hits in one pair. */
interface Score {
  readonly isPointing: boolean;
  readonly iou: number;
  readonly iobb: number;
}

/** One pair of an image and a finding. */
export interface JudgedPair {
  readonly label: number;
  readonly trial: Trial;
  /** By the choice on other images. */
  readonly decision: Decision;
  /** By the row's id. */
  readonly scores: Readonly<Record<string, Score>>;
}

function scoresOf(trial: Trial, label: number, decision: Decision): JudgedPair["scores"] {
  const scores = COMPARED.map((row) => {
    const recipe = row.recipeOf(decision, label);
    const map = placed(trial.maps.of(recipe), trial.region);
    const [found] = boxesAtShares(map, [decision.levelOf(label, recipe)]);
    const { iou, iobb } = overlapOf(found!, trial.boxes);
    return [row.id, { isPointing: hitOf(map, trial.boxes).isPointing, iou, iobb }] as const;
  });
  trial.maps.forget();
  return Object.fromEntries(scores);
}

/** Judge maps by what was chosen elsewhere. */
export const judge = (trials: Trials, decision: Decision): JudgedPair[] =>
  [...trials].flatMap(([label, its]) =>
    its.map((trial) => ({ label, trial, decision, scores: scoresOf(trial, label, decision) })),
  );
