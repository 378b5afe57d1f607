/**
 * Stopping when the validation has not become better for some epochs.
 *
 * Knows: numbers.
 */

/** Plain data. */
export interface EarlyStoppingState {
  readonly best: number | null;
  readonly waited: number;
}

/** Watches the mean validation AUROC. Epochs in which it could not be told count as no better. */
export class EarlyStopping {
  readonly #patience: number;
  #state: EarlyStoppingState = { best: null, waited: 0 };

  /** @param patience  Epochs without a new best after which to stop; at least 1. */
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
