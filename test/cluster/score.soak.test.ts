/** The long form of score.test.ts: 2,000 images. */

import { afterAll, beforeAll, test } from "vitest";
import { Desk } from "../cli/run.ts";
import { Divided } from "./divided.ts";

const desk = new Desk();
const divided = new Divided(desk, 2000);
beforeAll(() => divided.prepare());
afterAll(() => desk.remove());

test("probabilities are those of predict to 1e-6", () => divided.expectPredictions());

test.for([
  [3, 1, 1],
  [8, 8, 2],
] as const)("%i shards, %i processes, %i workers", async ([shards, processes, workers]) => {
  const out = `shards-${shards}`;
  await divided.divide(out, shards, processes, workers);
  await divided.expectSame(out);
});

test("two processes on the same shards at once", async () => {
  await divided.together("together", 200);
  await divided.expectSame("together");
});

test("processes and workers that are killed at random, and started again", async () => {
  await divided.underFire("fire", 100);
  await divided.expectSame("fire");
});
