/**
 * Stops a run when the validation has not improved for some epochs.
 *
 * Knows: numbers.
 */

import { about, number, type Of, object, orNull, whole } from "../schema/schema.ts";

export const EARLY_STOPPING_STATE = object({
  best: about(
    "The highest mean validation AUROC so far; null until one could be computed.",
    orNull(number()),
  ),
  waited: about("Epochs in a row without improvement.", whole(0)),
});

/** The state as plain data. */
export type EarlyStoppingState = Of<typeof EARLY_STOPPING_STATE>;

/** Watches the mean validation AUROC. An equal value is no improvement, nor is an undefined one (null, NaN). */
export class EarlyStopping {
  readonly #patience: number;
  #state: EarlyStoppingState = { best: null, waited: 0 };

  /** @param patience  Number of epochs in a row without a new best after which to stop; at least 1. */
  constructor(patience: number) {
    this.#patience = patience;
  }

  get shouldStop(): boolean {
    return this.#state.waited >= this.#patience;
  }

  get state(): EarlyStoppingState {
    return this.#state;
  }

  restore(state: EarlyStoppingState): void {
    this.#state = state;
  }

  endEpoch(auroc: number | null): void {
    const { best, waited } = this.#state;
    const isBetter = auroc !== null && !Number.isNaN(auroc) && (best === null || auroc > best);
    this.#state = isBetter ? { best: auroc, waited: 0 } : { best, waited: waited + 1 };
  }
}
