/**
 * Learning-rate schedules.
 *
 * - `constant`.
 * - `plateau`: a tenth when the figure has not become better for more than two epochs. The figure is the mean validation
 *   AUROC where there is one, else the training loss.
 * - `cosine`: a rise over the first 5 % of all steps, then half a cosine down to 0.
 *
 * Knows:      numbers.
 * Reference:  torch.optim.lr_scheduler.ReduceLROnPlateau(factor=0.1, patience=2, threshold=1e-4, "rel");
 *             Loshchilov and Hutter, SGDR, 2017; Goyal et al., 2017, for the warm-up.
 */

export const SCHEDULES = ["constant", "plateau", "cosine"] as const;

export type ScheduleKind = (typeof SCHEDULES)[number];

const PLATEAU = { factor: 0.1, patience: 2, threshold: 1e-4 };
const WARM_UP = 0.05;

/** Plain data: what a plateau remembers. */
export interface ScheduleState {
  readonly lr: number;
  readonly best: number | null;
  readonly bad: number;
}

/** A learning rate over a run. */
export interface Schedule {
  /** Of step `step`, counted from 0 over the whole run. */
  lrAt(step: number): number;
  endEpoch(figures: { readonly valAuroc: number | null; readonly trainLoss: number }): void;
  readonly state: ScheduleState;
  restore(state: ScheduleState): void;
}

/** One of cosine's steps; `total` is at least 1. */
function cosineAt(step: number, total: number, lr: number): number {
  const rise = Math.max(1, Math.round(total * WARM_UP));
  if (step < rise) return (lr * (step + 1)) / rise;
  const done = Math.min(1, (step - rise) / Math.max(1, total - rise));
  return (lr * (1 + Math.cos(Math.PI * done))) / 2;
}

/** Whether a figure is better than the best so far, by PyTorch's relative threshold. */
function isBetter(figure: number, best: number | null, isHigherBetter: boolean): boolean {
  if (Number.isNaN(figure)) return false;
  if (best === null) return true;
  return isHigherBetter ? figure > best * (1 + PLATEAU.threshold) : figure < best * (1 - PLATEAU.threshold);
}

/** @param totalSteps  Of the whole run, at most. */
export function createSchedule(kind: ScheduleKind, lr: number, totalSteps: number): Schedule {
  let state: ScheduleState = { lr, best: null, bad: 0 };
  return {
    lrAt: (step) => (kind === "cosine" ? cosineAt(step, totalSteps, lr) : state.lr),
    endEpoch({ valAuroc, trainLoss }) {
      if (kind !== "plateau") return;
      const figure = valAuroc ?? trainLoss;
      if (isBetter(figure, state.best, valAuroc !== null)) state = { ...state, best: figure, bad: 0 };
      else state = { ...state, bad: state.bad + 1 };
      if (state.bad > PLATEAU.patience) state = { ...state, lr: state.lr * PLATEAU.factor, bad: 0 };
    },
    get state() {
      return state;
    },
    restore(saved) {
      state = saved;
    },
  };
}
