/** The library's long work, as users import it: the command's results, ended early, and resumed. */

import { existsSync, readFileSync } from "node:fs";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Epoch, EvaluationJson, Model, TrainOptions } from "../../src/index.ts";
import { Desk } from "../cli/run.ts";

const BUILT = new URL("../../dist/index.js", import.meta.url).href;
const library: Promise<typeof import("../../src/index.ts")> = import(BUILT);

const COUNT = 24;
const desk = new Desk();
const at = (name: string): string => desk.path(name);
const words = (line: string): string[] => line.split(" ");
let model: Model;

beforeAll(async () => {
  process.env["MEDICAL_X_CACHE"] = at("cache");
  const { drawPhantoms, loadModel } = await library;
  await drawPhantoms({ out: at("data"), count: COUNT, seed: 3, size: 96 });
  model = await loadModel("demo", { threads: 1 });
});
afterAll(async () => {
  await model.release();
  desk.remove();
});

const run = (out: string, more: Partial<TrainOptions> = {}): TrainOptions => ({
  data: at("data"),
  backbone: "demo",
  batchSize: 8,
  valFraction: 0.3,
  epochs: 3,
  threads: 1,
  out: at(out),
  ...more,
});

const weightsOf = (out: string): Buffer => readFileSync(at(`${out}/densenet121_model.pth`));

test("a data folder's images carry labels, persons, files and boxes", async () => {
  const { openDataset } = await library;
  const dataset = await openDataset(at("data"));
  expect(dataset.isPhantom).toBe(true);
  expect(dataset.images).toHaveLength(COUNT);
  const rows = readFileSync(at("data/Data_Entry_2017.csv"), "utf8").trim().split("\n").slice(1);
  for (const [i, row] of rows.entries()) {
    const [image, findings, followUp, patient, age, sex, view] = row.split(",");
    const found = dataset.images[i]!;
    expect(found).toMatchObject({ image, patient, sex, view, age: Number(age), followUp: Number(followUp) });
    expect(found.findings.length === 0 ? "No Finding" : [...found.findings].sort().join("|")).toBe(
      findings!.split("|").sort().join("|"),
    );
    expect(found.path).toBe(at(`data/images/${image}`));
    for (const label of dataset.labels)
      expect(found.labels[label]).toBe(found.findings.includes(label) ? 1 : 0);
  }
  const [first] = await dataset.boxes();
  const [name, finding, x, y, width, height] = readFileSync(at("data/BBox_List_2017.csv"), "utf8")
    .split("\n")[1]!
    .split(",");
  const shares = [x, y, width, height].map((pixels) => Number(pixels) / 96);
  // NIH's box file abbreviates this finding.
  expect(first).toMatchObject({ image: name, finding: finding!.replace(/^Infiltrate$/, "Infiltration") });
  expect(Object.values(first!.place)).toEqual(shares);
});

test("a split keeps patients together, and is the one that a training reports", async () => {
  const { openDataset } = await library;
  const dataset = await openDataset(at("data"));
  const { train, val, test: held } = await dataset.split({ valFraction: 0.3 });
  expect([train.length + val.length, held]).toEqual([COUNT, undefined]);
  const patientOf = new Map(dataset.images.map(({ image, patient }) => [image, patient]));
  const trained = new Set(train.map((image) => patientOf.get(image)));
  expect(val.filter((image) => trained.has(patientOf.get(image)))).toEqual([]);
  const printed = await desk.run(words("data summary --data data --val-fraction 0.3 --format json"));
  const { folder: _, label_file: __, ...rest } = JSON.parse(printed.stdout);
  expect(await dataset.summary({ valFraction: 0.3 })).toMatchObject(rest);
  expect(rest.split.val.n_images).toBe(val.length);
});

test("epochs come one by one, and the weights are those of the command", async () => {
  const { train } = await library;
  const training = train(run("library"));
  const epochs: Epoch[] = [];
  for await (const epoch of training) epochs.push(epoch);
  expect(epochs.map(({ epoch, of }) => [epoch, of])).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
  const result = await training.result();
  expect(result).toMatchObject({
    end: "finished",
    folder: at("library"),
    model: at("library/model.safetensors"),
  });
  const lines = readFileSync(at("library/metrics.ndjson"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(result.epochs.map(({ trainLoss, valAuroc }) => [trainLoss, valAuroc])).toEqual(
    lines.map(({ train_loss, val_auroc }) => [train_loss, val_auroc]),
  );
  expect(result.epochs.filter(({ isBest }) => isBest).map(({ epoch }) => epoch)).toEqual([result.bestEpoch]);
  const line = "train --data data --backbone demo --batch-size 8 --val-fraction 0.3 --epochs 3 --threads 1";
  expect((await desk.run(words(`${line} --out command`))).code).toBe(0);
  expect(weightsOf("library").equals(weightsOf("command"))).toBe(true);
});

test("leaving the loop saves; the run is resumed with the settings that it was started with", async () => {
  const { train } = await library;
  const training = train(run("left", { epochs: 200 }));
  for await (const { epoch } of training) if (epoch === 2) break;
  const { end, epochs } = await training.result();
  expect(end).toBe("interrupted");
  expect(epochs.length).toBeLessThan(200);
  const config = JSON.parse(readFileSync(at("left/config.json"), "utf8"));
  expect(config.settings).toMatchObject({ epochs: 200, valFraction: 0.3 });
  await expect(
    train({ data: at("data"), out: at("left"), resume: true, epochs: 3 }).result(),
  ).rejects.toMatchObject({
    code: "training/other-settings",
  });
  const resumed = train({ data: at("data"), out: at("left"), resume: true, threads: 1 });
  let next: Epoch | undefined;
  for await (const epoch of resumed) {
    next = epoch;
    break;
  }
  expect(next).toMatchObject({ epoch: epochs.length + 1, of: 200 });
});

test("a signal ends a training with its reason, and what is done is saved", async () => {
  const { train } = await library;
  const controller = new AbortController();
  const reason = new Error("enough");
  const training = train(
    run("aborted", {
      epochs: 200,
      signal: controller.signal,
      onProgress: (progress) => {
        if (progress.stage === "training" && progress.epoch === 2) controller.abort(reason);
      },
    }),
  );
  await expect(training.result()).rejects.toBe(reason);
  expect(existsSync(at("aborted/last/state.safetensors"))).toBe(true);
});

test("wrong settings of a training are refused by name before anything is written", async () => {
  const { train } = await library;
  const wrong = train({ ...run("wrong"), lr: -1 });
  await expect(wrong.result()).rejects.toMatchObject({
    code: "training/bad-settings",
    category: "usage",
    message: expect.stringContaining("lr"),
  });
  await expect(train({ data: " " }).result()).rejects.toMatchObject({ code: "training/bad-settings" });
  await expect(train({ data: at("data"), resume: true }).result()).rejects.toMatchObject({
    code: "training/nothing-to-resume",
  });
  expect(existsSync(at("wrong"))).toBe(false);
});

test("an evaluation's report is the command's, of a file and of a loaded model", {
  timeout: 300_000,
}, async () => {
  const { evaluate } = await library;
  const printed = await desk.run(words("evaluate --data data --model demo --bootstrap 100 --format json"));
  const expected: EvaluationJson = JSON.parse(printed.stdout);
  const stages = new Set<string>();
  const options = { data: at("data"), bootstrap: 100 };
  expect(await evaluate({ ...options, model: "demo" })).toEqual(expected);
  const loaded = await evaluate({
    ...options,
    model,
    out: at("report"),
    predictionCache: false,
    onProgress: ({ stage }) => stages.add(stage),
  });
  expect(loaded.findings).toEqual(expected.findings);
  expect([...stages]).toEqual(expect.arrayContaining(["images", "draws of patients"]));
  expect(JSON.parse(readFileSync(at("report/metrics.json"), "utf8")).findings).toEqual(expected.findings);
  expect(existsSync(at("report/report.html"))).toBe(true);
  const compared = await evaluate({ ...options, model: at("library/model.safetensors"), against: model });
  expect(compared.comparison).toMatchObject({ n_images: COUNT });
});

test("an evaluation ends early by its signal, and by a model that was released", async () => {
  const { evaluate, loadModel } = await library;
  const controller = new AbortController();
  const work = evaluate({
    data: at("data"),
    model,
    predictionCache: false,
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await expect(work).rejects.toMatchObject({ name: "AbortError" });
  const other = await loadModel("demo", { threads: 1 });
  await other.release();
  await expect(evaluate({ data: at("data"), model: other })).rejects.toMatchObject({
    code: "model/released",
  });
});

test("an image that cannot be read is told and counted; the others are evaluated", async () => {
  const { drawPhantoms, evaluate } = await library;
  await drawPhantoms({ out: at("broken"), count: COUNT, seed: 4, size: 64 });
  desk.put("broken/images/00000001_000.png", "no picture");
  const failures: string[] = [];
  const report = await evaluate({
    data: at("broken"),
    model,
    bootstrap: 100,
    onFailure: ({ message }) => failures.push(message),
  });
  expect(failures).toEqual([expect.stringContaining("00000001_000.png")]);
  expect(report.n_images).toBe(COUNT - 1);
  expect(report.notes.join("\n")).toMatch(/1 image could not be read/);
});

test("a calibration's figures and file are the command's", async () => {
  const { calibrate } = await library;
  const names = readFileSync(at("data/Data_Entry_2017.csv"), "utf8").match(/^\d{8}_\d{3}\.png/gm)!;
  desk.put("val.txt", names.map((name) => `${name}\n`).join(""));
  const line = "calibrate --data data --model demo --list val.txt --kind temperature --format json";
  const printed = await desk.run(words(`${line} --to command.safetensors`));
  const fitted = await calibrate({
    data: at("data"),
    model: "demo",
    list: at("val.txt"),
    kind: "temperature",
    to: at("library.safetensors"),
  });
  const { to: _, description: __, ...rest } = JSON.parse(printed.stdout);
  expect(fitted).toMatchObject({ ...rest, notes: expect.anything() });
  await expect(calibrate({ data: at("data"), model: "demo", to: " " })).rejects.toMatchObject({
    code: "calibrate/bad-request",
  });
});

test("images come one by one, a failure in its place, and the model may be asked inside the loop", async () => {
  const names = ["00000001_000.png", "gone.png", "00000002_000.png"].map((name) => at(`data/images/${name}`));
  const seen: unknown[] = [];
  const done: number[] = [];
  for await (const outcome of model.predictEach(names, { onProgress: (count) => done.push(count) })) {
    if ("error" in outcome) {
      seen.push(outcome.error.code);
      continue;
    }
    const explained = await model.explain(outcome.image!);
    expect(explained.probabilities).toEqual(outcome.probabilities);
    seen.push(outcome.image);
  }
  expect(seen).toEqual([names[0], "file/not-found", names[2]]);
  expect(done).toEqual([1, 2, 3]);
});

test("findings are detected from the threshold on, and a card knows its notices", async () => {
  const image = at("data/images/00000001_000.png");
  const [half] = await model.predict([image]);
  const [low] = await model.predict([image], { threshold: 0 });
  expect(half!.threshold).toBe(0.5);
  expect(half!.detected).toEqual(model.labels.filter((label) => half!.probabilities[label]! >= 0.5));
  expect(low!.detected).toEqual(model.labels);
  const [card] = await model.predict([image], { threshold: "card" });
  expect(card!.thresholds).toEqual(model.card.operatingPoints);
  expect(model.card.notices.join(" ")).toBe(half!.notice);
  await expect(model.predict([image], { threshold: 1.01 })).rejects.toMatchObject({
    code: "threshold/invalid",
  });
  await expect(model.predict([image], { signal: AbortSignal.abort("no") })).rejects.toBe("no");
});

test.each([
  { style: "wash", method: "gradcam" },
  { style: "wash", method: "card" },
  { style: "contour", method: "card" },
] as const)("an overlay of style $style, $method, is the picture that the command saves", async (overlay) => {
  const { style, method } = overlay;
  const image = at("data/images/00000001_000.png");
  const line = `predict --image ${image} --model demo --gradcam --findings effusion,mass --overlay ${style}`;
  // The card's heatmaps are the default.
  const chosen = method === "card" ? "" : ` --method ${method}`;
  expect((await desk.run(words(line + chosen))).code).toBe(0);
  const options = { findings: ["effusion", "mass"], style, ...(method === "card" ? {} : { method }) };
  const picture = await model.overlay(image, options);
  const saved = readFileSync(at("gradcam_result.jpg"));
  if (method === "gradcam") expect(Buffer.from(picture).equals(saved)).toBe(true);
  else {
    // The command optimises the graph less, and gradients follow the last bits of features: by less than a tenth of a level.
    const [ours, theirs] = await Promise.all([picture, saved].map((jpeg) => sharp(jpeg).raw().toBuffer()));
    expect(ours!.length).toBe(theirs!.length);
    const off = ours!.reduce((sum, value, i) => sum + Math.abs(value - theirs![i]!), 0) / ours!.length;
    expect(off).toBeLessThan(0.1);
  }
  await expect(model.overlay(image, { findings: "detected", threshold: 1 })).rejects.toMatchObject({
    code: "findings/none",
  });
});

test("phantoms are drawn on from where a signal ended them", async () => {
  const { drawPhantoms } = await library;
  const controller = new AbortController();
  const options = { out: at("part"), count: 30, seed: 5, size: 64 };
  const onProgress = (done: number) => {
    if (done === 3) controller.abort();
  };
  await expect(drawPhantoms({ ...options, onProgress, signal: controller.signal })).rejects.toMatchObject({
    name: "AbortError",
  });
  const { found, images } = await drawPhantoms(options);
  expect(images).toBe(30);
  expect(found).toBeGreaterThanOrEqual(3);
  expect(found).toBeLessThan(30);
  await expect(drawPhantoms({ ...options, count: 0 })).rejects.toMatchObject({ code: "phantom/bad-request" });
  await expect(drawPhantoms({ ...options, seed: 6 })).rejects.toMatchObject({
    code: "phantom/other-settings",
  });
});

test("a model's name must be text, and what is pulled must be a name of the catalogue", async () => {
  const { loadModel, pullModel } = await library;
  await expect(loadModel(5 as unknown as string)).rejects.toMatchObject({ code: "model/bad-name" });
  await expect(pullModel("nobody")).rejects.toMatchObject({ code: "pull/unknown-model" });
  await expect(pullModel("demo")).rejects.toMatchObject({ code: "pull/in-the-package" });
});

test("two loops over one training both see every epoch and the end", async () => {
  const { train } = await library;
  const training = train(run("twice"));
  const epochs = async () => {
    const seen: number[] = [];
    for await (const { epoch } of training) seen.push(epoch);
    return seen;
  };
  expect(await Promise.all([epochs(), epochs()])).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
});

test("a calibration whose predictions are all cached is ended by its signal, and writes nothing", async () => {
  const { calibrate } = await library;
  const controller = new AbortController();
  const work = calibrate({
    data: at("data"),
    model: "demo",
    list: at("val.txt"),
    to: at("never.safetensors"),
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  controller.abort();
  await expect(work).rejects.toMatchObject({ name: "AbortError" });
  expect(existsSync(at("never.safetensors"))).toBe(false);
});

test("predictions that are taken one by one end where the signal says so", async () => {
  const images = Array.from({ length: 6 }, () => at("data/images/00000001_000.png"));
  const controller = new AbortController();
  let seen = 0;
  const loop = async () => {
    for await (const _ of model.predictEach(images, { signal: controller.signal })) {
      seen += 1;
      if (seen === 2) controller.abort("enough");
    }
  };
  await expect(loop()).rejects.toBe("enough");
  expect(seen).toBe(2);
});
