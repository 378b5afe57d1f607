import { expect, test } from "vitest";
import { scheduledShare, shardsOf } from "../../../src/app/scoring/scheduler.ts";

const slurm = (id: number, first: number, count: number, step?: number) => ({
  SLURM_ARRAY_TASK_ID: `${id}`,
  SLURM_ARRAY_TASK_MIN: `${first}`,
  SLURM_ARRAY_TASK_COUNT: `${count}`,
  ...(step === undefined ? {} : { SLURM_ARRAY_TASK_STEP: `${step}` }),
});

test("without a scheduler there is no share", () => {
  expect(scheduledShare({})).toBeUndefined();
  expect(scheduledShare({ SLURM_JOB_ID: "7", SLURM_ARRAY_TASK_ID: "" })).toBeUndefined();
});

test("Slurm counts from the array's first index, in its steps", () => {
  expect(scheduledShare(slurm(0, 0, 8))).toEqual({ index: 0, count: 8, scheduler: "Slurm" });
  expect(scheduledShare(slurm(8, 1, 8))).toMatchObject({ index: 7, count: 8 });
  expect(scheduledShare(slurm(9, 1, 5, 2))).toMatchObject({ index: 4, count: 5 });
});

test("Kubernetes and AWS Batch count from 0", () => {
  expect(scheduledShare({ JOB_COMPLETION_INDEX: "2", JOB_COMPLETIONS: "4" })).toEqual({
    index: 2,
    count: 4,
    scheduler: "Kubernetes",
  });
  expect(
    scheduledShare({ AWS_BATCH_JOB_ARRAY_INDEX: "9999", AWS_BATCH_JOB_ARRAY_SIZE: "10000" }),
  ).toMatchObject({ index: 9999, count: 10_000 });
});

test.for([
  ["an array with gaps", slurm(7, 0, 2), "number 7 of 2, counted from 0: the indices of its array have gaps"],
  ["an odd step", slurm(2, 1, 8, 2), "number 0.5 of 8"],
  [
    "a missing count",
    { JOB_COMPLETION_INDEX: "0" },
    "JOB_COMPLETION_INDEX is set, but JOB_COMPLETIONS is not",
  ],
  ["a word", { AWS_BATCH_JOB_ARRAY_INDEX: "first" }, 'is "first", not a whole number'],
] as const)("%s is refused", ([, env, words]) => {
  expect(() => scheduledShare(env)).toThrow(
    expect.objectContaining({ code: "scoring/bad-scheduler", message: expect.stringContaining(words) }),
  );
});

test("each shard belongs to exactly one process", () => {
  const all = [0, 1, 2].flatMap((index) => shardsOf(8, { index, count: 3 }));
  expect(shardsOf(8, { index: 1, count: 3 })).toEqual([1, 4, 7]);
  expect([...all].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(shardsOf(2, { index: 5, count: 8 })).toEqual([]);
});
