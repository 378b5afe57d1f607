/** `train` chooses each finding's heatmap by the boxes of its validation images. */

import { cpSync, existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { Random } from "../../src/random.ts";
import { Desk, type Ended, type RunOptions, words } from "./run.ts";
import { metricsOf } from "./train-data.ts";

const FINDINGS = ["Mass", "Nodule"];
// The images of a patient stay together.
const HELD_OUT = 45;

const desk = new Desk();
afterAll(() => desk.remove());

const COMMON =
  "--backbone demo --input-size 64 --epochs 1 --batch-size 8 --seed 3 --threads 1 --val-list val.txt";
const train = (line: string, options?: RunOptions): Promise<Ended> =>
  desk.run(words(`train --data data ${COMMON} ${line}`), options);

const bytesOf = (file: string): Buffer => readFileSync(desk.path(file));
const cardOf = (file: string) => readCheckpoint(new Uint8Array(bytesOf(file))).card;

let names: string[] = [];
beforeAll(async () => {
  await desk.run(words("data phantom --out data --count 64 --seed 9 --size 64"));
  names = bytesOf("data/Data_Entry_2017.csv")
    .toString("utf8")
    .match(/^\d{8}_\d{3}\.png/gm)!;
  desk.put("val.txt", `${names.slice(0, HELD_OUT).join("\n")}\n`);
  const random = Random.of(3, "boxes");
  const rows = names.flatMap((image, i) =>
    [...FINDINGS, ...(i < 10 ? ["Hernia"] : [])].map(
      (finding) => `${image},${finding},${random.int(34)},${random.int(34)},30,30`,
    ),
  );
  const all = [...rows, "elsewhere.png,Mass,1,1,9,9", `${names[0]},Fracture,1,1,9,9`];
  desk.put("boxes.csv", `Image Index,Finding Label,Bbox [x,y,w,h],,,\n${all.join("\n")}\n`);
  expect((await train("--boxes boxes.csv --out run")).code).toBe(0);
});

test("both files and the model card have the choice, made on validation images and no others", async () => {
  const { maps } = cardOf("run/model.safetensors");
  expect(cardOf("run/densenet121_model.pth").maps).toEqual(maps);
  expect(Object.keys(maps!.findings)).toEqual(FINDINGS);
  for (const { measured } of Object.values(maps!.findings)) expect(measured!.pairs).toBe(HELD_OUT);
  const card = bytesOf("run/model-card.md").toString("utf8").split("\n## Heatmaps\n")[1]!;
  expect(card).toContain(`of these findings. It was ${maps!.description}.`);
  for (const finding of FINDINGS)
    expect(card).toMatch(new RegExp(`^\\| ${finding} +\\| +${HELD_OUT} \\|`, "m"));
  expect(cardOf("run/model.safetensors").knownImages).toBeDefined();
  const { roc } = cardOf("run/model.safetensors");
  expect(roc!.description).toContain(`${HELD_OUT} validation images (drawn phantoms, Data_Entry_2017.csv)`);
  expect(cardOf("run/densenet121_model.pth").roc).toEqual(roc);
});

test("`calibrate` makes the same choice by the same images, and says what it replaces and leaves out", async () => {
  const { stdout, code } = await desk.run(
    words(
      "calibrate --data data --model run/model.safetensors --choose-maps --boxes boxes.csv --seed 3 --threads 1 --to again.safetensors --format json",
    ),
  );
  expect(code).toBe(0);
  const { maps } = cardOf("run/model.safetensors");
  const report = JSON.parse(stdout);
  expect(report.maps).toEqual(maps);
  expect(report.notes).toEqual(
    expect.arrayContaining([
      "19 images with boxes took no part in the choice of heatmaps, because the model was trained on them",
      "boxes.csv: 1 box of images that are missing or have a lateral view is left out",
      "boxes.csv: 1 box of findings that the model lacks (Fracture) is left out",
      `the heatmaps that the model's card named (${maps!.description}) are replaced`,
    ]),
  );
});

test("interrupted during the choice, a run keeps its model, and resumed it chooses without training again", async () => {
  let isSent = false;
  const stopped = await train("--boxes boxes.csv --out stopped", {
    onStderr: (text, child) => {
      if (isSent || !text.includes(`choosing heatmaps by the boxes of ${HELD_OUT} validation images`)) return;
      isSent = true;
      child.kill("SIGINT");
    },
  });
  expect([stopped.code, stopped.stdout]).toEqual([130, ""]);
  expect(stopped.stderr).toContain("\nepoch 1/1: ");
  expect(stopped.stderr).toMatch(/stopped; resume with: .* --out stopped --resume\n$/);
  expect(cardOf("stopped/model.safetensors").maps).toBeUndefined();
  expect(bytesOf("stopped/model-card.md").toString("utf8")).not.toContain("## Heatmaps");
  const before = metricsOf(desk, "stopped");
  const resumed = await desk.run(words("train --data data --out stopped --resume --threads 1"));
  expect([resumed.code, resumed.stderr.includes("epoch 1/1")]).toEqual([0, false]);
  expect(metricsOf(desk, "stopped")).toEqual(before);
  for (const file of ["model.safetensors", "densenet121_model.pth"])
    expect(Buffer.compare(bytesOf(`stopped/${file}`), bytesOf(`run/${file}`)), file).toBe(0);
  const part = (run: string) =>
    bytesOf(`${run}/model-card.md`).toString("utf8").split("\n## Known images\n")[1];
  expect(part("stopped")).toBe(part("run"));
});

test("a finished run that is resumed stays as it is", async () => {
  const before = bytesOf("run/model.safetensors");
  const { code, stderr } = await desk.run(words("train --data data --out run --resume --threads 1"));
  expect([code, stderr.includes("choosing heatmaps")]).toEqual([0, false]);
  expect(Buffer.compare(bytesOf("run/model.safetensors"), before)).toBe(0);
});

test("switched off, nothing is chosen or said; a run from before the choice existed stays without one", async () => {
  const { code, stderr } = await train("--no-choose-maps --out off --unfreeze norm5");
  expect([code, stderr.includes("heatmap")]).toEqual([0, false]);
  expect(cardOf("off/model.safetensors").maps).toBeUndefined();
  const config = JSON.parse(bytesOf("off/config.json").toString("utf8"));
  const { chooseMaps, boxes: _, ...settings } = config.settings;
  expect(chooseMaps).toBe(false);
  desk.put("off/config.json", JSON.stringify({ ...config, settings }));
  cpSync(desk.path("data"), desk.path("boxed"), { recursive: true });
  cpSync(desk.path("boxes.csv"), desk.path("boxed/BBox_List_2017.csv"));
  const resumed = await desk.run(words("train --data boxed --out off --resume --threads 1"));
  expect([resumed.code, resumed.stderr.includes("heatmap")]).toEqual([0, false]);
  expect(cardOf("off/model.safetensors").maps).toBeUndefined();
});

test("too few boxes, or a folder's box file that cannot be used, are a note; an image that cannot be read is left out", async () => {
  const few = await train("--out few");
  expect([few.code, cardOf("few/model.safetensors").maps]).toEqual([0, undefined]);
  expect(few.stderr).toContain(
    `data/BBox_List_2017.csv: no finding has boxes in at least 20 validation images, of which there are ${HELD_OUT}, so no heatmaps will be chosen; `,
  );
  cpSync(desk.path("data"), desk.path("torn"), { recursive: true });
  desk.put("torn/BBox_List_2017.csv", "Image Index,Finding Label,Bbox [x,y,w,h],,,\nx.png,Mass,1,1,9\n");
  desk.put(`torn/images/${names[5]}`, "not an image");
  const line = words(`train --data torn ${COMMON} --out torn-run`);
  const torn = await desk.run(line);
  expect(torn.code).toBe(1);
  expect(torn.stderr).toContain("medical-x: no heatmaps will be chosen: torn/BBox_List_2017.csv: ");
  const named = await desk.run(words(`train --data torn ${COMMON} --boxes boxes.csv --out named`));
  expect(named.code).toBe(1);
  expect(named.stderr.match(new RegExp(`left out: .*${names[5]}`, "g"))).toHaveLength(1);
  for (const { measured } of Object.values(cardOf("named/model.safetensors").maps!.findings))
    expect(measured!.pairs).toBe(HELD_OUT - 1);
});

test("a box file that is named and cannot be used is refused before any work, as is one without a choice", async () => {
  const missing = await train("--boxes nowhere.csv --out x");
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("nowhere.csv")]);
  const unused = await train("--boxes boxes.csv --no-choose-maps --out x");
  expect([unused.code, unused.stderr]).toEqual([
    2,
    expect.stringContaining(
      "boxes are only used to choose heatmaps, which is switched off; switch it on, or leave the box file out",
    ),
  ]);
  expect(existsSync(desk.path("x"))).toBe(false);
});
