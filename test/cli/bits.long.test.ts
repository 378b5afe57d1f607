/** A whole data set of 12-bit samples in 16-bit files: evaluation, calibration and training. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { Desk, modelFile, putSmallDemo, words } from "./run.ts";
import { imageName, labelFile, metricsOf, trainOn } from "./train-data.ts";
import { greyPng, lowPng } from "./xrays.ts";

const desk = new Desk();
afterAll(() => desk.remove());
const COUNT = 12;

beforeAll(async () => {
  putSmallDemo(desk, "m.safetensors");
  desk.put("start.safetensors", modelFile("safetensors", 1));
  for (const folder of ["eight", "low"]) {
    desk.put(`${folder}/Data_Entry_2017.csv`, labelFile(COUNT));
    const make = (i: number) => (folder === "low" ? lowPng(12, 40 + 3 * i) : greyPng(40 + 3 * i));
    for (let i = 0; i < COUNT; i++) desk.put(`${folder}/images/${imageName(i)}`, await make(i));
  }
});

const NOTE =
  /medical-x: 12 images: the 16-bit samples use only the low 12 bits, .*set the option bits to 12$/m;
const evaluate = (line: string) =>
  desk.run(words(`evaluate --model m.safetensors --bootstrap 100 --format json --examples 0 ${line}`));
const predictionsIn = (folder: string) => readFileSync(desk.path(folder, "predictions.csv"), "utf8");
const preparationOf = (file: string) =>
  readCheckpoint(new Uint8Array(readFileSync(desk.path(file)))).card.preparation;

test("an evaluation counts what is said of its images, from the cache as well", async () => {
  const first = await evaluate("--data low --out dark");
  expect(first.stderr).toMatch(NOTE);
  const second = await evaluate("--data low");
  expect(second.stderr).toMatch(NOTE);
  expect(second.stdout).toBe(first.stdout);
  const without = await evaluate("--data low --prediction-cache off");
  expect(without.stdout).toBe(first.stdout);
});

test("--bits evaluates what the same pictures in 8 bits give, whatever the cache holds", async () => {
  await evaluate("--data low --out dark");
  const low = await evaluate("--data low --bits 12 --out low");
  await evaluate("--data eight --out eight");
  expect(low.stderr).not.toMatch(/16-bit samples/);
  expect(predictionsIn("low")).toBe(predictionsIn("eight"));
  expect(predictionsIn("dark")).not.toBe(predictionsIn("eight"));
});

test("--bits is of a model, not of a file of predictions", async () => {
  const ended = await desk.run(
    words("evaluate --predictions low/predictions.csv --labels-file low/Data_Entry_2017.csv --bits 12"),
  );
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/bits applies to a model only.*\(--bits\)/);
});

test("a calibration reads images with the bits that are given, and says so", async () => {
  desk.put("val.txt", Array.from({ length: COUNT }, (_, i) => `${imageName(i)}\n`).join(""));
  const line = "calibrate --model m.safetensors --list val.txt --kind temperature --format json";
  const [eight, low] = [
    await desk.run(words(`${line} --data eight --to eight.safetensors`)),
    await desk.run(words(`${line} --data low --bits 12 --to low.safetensors`)),
  ];
  expect([eight.code, low.code]).toEqual([0, 0]);
  expect(JSON.parse(low.stdout).findings).toEqual(JSON.parse(eight.stdout).findings);
  expect(low.stdout).toContain("read as 12-bit images");
});

test("a model that was trained with --bits carries them: to a run from it, and to predictions", async () => {
  const eight = await trainOn(desk, "--data eight --out from-eight");
  const dark = await trainOn(desk, "--data low --out from-dark");
  const low = await trainOn(desk, "--data low --bits 12 --out from-low");
  expect([eight.code, dark.code, low.code]).toEqual([0, 0, 0]);
  expect(dark.stderr).toMatch(/\d+ images: the 16-bit samples use only the low 12 bits/);
  expect(low.stderr).not.toMatch(/16-bit samples/);
  const losses = (run: string) => metricsOf(desk, run).map(({ train_loss }) => train_loss);
  expect(losses("from-low")).toEqual(losses("from-eight"));
  expect(losses("from-dark")).not.toEqual(losses("from-eight"));
  expect(preparationOf("from-low/model.safetensors")?.[0]).toEqual({ step: "bits", bits: 12 });
  expect(preparationOf("from-eight/model.safetensors")?.[0]).toEqual({ step: "rgb" });
  await trainOn(desk, "--data low --backbone from-low/model.safetensors --out again");
  expect(preparationOf("again/model.safetensors")?.[0]).toEqual({ step: "bits", bits: 12 });
  const predict = (model: string, image: string) =>
    desk.run(words(`predict --force --model ${model} --image ${image} --format ndjson`));
  const [a, b] = [
    await predict("from-low/model.safetensors", "low/images/x00.png"),
    await predict("from-eight/model.safetensors", "eight/images/x00.png"),
  ];
  expect(JSON.parse(a.stdout).probabilities).toEqual(JSON.parse(b.stdout).probabilities);
});

test("features that were made of all 16 bits are told of again, and not taken for those of 12", async () => {
  const dark = await trainOn(desk, "--data low --seed 5 --out dark-again");
  expect(dark.stderr).toMatch(/\d+ images: the 16-bit samples use only the low 12 bits/);
});

test("a run goes on with the bits that it was started with", async () => {
  const line = "--data low --bits 12 --epochs 1 --out short";
  expect((await trainOn(desk, line)).code).toBe(0);
  const other = await trainOn(desk, "--data low --resume --bits 10 --out short");
  expect(other.code).toBe(1);
  expect(other.stderr).toContain("bits was 12 and is now 10");
});
