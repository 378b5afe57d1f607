/**
 * The time, and pauses. Tests have a clock of their own.
 *
 * Knows: timers.
 */

import { setTimeout as wait } from "node:timers/promises";

export interface Clock {
  /** Milliseconds since 1970. It never goes back while the program runs, even if the machine's clock is set back. */
  now(): number;
  /** Wait. Resolves early, without an error, once the signal is aborted. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export const CLOCK: Clock = {
  now: () => Math.floor(performance.timeOrigin + performance.now()),
  pause: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
};
