/** A clock on which time passes only when nothing else happens, so that pauses of hours take no time. */

import type { Clock } from "../../../src/app/pacs/work/clock.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Turns of the event loop in which nothing may happen before time goes on: work on files takes several. */
const IDLE_TURNS = 10;

export class FakeClock implements Clock {
  #now = Date.parse("2026-11-27T08:00:00Z");
  #sleepers: Sleeper[] = [];
  #isOver = false;

  now = (): number => this.#now;

  pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        resolve();
      };
      const wake = () => {
        signal.removeEventListener("abort", end);
        resolve();
      };
      const sleeper = { at: this.#now + ms, wake };
      if (signal.aborted) return resolve();
      signal.addEventListener("abort", end, { once: true });
      this.#sleepers.push(sleeper);
    });
  }

  /** Let time pass, from pause to pause, until `stop`. */
  async passing(): Promise<void> {
    while (!this.#isOver) {
      for (let turn = 0; turn < IDLE_TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
      const next = Math.min(...this.#sleepers.map(({ at }) => at));
      if (next === Number.POSITIVE_INFINITY) continue;
      this.#now = Math.max(this.#now, next);
      const woken = this.#sleepers.filter(({ at }) => at <= this.#now);
      this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#now);
      for (const { wake } of woken) wake();
    }
  }

  stop(): void {
    this.#isOver = true;
  }
}
