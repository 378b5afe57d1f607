/**
 * Coordinates decoding across all threads of this process: many at once, or one alone.
 *
 * libvips keeps its error messages in one place for the whole process, so messages about images that are decoded at the
 * same time get mixed up. To get the messages about one image, it must be decoded alone.
 *
 * Knows: shared memory. Not what is decoded. A thread that dies during its work leaves its mark behind, so nobody waits
 *        for long: at worst, messages are mixed up.
 */

import { setTimeout as delay } from "node:timers/promises";

const WORKING = 0;
const ALONE = 1;

const POLL_MS = 2;
const LONGEST_WAIT_MS = 3000;

let cells = new Int32Array(new SharedArrayBuffer(8));

/** The memory that threads share, to be passed to new ones. */
export const gateMemory = (): SharedArrayBuffer => cells.buffer;

/** Join the gate of the thread that started this one. */
export function joinGate(memory: SharedArrayBuffer): void {
  cells = new Int32Array(memory);
}

async function waitUntil(isFree: () => boolean): Promise<void> {
  const end = performance.now() + LONGEST_WAIT_MS;
  while (!isFree() && performance.now() < end) await delay(POLL_MS);
}

/** Decode while other threads may do so too. */
export async function decodeAmongOthers<T>(work: () => Promise<T>): Promise<T> {
  if (Atomics.load(cells, ALONE) !== 0) await waitUntil(() => Atomics.load(cells, ALONE) === 0);
  Atomics.add(cells, WORKING, 1);
  try {
    return await work();
  } finally {
    Atomics.sub(cells, WORKING, 1);
  }
}

/** Decode while no other thread does. */
export async function decodeAlone<T>(work: () => Promise<T>): Promise<T> {
  await waitUntil(() => Atomics.compareExchange(cells, ALONE, 0, 1) === 0);
  try {
    await waitUntil(() => Atomics.load(cells, WORKING) === 0);
    return await work();
  } finally {
    Atomics.store(cells, ALONE, 0);
  }
}
