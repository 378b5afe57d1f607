/** Anyone's ONNX classifier in every command, and what cannot be done with it. */

import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { readOnnx } from "../../src/formats/onnx/read.ts";
import { CARD_KEY } from "../../src/models/card.ts";
import { exportOnnx } from "../../src/models/compile.ts";
import { CASES, seededModel } from "../support/densenet-fixtures.ts";
import { schemaErrors } from "../support/json-schema.ts";
import { networkBytes } from "../support/networks.ts";
import { Desk, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const desk = new Desk();
afterAll(() => desk.remove());

const NOTE = "net.onnx: its network is run and not understood, so heatmaps are made by occlusion";
const ONLY_RUN = "its network is run and not understood, so";

beforeAll(async () => {
  desk.put("net.onnx", networkBytes("sigmoid"));
  desk.put("half.onnx", networkBytes("none"));
  desk.put("x.png", await greyPng());
  const made = await desk.run(words("data phantom --out data --count 40 --seed 3 --size 64"));
  expect(made.code).toBe(0);
});

const run = (line: string) => desk.run(words(line));

test("predict gives probabilities, and pictures and maps by occlusion", async () => {
  const line =
    "predict --image x.png --model net.onnx --force --gradcam --method occlusion --heatmaps m.npy --format json";
  const { code, stdout, stderr } = await run(line);
  expect([code, stderr.includes(NOTE)]).toEqual([0, true]);
  const result = JSON.parse(stdout);
  expect(Object.keys(result.probabilities).sort()).toEqual([...FINDING_NAMES].sort());
  for (const [label, p] of Object.entries<number>(result.probabilities))
    expect(p).toBeCloseTo(1 / (1 + Math.exp(-result.logits[label])), 6);
  expect(result.gradcam).toMatchObject([{ method: "occlusion", layer: "image", file: "gradcam_result.jpg" }]);
  expect(readFileSync(desk.path("m.npy"), "latin1")).toContain("(14, 14, 14)");
});

test("pictures are by occlusion unless said otherwise; numbers must be asked for by name", async () => {
  const drawn = await run("predict --image x.png --model net.onnx --force --gradcam --out o --format json");
  expect(JSON.parse(drawn.stdout).gradcam).toMatchObject([{ method: "occlusion" }]);
  const numbers = await run("predict --image x.png --model net.onnx --force --heatmaps no.npy");
  expect(numbers.code).toBe(2);
  expect(numbers.stderr).toContain(
    `net.onnx: ${ONLY_RUN} there are no maps of its layers; choose the heatmap method occlusion`,
  );
  expect(existsSync(desk.path("no.npy"))).toBe(false);
});

test("inspect tells what the network takes and gives, and what is missing", async () => {
  const text = await run("models inspect net.onnx");
  expect(text.stdout).toMatch(/ONNX {8}: IR version 7, opset ai\.onnx 13, written by pytorch/);
  expect(text.stdout).toContain("Inputs      : x float32 [N,3,64,64]");
  expect(text.stdout).toContain("Outputs     : y float32 [N,14]");
  expect(text.stdout).toContain("Operators   : 2 Conv, Flatten, Gemm, GlobalAveragePool, 2 Relu");
  expect(text.stdout).toContain("Verdict     : a network that is run and not understood\n");
  const { stdout } = await run("models inspect net.onnx --format json");
  const found = JSON.parse(stdout);
  expect(schemaErrors("inspection", found)).toEqual([]);
  expect(found).toMatchObject({
    kind: "network",
    format: "onnx",
    missing: null,
    labels: FINDING_NAMES,
    unmatched: [],
  });
  desk.put("bare.onnx", networkBytes("sigmoid"));
  desk.put("bare.onnx.json", JSON.stringify({ labels: ["Mass"] }));
  const bare = await run("models inspect bare.onnx");
  expect(bare.stdout).toContain("it cannot predict: none of its outputs");
});

test("inspect tells the graph of an own file, too", async () => {
  const [, small] = CASES.find(([name]) => name === "rgb-3-labels-64")!;
  desk.put("own.onnx", exportOnnx(seededModel(small), "gradcam"));
  const { stdout } = await run("models inspect own.onnx --format json");
  const found = JSON.parse(stdout);
  expect(schemaErrors("inspection", found)).toEqual([]);
  expect(found).toMatchObject({
    kind: "densenet121",
    graph: { producer: "medical-x", opsets: { "ai.onnx": 17 } },
    unmatched: [],
  });
});

test("convert writes the card into the file, and refuses weights", async () => {
  desk.put(
    "half.onnx.json",
    JSON.stringify({ labels: ["Edema", "Hernia"], operatingPoints: { Edema: 0.3 } }),
  );
  expect((await run("models convert half.onnx --to copy.onnx")).code).toBe(0);
  const { metadata } = readOnnx(new Uint8Array(readFileSync(desk.path("copy.onnx"))));
  expect(JSON.parse(metadata[CARD_KEY]!)).toMatchObject({
    labels: ["Edema", "Hernia"],
    activation: "none",
    operatingPoints: { Edema: 0.3 },
  });
  const [before, after] = await Promise.all(
    ["half", "copy"].map((name) => run(`predict --image x.png --model ${name}.onnx --force --format json`)),
  );
  const { model: _, ...numbers } = JSON.parse(after!.stdout);
  expect(JSON.parse(before!.stdout)).toMatchObject(numbers);
  for (const to of ["no.pth", "no.safetensors"]) {
    const refused = await run(`models convert half.onnx --to ${to}`);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      `${ONLY_RUN} it cannot be written in another format; name an .onnx file`,
    );
  }
});

test("train does not start from it, and says what to start from", async () => {
  const { code, stderr } = await run("train --data data --backbone net.onnx --out run --epochs 1");
  expect(code).toBe(2);
  expect(stderr).toContain(
    `${ONLY_RUN} training cannot start from it; start from a checkpoint of a DenseNet121`,
  );
});

test("evaluate judges it, without comparing heatmaps unless by occlusion", async () => {
  const { code, stdout, stderr } = await run(
    "evaluate --data data --model net.onnx --force --bootstrap 100 --format json",
  );
  expect([
    code,
    stderr.includes("heatmaps were not compared with boxes; choose the heatmap method occlusion"),
  ]).toEqual([0, true]);
  const report = JSON.parse(stdout);
  expect(report.n_images).toBe(40);
  expect(report.localisation).toBeNull();
  const mapped = await run(
    "evaluate --data data --model net.onnx --force --bootstrap 100 --method occlusion --format json",
  );
  expect(mapped.code).toBe(0);
  expect(JSON.parse(mapped.stdout).localisation).toMatchObject({ method: "occlusion", layer: "image" });
});

test("calibrate fits it and writes an ONNX file that predicts calibrated probabilities", async () => {
  const { readdirSync } = await import("node:fs");
  desk.put("list.txt", readdirSync(desk.path("data/images")).join("\n"));
  const fitted = await run("calibrate --data data --model net.onnx --list list.txt --to fitted.onnx --force");
  expect(fitted.code).toBe(0);
  expect(fitted.stdout).toContain("there are no figures for the check known-images");
  const { stdout } = await run("predict --image x.png --model fitted.onnx --force --format json");
  expect(Object.keys(JSON.parse(stdout).calibrated).length).toBeGreaterThan(0);
  const chosen = await run(
    "calibrate --data data --model net.onnx --list list.txt --to chosen.onnx --force --choose-maps",
  );
  expect(chosen.code).toBe(2);
  expect(chosen.stderr).toContain(`${ONLY_RUN} no heatmaps can be chosen for it; they are made by occlusion`);
});
