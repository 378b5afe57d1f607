/**
 * Waits for a quiet moment before work that may be put off.
 *
 * Knows: time. Not what disturbs, nor what the work is.
 */

/** In milliseconds. */
export interface QuietTimes {
  /** How long nothing must have happened. */
  readonly quiet: number;
  /** After this time, the work is done all the same. */
  readonly patience: number;
}

/** Does one piece of work in a quiet moment. */
export class Quiet {
  readonly #isBusy: () => boolean;
  readonly #times: QuietTimes;
  #work: (() => void) | undefined;
  #deadline = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param isBusy  Whether something is going on, so that the moment is not quiet. */
  constructor(isBusy: () => boolean, times: QuietTimes) {
    this.#isBusy = isBusy;
    this.#times = times;
  }

  /** Do something in the next quiet moment. It takes the place of what still waits. */
  wait(work: () => void): void {
    this.#work = work;
    this.#deadline = performance.now() + this.#times.patience;
    this.#begin();
  }

  /** Something has happened: the quiet begins anew. */
  stir(): void {
    if (this.#work !== undefined) this.#begin();
  }

  /** Forget what waits. */
  cancel(): void {
    this.#work = undefined;
    clearTimeout(this.#timer);
  }

  #begin(): void {
    clearTimeout(this.#timer);
    const left = Math.max(0, this.#deadline - performance.now());
    this.#timer = setTimeout(() => this.#end(), Math.min(this.#times.quiet, left));
  }

  #end(): void {
    if (this.#isBusy() && performance.now() < this.#deadline) {
      this.#begin();
      return;
    }
    const work = this.#work;
    this.#work = undefined;
    work?.();
  }
}
