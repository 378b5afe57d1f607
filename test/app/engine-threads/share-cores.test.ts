import { expect, test } from "vitest";
import { shareCores } from "../../../src/app/engine-threads/share-cores.ts";

test.for([
  [1, 1, 1],
  [2, 2, 1],
  [4, 4, 1],
  [6, 3, 2],
  [8, 4, 2],
  [64, 4, 16],
] as const)("%i threads are %i sessions of %i", ([threads, sessions, each]) => {
  expect(shareCores(threads)).toEqual({ sessions, threads: each });
});

test("there are never more threads than were given, and at most half of them are left over", () => {
  for (let given = 1; given <= 256; given++) {
    const { sessions, threads } = shareCores(given);
    expect(sessions).toBeLessThanOrEqual(4);
    expect(sessions * threads).toBeLessThanOrEqual(given);
    expect(sessions * threads).toBeGreaterThanOrEqual(given / 2);
  }
});
