/**
 * How many sessions predict side by side, and on how many threads each.
 *
 * Threads of one session wait for each other after every layer, and while one of them is kept off its core, the others spin. On
 * two cores, two sessions of one thread predict a fifth more images than one of two threads (docs/benchmarks.md).
 *
 * Knows: numbers of threads only.
 */

/** Each session has a copy of the weights and memory of its own: 0.15 GB, or 0.33 GB with overlays by the demo model. */
const MOST_SESSIONS = 4;

/** How the threads of the network are shared. */
export interface CoreShares {
  readonly sessions: number;
  /** Threads of each session. */
  readonly threads: number;
}

/** Share threads among as many sessions as are worth it. @param threads  All of them, at least one. */
export function shareCores(threads: number): CoreShares {
  const each = Math.ceil(threads / MOST_SESSIONS);
  return { sessions: Math.floor(threads / each), threads: each };
}
