/**
 * Every reader against a few thousand damaged files. The seed is fixed, so that failures repeat until they are fixed.
 */

import assert from "node:assert/strict";
import { test } from "vitest";
import { Fuzzer, report } from "./harness.ts";
import { TARGETS } from "./targets.ts";

const SEED = 1;

test.for(TARGETS)("$name either reads a damaged file or refuses it in one line", async (target) => {
  const fuzzer = await Fuzzer.create(target, SEED);
  for (let iteration = 0; iteration < target.iterations; iteration++) {
    const failure = await fuzzer.run(iteration);
    if (failure !== undefined) assert.fail(report(failure));
  }
});
