import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { coresOfLimit, usableCores } from "../../src/node/cores.ts";

test("a container's limit is a share of time", () => {
  expect(coresOfLimit("150000 100000\n")).toBe(1.5);
  expect(coresOfLimit("max 100000\n")).toBeUndefined();
  expect(coresOfLimit("")).toBeUndefined();
});

test("Slurm's grant counts, but never for more than there is", () => {
  expect(usableCores({ SLURM_CPUS_PER_TASK: "1" })).toBe(1);
  expect(usableCores({ SLURM_CPUS_PER_TASK: "100000" })).toBeLessThanOrEqual(availableParallelism());
  expect(usableCores({ SLURM_CPUS_PER_TASK: "none" })).toBeGreaterThanOrEqual(1);
});
