/**
 * The state of a run as plain data: everything needed to resume it, except for the optimiser's vectors.
 *
 * Knows: JSON. Not files.
 */

import { about, checkText, list, number, type Of, object, orNull, whole } from "../schema/schema.ts";
import { EARLY_STOPPING_STATE } from "./early-stopping.ts";
import { LOOP_STATE } from "./loop.ts";
import { SCHEDULE_STATE } from "./schedule.ts";

/** The validation results of the kept weights, per label. */
const BEST_FIGURES = object({
  epoch: whole(1),
  aurocs: about(
    "In the order of the labels; null if one has no positives or no negatives, or without a validation.",
    list(orNull(number())),
  ),
  points: about(
    "The fitted operating points, in the order of the labels; null if none could be fitted.",
    list(orNull(object({ threshold: number(), sensitivity: number(), specificity: number() }))),
  ),
});

export type BestFigures = Of<typeof BEST_FIGURES>;

export const TRAINING_STATE = object({
  steps: about("Steps of the optimiser over the whole run.", whole(0)),
  loop: LOOP_STATE,
  schedule: SCHEDULE_STATE,
  earlyStopping: about("Null if no patience is set.", orNull(EARLY_STOPPING_STATE)),
  best: about("Null until the first epoch has ended.", orNull(BEST_FIGURES)),
});

export type TrainingState = Of<typeof TRAINING_STATE>;

/** Read a state's JSON. Throws XrayError `training/bad-state` that names what is wrong. */
export const parseTrainingState = (json: string): TrainingState =>
  checkText(TRAINING_STATE, json, {
    code: "training/bad-state",
    what: "this is not the state of a run",
    wayOn: "restore the file, or start another run",
  });
