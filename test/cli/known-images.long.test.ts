/** `train` and `calibrate` write figures on known images into the model's card, and `predict` measures images by them. */

import { readFileSync } from "node:fs";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSafetensors } from "../../src/formats/safetensors.ts";
import { CARD_KEY, parseCardText } from "../../src/models/card.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { Desk, modelFile, words } from "./run.ts";

const library: Promise<typeof import("../../src/index.ts")> = import(
  new URL("../../dist/index.js", import.meta.url).href
);

const desk = new Desk();
afterAll(() => desk.remove());

const COMMON = "--backbone start.safetensors --input-size 64 --epochs 1 --batch-size 8 --seed 1 --threads 1";
const train = (line: string) => desk.run(words(`train --data phantoms ${COMMON} ${line}`));

const bytesOf = (file: string) => new Uint8Array(readFileSync(desk.path(file)));
const cardOf = (file: string) => readCheckpoint(bytesOf(file)).card;
const knownImages = (file: string) => cardOf(file).knownImages!;

const blackPng = (): Promise<Buffer> =>
  sharp({ create: { width: 64, height: 64, channels: 3, background: "black" } })
    .png()
    .toBuffer();

beforeAll(async () => {
  desk.put("start.safetensors", modelFile("safetensors", 1));
  await desk.run(words("data phantom --out phantoms --count 130 --seed 3 --size 64"));
  expect((await train("--out run --val-fraction 0.45")).code).toBe(0);
});

test("the mean comes from training images, and the limit from the others", () => {
  const { description, images, heldOut, components } = knownImages("run/model.safetensors");
  const { train: trained, val } = JSON.parse(readFileSync(desk.path("run/config.json"), "utf8")).images;
  expect([images, heldOut]).toEqual([trained, val]);
  expect(description).toBe(
    `${trained} training images of phantoms of seed 3; the limit from ${val} images that took no part in the training`,
  );
  expect(components).toHaveLength(Math.floor(trained / 4));
  const card = readFileSync(desk.path("run/model-card.md"), "utf8");
  expect(card.split("\n## Known images\n")[1]).toContain(`The figures come from ${description}.`);
});

test("both files of a run have them, and what is converted keeps them", async () => {
  const known = knownImages("run/model.safetensors");
  expect(knownImages("run/densenet121_model.pth")).toEqual(known);
  for (const to of ["half.safetensors", "copy.pth", "copy.onnx"]) {
    const dtype = to.startsWith("half") ? "--dtype float16" : "";
    const { code } = await desk.run(words(`models convert run/model.safetensors --to ${to} ${dtype}`.trim()));
    expect(code).toBe(0);
  }
  expect(knownImages("half.safetensors")).toEqual(known);
  expect(knownImages("copy.pth")).toEqual(known);
  expect(Buffer.from(bytesOf("copy.onnx")).includes(known.mean)).toBe(true);
});

test("without a feature cache the figures are the same; with other trained layers they are others", async () => {
  await train("--out live --val-fraction 0.45 --feature-cache off");
  expect(knownImages("live/model.safetensors")).toEqual(knownImages("run/model.safetensors"));
  await train("--out deeper --val-fraction 0.45 --unfreeze norm5 --lr 0.01");
  const { images, mean } = knownImages("deeper/model.safetensors");
  expect(images).toBe(knownImages("run/model.safetensors").images);
  expect(mean).not.toBe(knownImages("run/model.safetensors").mean);
});

test("a finished run that is resumed stays as it is; one that lacks the figures gets the same", async () => {
  const before = bytesOf("run/model.safetensors");
  expect((await train("--out run --val-fraction 0.45 --resume")).code).toBe(0);
  expect(Buffer.compare(bytesOf("run/model.safetensors"), before)).toBe(0);
  const { metadata } = readSafetensors(before);
  const { knownImages: _, ...rest } = parseCardText(metadata[CARD_KEY]!);
  const at = Buffer.from(before).indexOf(',\\"knownImages\\"');
  expect(rest.labels).toBeDefined();
  expect(at).toBeGreaterThan(0);
  // The name of the field is another one in a file of the same size, as if an earlier version had written it.
  const earlier = Buffer.from(before);
  earlier.write(',\\"earlierWord\\"', at);
  desk.put("run/model.safetensors", earlier);
  expect((await train("--out run --val-fraction 0.45 --resume")).code).toBe(0);
  expect(Buffer.compare(bytesOf("run/model.safetensors"), before)).toBe(0);
});

test("without validation images the limit comes from the training images, part by part", async () => {
  await train("--out all --val-fraction 0");
  const { images, heldOut, description } = knownImages("all/model.safetensors");
  expect([images, heldOut]).toEqual([130, 130]);
  expect(description).toContain("from the same images, a fifth of the patients at a time");
});

test("calibrate adds them to a model that has none, and keeps those of one that has", async () => {
  const names = readFileSync(desk.path("phantoms/Data_Entry_2017.csv"), "utf8")
    .split("\n")
    .slice(1, 81)
    .map((row) => row.split(",")[0]!);
  desk.put("list.txt", names.join("\n"));
  const calibrate = "calibrate --data phantoms --list list.txt --threads 1";
  const { code } = await desk.run(words(`${calibrate} --model start.safetensors --to calibrated.pth`));
  expect(code).toBe(0);
  expect(knownImages("calibrated.pth")).toMatchObject({ images: 80, heldOut: 80 });
  await desk.run(words(`${calibrate} --model run/model.safetensors --to again.pth`));
  expect(knownImages("again.pth")).toEqual(knownImages("run/model.safetensors"));
});

test("a prediction says where nothing is known, and whether an image is unlike the others", async () => {
  const { loadModel } = await library;
  const image = desk.path("phantoms/images/00000001_000.png");
  const outcomes = async (name: string) => {
    const model = await loadModel(desk.path(name));
    const predictions = await model.predict([image, new Uint8Array(await blackPng())], { force: true });
    await model.release();
    return predictions.map(({ checks }) => checks.find(({ check }) => check === "known-images")!.outcome);
  };
  expect(await outcomes("start.safetensors")).toEqual(["unknown", "unknown"]);
  expect(await outcomes("run/model.safetensors")).toEqual(["pass", "warn"]);
});
