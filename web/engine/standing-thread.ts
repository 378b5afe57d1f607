/**
 * A worker that is started for the first call and, if it has crashed, again for the next one.
 *
 * Knows: how workers end. Not what they are asked.
 */

import type { CallTable } from "../../src/browser/calls.ts";
import { type AskHooks, type EngineThread, released } from "../../src/browser/engine-thread.ts";
import { XrayError } from "../../src/errors.ts";

/** A worker that was started. */
export interface StartedThread<C extends CallTable<C>> {
  readonly thread: EngineThread<C>;
  /** Resolves when it can be asked, and rejects if it never can. */
  readonly ready: Promise<unknown>;
}

/** Whether an error ends a worker. */
const isCrash = (error: unknown): error is XrayError =>
  error instanceof XrayError && error.code === "browser/worker-failed";

/** Owns at most one worker at a time. */
export class StandingThread<C extends CallTable<C>> {
  readonly #start: () => StartedThread<C>;
  readonly #onRestart: ((reason: XrayError) => void) | undefined;
  #current: StartedThread<C> | undefined;
  /** Why the last worker that crashed ended. */
  #crash: XrayError | undefined;
  #isReleased = false;

  /**
   * @param start      Starts a worker and makes it ready.
   * @param first      One that runs already.
   * @param onRestart  Called whenever another worker is started because one has crashed.
   */
  constructor(
    start: () => StartedThread<C>,
    first?: StartedThread<C>,
    onRestart?: (reason: XrayError) => void,
  ) {
    this.#start = start;
    this.#current = first;
    this.#onRestart = onRestart;
  }

  /**
   * Make a call; calls are answered one after the other.
   *
   * @throws  What the worker throws; XrayError `browser/worker-failed` if it crashes, after which the next call starts another
   *          one; `model/released`; the reason of an aborted signal.
   */
  async ask<N extends keyof C>(
    hooks: AskHooks,
    name: N,
    ...args: Parameters<C[N]>
  ): Promise<ReturnType<C[N]>> {
    const current = this.#current ?? this.#begin();
    try {
      await current.ready;
      return await current.thread.askWith(hooks, name, ...args);
    } catch (error) {
      if (isCrash(error)) this.#end(current, error);
      throw error;
    }
  }

  /** End the worker at once, also while it starts. Calls that are not answered yet, and all later ones, fail. */
  release(): void {
    this.#isReleased = true;
    this.#current?.thread.end();
    this.#current = undefined;
  }

  #begin(): StartedThread<C> {
    if (this.#isReleased) throw released();
    const reason = this.#crash;
    const started = this.#start();
    this.#current = started;
    // A worker that cannot be made ready is of no use to the next call.
    started.ready.catch((error) => this.#end(started, error));
    if (reason !== undefined) this.#onRestart?.(reason);
    return started;
  }

  #end(ended: StartedThread<C>, error: unknown): void {
    if (this.#current !== ended) return;
    this.#current = undefined;
    if (isCrash(error)) this.#crash = error;
    ended.thread.end();
  }
}
