import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk, type Ended, words } from "./run.ts";
import {
  bytesIn,
  COUNT,
  filesBelow,
  furnish,
  imageName,
  labelFile,
  metricsOf,
  trainOn,
} from "./train-data.ts";

let desk: Desk;
let first: Ended;
beforeAll(async () => {
  desk = new Desk();
  await furnish(desk);
  first = await trainOn(desk, "--backbone random --out runs/first");
});
afterAll(() => desk.remove());

const textOf = (file: string): string => bytesIn(desk, "runs/first", file).toString("utf8");

test("a run ends with 0, says each epoch, and leaves these files and no others", () => {
  expect(first.code).toBe(0);
  expect(first.stderr).toMatch(
    /^epoch 1\/2: training loss \d\.\d{4}, .*\nepoch 2\/2: .*\nmedical-x: (.*)\n$/,
  );
  expect(first.stderr).toContain("no figures on known images, which take 50 images or more; there are 18\n");
  expect(first.stdout).toContain("Run       : runs/first\nEpochs    : 2\n");
  expect(filesBelow(desk, "runs/first")).toEqual([
    ...["config.json", "curves.svg", "densenet121_model.pth", "last", "last/state.safetensors"],
    ...["metrics.ndjson", "model-card.md", "model.safetensors"],
  ]);
});

test("config.json says what was trained on what", () => {
  const sha256 = createHash("sha256").update(labelFile(COUNT)).digest("hex");
  const config = JSON.parse(textOf("config.json"));
  expect(config).toMatchObject({
    schema: "medical-x/training@1",
    settings: { backbone: "random", unfreeze: "none", epochs: 2, batchSize: 4, lr: 1e-3, seed: 1 },
    labels: ["Effusion", "Mass"],
    labelFile: { name: "Data_Entry_2017.csv", sha256 },
    backbone: { name: "random", sha256: null },
  });
  expect(config.images.train + config.images.val).toBe(COUNT);
  expect(config.images.val).toBeGreaterThan(0);
});

test("metrics.ndjson has a line for each epoch, with these fields and finite figures", () => {
  const lines = metricsOf(desk, "runs/first");
  expect(lines.map(({ epoch }) => epoch)).toEqual([1, 2]);
  for (const line of lines) {
    expect(Object.keys(line)).toEqual(["epoch", "train_loss", "val_loss", "val_auroc", "lr", "seconds"]);
    // Untrained, the loss is about ln 2.
    for (const loss of [line.train_loss, line.val_loss!]) expect(loss).toBeGreaterThan(0);
    for (const loss of [line.train_loss, line.val_loss!]) expect(loss).toBeLessThan(1.4);
    expect(line.val_auroc).toBeGreaterThanOrEqual(0);
    expect(line.val_auroc).toBeLessThanOrEqual(1);
    expect(line.lr).toBe(1e-3);
    expect(line.seconds).toBeGreaterThan(0);
  }
});

test("curves.svg is one svg whose elements are closed in turn", () => {
  const svg = textOf("curves.svg");
  const open: string[] = [];
  for (const [, closing, name, rest] of svg.matchAll(/<(\/?)([a-z]+)((?:"[^"]*"|[^">])*)>/gi)) {
    if (closing === "/") expect(open.pop()).toBe(name);
    else if (!rest!.endsWith("/")) open.push(name!);
  }
  expect(open).toEqual([]);
  expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg" ')).toBe(true);
  expect(svg).toContain("<title>first</title>");
  expect(svg.endsWith("</svg>\n")).toBe(true);
});

test("model-card.md names the label file's hash, the split and the hyperparameters", () => {
  const card = textOf("model-card.md");
  const sha256 = createHash("sha256").update(labelFile(COUNT)).digest("hex");
  expect(card).toContain(`label file: \`Data_Entry_2017.csv\`, sha256 \`${sha256}\``);
  expect(card).toContain("split: Split by patient, 40% of patients wanted for validation, seed 1.");
  for (const row of ["`epochs` | 2", "`batchSize` | 4", "`lr` | 0.001", "`seed` | 1", "`unfreeze` | none"])
    expect(card).toContain(`| ${row} |`);
  expect(card).toContain("trained: the classifier only; all other layers frozen (2,050 parameters)");
});

test("predict takes the model and the thresholds that it carries; both files say the same", async () => {
  const line = `--image xrays/images/${imageName(0)} --threshold card --format json`;
  const [a, b] = await Promise.all(
    ["model.safetensors", "densenet121_model.pth"].map((file) =>
      desk.run(words(`predict --force --model runs/first/${file} ${line}`)),
    ),
  );
  expect([a!.code, b!.code]).toEqual([0, 0]);
  const { probabilities } = JSON.parse(a!.stdout);
  expect(Object.keys(probabilities)).toEqual(["Effusion", "Mass"]);
  expect(JSON.parse(b!.stdout).probabilities).toEqual(probabilities);
});

test("models inspect prints the model's labels", async () => {
  const { code, stdout } = await desk.run(words("models inspect runs/first/model.safetensors --format json"));
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ labels: ["Effusion", "Mass"], unmatched: [] });
});

test("the same seed gives the same bytes, another seed others", async () => {
  const [again, other] = await Promise.all([
    trainOn(desk, "--backbone random --out runs/again", { env: { MEDICAL_X_CACHE: desk.path("cache2") } }),
    trainOn(desk, "--backbone random --seed 2 --out runs/other"),
  ]);
  expect([again.code, other.code]).toEqual([0, 0]);
  for (const file of ["model.safetensors", "densenet121_model.pth"]) {
    expect(bytesIn(desk, "runs/again", file).equals(bytesIn(desk, "runs/first", file))).toBe(true);
    expect(bytesIn(desk, "runs/other", file).equals(bytesIn(desk, "runs/first", file))).toBe(false);
  }
});

test("what is not known takes no part: the loss is that of the known rows alone", async () => {
  const rows = Array.from({ length: COUNT }, (_, i) => `images/${imageName(i)},${["1", "", "0"][i % 3]}\n`);
  desk.put("xrays/masked.csv", `path,Wet Lung\n${rows.join("")}`);
  desk.put("xrays/known.csv", `path,Wet Lung\n${rows.filter((_, i) => i % 3 !== 1).join("")}`);
  const one = async (name: string) => {
    const line = `--val-fraction 0 --no-shuffle --batch-size ${COUNT} --epochs 1 --out runs/${name}`;
    const args = words(`train --data xrays --labels-file ${name}.csv --backbone start.safetensors`);
    const last = words(`--input-size 64 --threads 1 ${line}`);
    expect(await desk.run([...args, "--labels", "Wet Lung", ...last])).toMatchObject({ code: 0 });
    const config = JSON.parse(bytesIn(desk, `runs/${name}`, "config.json").toString("utf8"));
    expect(config.labels).toEqual(["Wet Lung"]);
    return metricsOf(desk, `runs/${name}`)[0]!;
  };
  const [masked, known] = [await one("masked"), await one("known")];
  expect(masked).toMatchObject({ val_loss: null, val_auroc: null });
  expect(masked.train_loss).toBeCloseTo(known.train_loss, 5);
});
