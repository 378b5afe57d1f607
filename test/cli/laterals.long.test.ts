/** Lateral images in training and evaluation: left out and counted, kept on request, and unchanged in a resumed run. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk, words } from "./run.ts";
import { COUNT, furnish, hashOf, labelFile, trainOn } from "./train-data.ts";

/** Every third image is LL. */
const LATERALS = COUNT / 3;
const LEFT_OUT = `medical-x: ${LATERALS} of the ${COUNT} images have a lateral view and are left out, because the models here are made for frontal views; the option to include laterals keeps them\n`;
const KEPT = `medical-x: ${LATERALS} of the ${COUNT} images have a lateral view and are kept, as asked; the models here are made for frontal views\n`;

let desk: Desk;
beforeAll(async () => {
  desk = new Desk();
  await furnish(desk);
  const lines = labelFile(COUNT).trimEnd().split("\n");
  const table = lines.map((line, i) => (i % 3 === 1 ? line.replace(/PA$/, "LL") : line));
  desk.put("xrays/Data_Entry_2017.csv", `${table.join("\n")}\n`);
});
afterAll(() => desk.remove());

const configOf = (run: string) => JSON.parse(readFileSync(desk.path(run, "config.json"), "utf8"));
const imagesOf = (run: string): number => configOf(run).images.train + configOf(run).images.val;

test("training leaves them out, says so, and a resumed run keeps its choice", async () => {
  const frontal = await trainOn(desk, "--out frontal");
  expect(frontal.code).toBe(0);
  expect(frontal.stderr).toContain(LEFT_OUT);
  expect(imagesOf("frontal")).toBe(COUNT - LATERALS);
  const all = await trainOn(desk, "--include-laterals --out all");
  expect(all.stderr).toContain(KEPT);
  expect(imagesOf("all")).toBe(COUNT);
  expect(hashOf(desk, "all", "model.safetensors")).not.toBe(hashOf(desk, "frontal", "model.safetensors"));
  const resumed = await desk.run(words("train --data xrays --out all --resume --threads 1"));
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toContain(KEPT);
  const other = await desk.run(words("train --data xrays --out frontal --resume --include-laterals"));
  expect(other.code).toBe(1);
  expect(other.stderr).toContain("includeLaterals was false and is now true");
});

test("a run that began before there was a choice goes on with all images", async () => {
  expect((await trainOn(desk, "--include-laterals --out earlier")).code).toBe(0);
  const { settings, ...config } = configOf("earlier");
  const { includeLaterals: _, ...before } = settings;
  desk.put("earlier/config.json", JSON.stringify({ ...config, settings: before }));
  const { code, stderr } = await desk.run(words("train --data xrays --out earlier --resume --threads 1"));
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(KEPT) });
});

test("an evaluation, of a model and of predictions, leaves them out and says so", async () => {
  const line =
    "evaluate --force --data xrays --model start.safetensors --labels effusion,mass --bootstrap 100 --format json";
  const frontal = await desk.run(words(line));
  expect(frontal.code).toBe(0);
  expect(frontal.stderr).toContain(LEFT_OUT);
  expect(JSON.parse(frontal.stdout).n_images).toBe(COUNT - LATERALS);
  expect(JSON.parse((await desk.run(words(`${line} --include-laterals`))).stdout).n_images).toBe(COUNT);
  const rows = Array.from(
    { length: COUNT },
    (_, i) => `x${String(i).padStart(2, "0")}.png,0.${10 + i},0.5\n`,
  );
  desk.put("p.csv", `Image Index,prob_Effusion,prob_Mass\n${rows.join("")}`);
  const predictions =
    "evaluate --predictions p.csv --labels-file xrays/Data_Entry_2017.csv --bootstrap 100 --format json";
  const ofFile = await desk.run(words(predictions));
  expect(ofFile.stderr).toContain(LEFT_OUT);
  expect(JSON.parse(ofFile.stdout).n_images).toBe(COUNT - LATERALS);
  expect(JSON.parse((await desk.run(words(`${predictions} --include-laterals`))).stdout).n_images).toBe(
    COUNT,
  );
});

test("a summary counts them in its views, and splits the others", async () => {
  const { stdout, stderr } = await desk.run(words("data summary --data xrays --format json"));
  const { n_images, views, split } = JSON.parse(stdout);
  expect({ n_images, views }).toEqual({ n_images: COUNT, views: { PA: COUNT - LATERALS, LL: LATERALS } });
  expect(split.train.n_images + split.val.n_images).toBe(COUNT - LATERALS);
  expect(stderr).toContain(LEFT_OUT);
});
