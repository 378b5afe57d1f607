import { cpSync, existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { Random } from "../../src/random.ts";
import { Desk, putSmallDemo, words } from "./run.ts";

const SIZE = 64;
const FINDINGS = ["Mass", "Nodule"];

const desk = new Desk();
afterAll(() => desk.remove());
beforeAll(async () => {
  putSmallDemo(desk, "m.safetensors");
  await desk.run(words(`data phantom --out data --count 40 --seed 9 --size ${SIZE}`));
  const names = readFileSync(desk.path("data/Data_Entry_2017.csv"), "utf8").match(/^\d{8}_\d{3}\.png/gm)!;
  desk.put("val.txt", `${names.join("\n")}\n`);
  const random = Random.of(3, "boxes");
  const rows = names.flatMap((image, i) =>
    [...FINDINGS, ...(i < 10 ? ["Hernia"] : [])].map(
      (finding) => `${image},${finding},${random.int(34)},${random.int(34)},30,30`,
    ),
  );
  desk.put("boxes.csv", `Image Index,Finding Label,Bbox [x,y,w,h],,,\n${rows.join("\n")}\n`);
});

const calibrate = (line: string) =>
  desk.run(words(`calibrate --data data --model m.safetensors --list val.txt ${line}`));
const cardOf = (file: string) => readCheckpoint(new Uint8Array(readFileSync(desk.path(file)))).card;

test("the heatmap that points best is written into the card, measured, and used where it is asked for", async () => {
  const chosen = await calibrate("--choose-maps --boxes boxes.csv --to chosen.safetensors --format json");
  expect(chosen.code).toBe(0);
  const { maps } = cardOf("chosen.safetensors");
  expect(JSON.parse(chosen.stdout).maps).toEqual(maps);
  expect(chosen.stderr).toContain("stays Grad-CAM at norm5: Hernia (10)");
  expect(Object.keys(maps!.findings)).toEqual(FINDINGS);
  for (const { measured, level } of Object.values(maps!.findings)) {
    expect(measured!.pairs).toBe(40);
    expect(measured!.pointingLow).toBeLessThanOrEqual(measured!.pointing);
    expect(measured!.pointingHigh).toBeGreaterThanOrEqual(measured!.pointing);
    expect(level).toBeGreaterThan(0);
  }

  const inspected = await desk.run(words("models inspect chosen.safetensors"));
  expect(inspected.stdout).toMatch(
    /\nHeatmaps {4}: chosen from 39 candidates by .*\n {2}Mass: .* \(pointing [.\d]+, control [.\d]+\)\n {2}Nodule: /,
  );
  const { maps: shown } = JSON.parse(
    (await desk.run(words("models inspect chosen.safetensors --format json"))).stdout,
  );
  expect(shown).toEqual(maps);

  const evaluated = async (line: string) => {
    const input = "evaluate --data data --model chosen.safetensors --boxes boxes.csv";
    const { code, stdout, stderr } = await desk.run(
      words(`${input} --labels Mass,Nodule --bootstrap 100 --format json ${line}`.trim()),
    );
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    return JSON.parse(stdout).localisation;
  };
  const [plain, card] = await Promise.all([evaluated(""), evaluated("--method card")]);
  expect([plain.method, plain.layer]).toEqual(["gradcam", "norm5"]);
  expect([card.method, card.layer]).toEqual(["card", "card"]);
  // The choice never points less often than Grad-CAM on the images that it was made on.
  for (const finding of FINDINGS)
    expect(card.findings[finding].model.pointing, finding).toBeGreaterThanOrEqual(
      plain.findings[finding].model.pointing,
    );

  const image = readFileSync(desk.path("val.txt"), "utf8").split("\n")[0];
  const { stdout } = await desk.run(
    words(
      `predict --force --image data/images/${image} --model chosen.safetensors --gradcam --findings Mass,Edema --format json`,
    ),
  );
  const { method, layers } = maps!.findings["Mass"]!;
  expect(JSON.parse(stdout).gradcam).toMatchObject([
    { finding: "Mass", method, layer: layers.map((layer) => `features.${layer}`).join("+") },
    { finding: "Edema", method: "gradcam", layer: "features.norm5" },
  ]);
});

test("with too few boxes, or without any, the model is calibrated and a note says why there is no choice", async () => {
  desk.put("other/Data_Entry_2017.csv", readFileSync(desk.path("data/Data_Entry_2017.csv")));
  desk.put("other/phantom.json", readFileSync(desk.path("data/phantom.json")));
  cpSync(desk.path("data/images"), desk.path("other/images"), { recursive: true });
  const none = await desk.run(
    words("calibrate --data other --model m.safetensors --list val.txt --choose-maps --to none.safetensors"),
  );
  expect([none.code, none.stdout]).toEqual([
    0,
    expect.stringContaining("Note: other has no box file, so no heatmaps were chosen; name one"),
  ]);
  // The demo model without its own choice: the field has another name in a file of the same size.
  const bare = readFileSync(desk.path("m.safetensors"));
  const at = bare.indexOf(',\\"maps\\"');
  expect(at).toBeGreaterThan(0);
  bare.write(',\\"mops\\"', at);
  desk.put("bare.safetensors", bare);
  desk.put("bare.safetensors.json", readFileSync(desk.path("m.safetensors.json")));
  const few = await desk.run(
    words("calibrate --data data --model bare.safetensors --list val.txt --choose-maps --to few.safetensors"),
  );
  expect([few.code, few.stdout]).toEqual([
    0,
    expect.stringContaining("BBox_List_2017.csv: no finding has boxes in 20 of the images that the model"),
  ]);
  expect(cardOf("few.safetensors").maps).toBeUndefined();
  const card = await desk.run(
    words("predict --force --image data/images --model few.safetensors --heatmaps maps.npy --method card"),
  );
  expect([card.code, card.stderr]).toEqual([
    2,
    expect.stringContaining("few.safetensors: the model's card names no heatmaps"),
  ]);
  expect(existsSync(desk.path("maps.npy"))).toBe(false);
});

test("a box file without a choice of heatmaps is refused, and one that is missing before any work is done", async () => {
  const alone = await calibrate("--boxes boxes.csv --to x.safetensors");
  expect([alone.code, alone.stderr]).toEqual([
    2,
    expect.stringContaining(
      "boxes are only used to choose heatmaps; ask for that too, or leave the box file out",
    ),
  ]);
  const missing = await calibrate("--choose-maps --boxes nowhere.csv --to x.safetensors");
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("nowhere.csv")]);
  expect(existsSync(desk.path("x.safetensors"))).toBe(false);
});
