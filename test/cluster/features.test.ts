/** Features that several processes extract: training on them gives the same weights, bit for bit, as training without. */

import { appendFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk } from "../cli/run.ts";

const desk = new Desk();
afterAll(() => desk.remove());

const SETTINGS = ["--data", "data", "--backbone", "random", "--input-size", "64", "--batch-size", "8"];

/** Train with a cache of its own, so that no run finds another's features there. */
const train = (run: string, more: readonly string[]) =>
  desk.run(["train", ...SETTINGS, "--epochs", "2", "--out", run, ...more], {
    env: { MEDICAL_X_CACHE: desk.path(`cache-${run}`) },
  });
const extract = (folder: string, more: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  desk.run(["train", ...SETTINGS, "--extract", "--features", folder, "--shard-size", "16", ...more], { env });
const weights = (run: string) => readFileSync(desk.path(run, "densenet121_model.pth"));

beforeAll(async () => {
  await desk.run(["data", "phantom", "--out", "data", "--count", "60", "--seed", "4", "--size", "128"]);
  // One image that cannot be read, which every run leaves out.
  const table = readFileSync(desk.path("data/Data_Entry_2017.csv"), "utf8");
  const last = table.trimEnd().split("\n").at(-1)!;
  appendFileSync(desk.path("data/Data_Entry_2017.csv"), `${last.replace(/^[^,]*/, "00009999_000.png")}\n`);
  desk.put("data/images/00009999_000.png", "no picture");
});

test.for([
  ["the head", []],
  ["the head, on augmented views", ["--augment", "flip", "--views", "2"]],
  ["the last block", ["--unfreeze", "denseblock4"]],
] as const)("%s", async ([name, more]) => {
  const folder = `features ${name}`;
  for (const i of [2, 0, 1]) {
    const ended = await extract(folder, [...more, "--threads", String(1 + (i % 2))], {
      SLURM_ARRAY_TASK_ID: String(i + 1),
      SLURM_ARRAY_TASK_MIN: "1",
      SLURM_ARRAY_TASK_COUNT: "3",
    });
    expect(ended.code, ended.stderr).toBe(0);
  }
  const [without, on] = [`without ${name}`, `on ${name}`];
  expect((await train(without, more)).code).toBe(1);
  const ended = await train(on, [...more, "--features", folder]);
  expect(ended.code, ended.stderr).toBe(1);
  expect(ended.stderr).toContain("1 image could not be read and was left out");
  expect(weights(on).equals(weights(without))).toBe(true);
});

test("what is done is not done again, and missing shards are named", async () => {
  const folder = desk.path("features the head/shards");
  const [first] = readdirSync(folder).sort();
  const before = readFileSync(`${folder}/${first}`);
  rmSync(`${folder}/${first}`);
  const incomplete = await train("incomplete", ["--features", "features the head"]);
  expect(incomplete.code).toBe(1);
  expect(incomplete.stderr).toContain(
    "features the head: 1 shard of 4 is missing (0); extract features again",
  );
  const again = await extract("features the head", []);
  expect(again.stderr).toContain("4 shards of 4 done, 3 of them before, 16 rows computed");
  expect(readFileSync(`${folder}/${first}`).equals(before)).toBe(true);
});

test.for([
  [
    "another preparation",
    ["--input-size", "96"],
    "the backbone, its frozen layers, the preparation or the augmentation differ",
  ],
  [
    "another backbone",
    ["--backbone", "demo"],
    "the backbone, its frozen layers, the preparation or the augmentation differ",
  ],
  ["other images", ["--limit", "20"], "the images, their sizes or their times differ"],
  ["another shard size", ["--shard-size", "5"], "the shard size differ"],
] as const)("%s is refused with code 3", async ([, more, words]) => {
  const ended = await extract("features the head", more);
  expect(ended.code).toBe(3);
  expect(ended.stderr).toContain(words);
});

test("a folder without features, and settings without any, are refused in words", async () => {
  const none = await train("none", ["--features", "data"]);
  expect(none.code).toBe(1);
  expect(none.stderr).toContain("data: there is no plan.json in this folder");
  const all = await extract("all", ["--unfreeze", "all"]);
  expect(all.code).toBe(2);
  expect(all.stderr).toContain("only features of frozen layers");
});
