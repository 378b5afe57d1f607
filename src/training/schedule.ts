/**
 * Learning-rate schedules.
 *
 * - `constant`.
 * - `plateau`: divide the rate by ten when the watched figure has not improved for more than two epochs. The figure is
 * the mean validation AUROC if there is one, else the training loss; the first epoch decides which, for the whole run.
 * - `cosine`: a linear rise over the first 5 % of all steps, then half a cosine that would reach 0 one step after the
 *   last.
 *
 * Knows:      numbers.
 * Reference:  torch.optim.lr_scheduler.ReduceLROnPlateau(factor=0.1, patience=2), with defaults otherwise; LinearLR and
 *             CosineAnnealingLR; Loshchilov and Hutter, SGDR, 2017; Goyal et al., 2017, for the warm-up.
 */

import { about, number, type Of, object, oneOf, orNull, whole } from "../schema/schema.ts";

export const SCHEDULES = ["constant", "plateau", "cosine"] as const;

export type ScheduleKind = (typeof SCHEDULES)[number];

/** `threshold` is relative. Changes of the rate below `epsilon` are not made. */
const PLATEAU = { factor: 0.1, patience: 2, threshold: 1e-4, epsilon: 1e-8 };
const WARM_UP = 0.05;

export const SCHEDULE_STATE = object({
  lr: number(),
  best: about("The best value of the watched figure so far; null until there is one.", orNull(number())),
  bad: about("Epochs in a row without improvement.", whole(0)),
  watches: about(
    "Which figure is watched; null until the first epoch has ended.",
    orNull(oneOf(["auroc", "loss"])),
  ),
});

/** The state of a plateau schedule, as plain data. */
export type ScheduleState = Of<typeof SCHEDULE_STATE>;

/** The results of an epoch. `valAuroc` is null without a validation. */
export interface EpochFigures {
  readonly valAuroc: number | null;
  readonly trainLoss: number;
}

/** The learning rate over a run. */
export interface Schedule {
  /** The rate of step `step`, counted from 0 over the whole run. */
  lrAt(step: number): number;
  endEpoch(figures: EpochFigures): void;
  readonly state: ScheduleState;
  restore(state: ScheduleState): void;
}

/** The rate of one step of the cosine schedule; `total` is at least 1. */
function cosineAt(step: number, total: number, lr: number): number {
  const rise = Math.max(1, Math.round(total * WARM_UP));
  if (step < rise) return (lr * (step + 1)) / rise;
  const done = Math.min(1, (step - rise) / Math.max(1, total - rise));
  return (lr * (1 + Math.cos(Math.PI * done))) / 2;
}

/** Whether a figure is better than the best so far. NaN never is. */
function isBetter(figure: number, { best, watches }: ScheduleState): boolean {
  if (watches === "auroc") return figure > (best ?? Number.NEGATIVE_INFINITY) * (1 + PLATEAU.threshold);
  return figure < (best ?? Number.POSITIVE_INFINITY) * (1 - PLATEAU.threshold);
}

function afterEpoch(before: ScheduleState, { valAuroc, trainLoss }: EpochFigures): ScheduleState {
  const watches = before.watches ?? (valAuroc === null ? "loss" : "auroc");
  const state = { ...before, watches };
  const figure = watches === "loss" ? trainLoss : (valAuroc ?? Number.NaN);
  if (isBetter(figure, state)) return { ...state, best: figure, bad: 0 };
  if (state.bad < PLATEAU.patience) return { ...state, bad: state.bad + 1 };
  const lr = state.lr * PLATEAU.factor;
  return { ...state, lr: state.lr - lr > PLATEAU.epsilon ? lr : state.lr, bad: 0 };
}

/**
 * A new schedule.
 *
 * @param lr          Its highest rate.
 * @param totalSteps  Upper bound of the number of steps in the whole run; at least 1.
 */
export function createSchedule(kind: ScheduleKind, lr: number, totalSteps: number): Schedule {
  let state: ScheduleState = { lr, best: null, bad: 0, watches: null };
  return {
    lrAt: (step) => (kind === "cosine" ? cosineAt(step, totalSteps, lr) : state.lr),
    endEpoch(figures) {
      if (kind === "plateau") state = afterEpoch(state, figures);
    },
    get state() {
      return state;
    },
    restore(saved) {
      state = saved;
    },
  };
}
