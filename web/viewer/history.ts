/**
 * What was done, to be undone and done again.
 *
 * Knows: values that are never modified. Not what they are.
 */

/** Steps of one kind within this time, in milliseconds, are one step: the turns of a wheel, a key that is held. */
const TOGETHER = 700;
const MOST_STEPS = 200;

export class History<T> {
  #past: T[] = [];
  #present: T;
  #future: T[] = [];
  #last: { readonly kind: string; readonly at: number } | undefined;

  constructor(present: T) {
    this.#present = present;
  }

  get present(): T {
    return this.#present;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /**
   * Take a step.
   *
   * @param kind  Undefined for a step that is never one with the step before.
   * @param at    When, in milliseconds.
   */
  commit(next: T, kind: string | undefined, at: number): void {
    const last = this.#last;
    const isSame = kind !== undefined && last?.kind === kind && at - last.at < TOGETHER;
    if (!isSame) this.#past = [...this.#past, this.#present].slice(-MOST_STEPS);
    this.#present = next;
    this.#future = [];
    this.#last = kind === undefined ? undefined : { kind, at };
  }

  /** Change the present without a step: what happened elsewhere, and is not to be undone here. */
  amend(present: T): void {
    this.#present = present;
  }

  /** Go back a step, if there is one. */
  undo(): T {
    return this.#step(this.#past, this.#future);
  }

  /** Go forward a step, if there is one. */
  redo(): T {
    return this.#step(this.#future, this.#past);
  }

  #step(from: T[], to: T[]): T {
    const next = from.pop();
    if (next !== undefined) {
      to.push(this.#present);
      this.#present = next;
      this.#last = undefined;
    }
    return this.#present;
  }
}
