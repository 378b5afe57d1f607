/**
 * Something that is opened when it is first needed.
 *
 * Knows: nothing of what it is.
 */

/** What must be released. */
interface Releasable {
  release(): Promise<void>;
}

export class OnDemand<T extends Releasable> {
  readonly #open: () => Promise<T>;
  #opened: Promise<T> | undefined;

  /** @param open  Called at most once. */
  constructor(open: () => Promise<T>) {
    this.#open = open;
  }

  /** Open it, or return what is open. Throws whatever `open` throws, each time. */
  get(): Promise<T> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  /** Release it if it was opened. */
  async release(): Promise<void> {
    // Whoever asked for it was told that it failed.
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.release();
  }
}
