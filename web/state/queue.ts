/**
 * Which image is read next, and what is said about how far the work has come.
 *
 * Knows: items. Not how they are read.
 */

import type { ImageItem } from "./item.ts";

/**
 * The image to read next: the one that is looked at, then the one beside it, then the others in the order of dropping. While
 * the work is paused, only those that are looked at.
 */
export function nextItem(
  items: readonly ImageItem[],
  lookedAt: readonly (number | undefined)[],
  isPaused: boolean,
): ImageItem | undefined {
  const waiting = items.filter(({ state }) => state === "waiting");
  for (const id of lookedAt) {
    const found = waiting.find((item) => item.id === id);
    if (found !== undefined) return found;
  }
  return isPaused ? undefined : waiting[0];
}

/** Whether an image is being read. */
export const isReading = (items: readonly ImageItem[]): boolean =>
  items.some(({ state }) => state === "reading");

/** How many images there are of each kind. */
export interface Tally {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly waiting: number;
  readonly reading: number;
}

export function tally(items: readonly ImageItem[]): Tally {
  const count = (state: ImageItem["state"]) => items.filter((item) => item.state === state).length;
  return {
    total: items.length,
    done: count("done"),
    failed: count("failed"),
    waiting: count("waiting"),
    reading: count("reading"),
  };
}
