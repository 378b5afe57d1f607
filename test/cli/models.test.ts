import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { safetensorsPieces } from "../../src/formats/safetensors.ts";
import { runFloat32 } from "../../src/graph/session.ts";
import { plainPreparation } from "../../src/image/preparation.ts";
import { CATALOGUE } from "../../src/models/catalogue.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { createSession } from "../../src/node/session.ts";
import { float32 } from "../../src/tensor.ts";
import { differing } from "../support/checkpoints.ts";
import { schemaErrors } from "../support/json-schema.ts";
import { seededWeights } from "../support/seeded-weights.ts";
import { Desk, words } from "./run.ts";
import { greyPng } from "./xrays.ts";

const WEIGHTS = seededWeights(7).tensors;

const desk = new Desk();
afterAll(() => desk.remove());

beforeAll(async () => {
  desk.put("a.safetensors", safetensorsPieces(WEIGHTS));
  desk.put("x.png", await greyPng());
});

const tensorsOf = (name: string) => {
  const { tensors } = readCheckpoint(new Uint8Array(readFileSync(desk.path(name))));
  return new Map([...tensors].map(([key, entry]) => [key, entry.read()]));
};

test("inspect as json has every field of the contract", async () => {
  const { code, stdout, stderr } = await desk.run(words("models inspect a.safetensors --format json"));
  expect([code, stderr]).toEqual([0, ""]);
  const found = JSON.parse(stdout);
  expect(found).toMatchObject({
    format: "safetensors",
    labels: FINDING_NAMES,
    preparation: plainPreparation(),
    unmatched: [],
  });
  expect(found.tensors).toHaveLength(WEIGHTS.size);
  expect(new Set(found.tensors.map(({ name }: { name: string }) => name))).toEqual(new Set(WEIGHTS.keys()));
  expect(found.tensors).toContainEqual({ name: "classifier.weight", dtype: "float32", shape: [14, 1024] });
  expect(found.tensors).toContainEqual({
    name: "features.norm0.num_batches_tracked",
    dtype: "int64",
    shape: [],
  });
});

test("list as json has every model of the catalogue and the demo, as docs/schemas/models.json has it", async () => {
  const { code, stdout, stderr } = await desk.run(words("models list --format json"));
  expect([code, stderr]).toEqual([0, ""]);
  const listed = JSON.parse(stdout);
  expect(schemaErrors("models", listed)).toEqual([]);
  expect(listed.map(({ name }: { name: string }) => name)).toEqual([
    ...CATALOGUE.map(({ name }) => name),
    "demo",
  ]);
  expect(listed).toContainEqual(
    expect.objectContaining({ name: "imagenet", check: { kind: "sha256-prefix", value: "a639ec97" } }),
  );
  expect(schemaErrors("models", [{ ...listed[0], pulled: "yes" }])).toEqual([
    expect.stringContaining("/0/pulled must be boolean"),
  ]);
});

test("inspect as text lists the tensors, the labels and a verdict", async () => {
  const { code, stdout } = await desk.run(words("models inspect a.safetensors"));
  expect(code).toBe(0);
  expect(stdout).toMatch(/features\.conv0\.weight +float32 \[64, ?3, ?7, ?7\]/);
  expect(stdout).toContain("Atelectasis, Cardiomegaly");
  expect(stdout).toContain("a complete DenseNet121");
});

test("inspect sums up what a card says about known images, and says so where there is nothing", async () => {
  const inspect = async (file: string, format: string) =>
    (await desk.run(words(`models inspect ${file} --format ${format}`))).stdout;
  const demo = new Uint8Array(readFileSync(new URL("../../models/demo.safetensors", import.meta.url)));
  const { description, images, heldOut, limit, components } = readCheckpoint(demo).card.knownImages!;
  const statistic = `Mahalanobis distance of the features, by ${components.length} principal components`;
  expect(JSON.parse(await inspect("demo", "json")).knownImages).toEqual({
    statistic,
    description,
    images,
    heldOut,
    limit,
  });
  expect(await inspect("demo", "text")).toContain(
    `\nKnown images: ${statistic}, from ${description}; an image over ${limit.toPrecision(3)} is warned about\n`,
  );
  expect(JSON.parse(await inspect("a.safetensors", "json")).knownImages).toBeNull();
  expect(await inspect("a.safetensors", "text")).not.toContain("Known images");
});

test("inspect says on which images sensitivity and specificity were measured", async () => {
  const inspect = async (file: string, format: string) =>
    (await desk.run(words(`models inspect ${file} --format ${format}`))).stdout;
  const on = "2,000 drawn phantoms of seed 501, none of which it was trained on";
  expect(JSON.parse(await inspect("demo", "json")).roc).toBe(on);
  expect(await inspect("demo", "text")).toContain(`\nROC curves  : measured on ${on}\n`);
  expect(JSON.parse(await inspect("a.safetensors", "json")).roc).toBeNull();
});

test("inspect of a file that is no whole DenseNet121 names every tensor that keeps it from being one", async () => {
  const tensors = new Map(WEIGHTS);
  tensors.delete("features.conv0.weight");
  tensors.set("extra.weight", float32([2], Float32Array.of(1, 2)));
  tensors.set("features.norm0.weight", float32([63], new Float32Array(63)));
  desk.put("part.safetensors", safetensorsPieces(tensors));
  const { code, stdout } = await desk.run(words("models inspect part.safetensors --format json"));
  expect(code).toBe(0);
  const { unmatched } = JSON.parse(stdout);
  expect(unmatched).toHaveLength(3);
  for (const name of ["features.conv0.weight", "extra.weight", "features.norm0.weight"])
    expect(unmatched.filter((line: string) => line.includes(name))).toHaveLength(1);
});

test.concurrent.each([
  ["an image", "x.png"],
  ["a missing file", "missing.pth"],
  ["an unknown name", "no-such-model"],
])("inspect of %s is an error that names it", async (_, name) => {
  const ended = await desk.run(["models", "inspect", name]);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(new RegExp(`^medical-x: ${name}: .*\\n$`));
});

test("convert goes from .safetensors to .pth and back without changing a bit, and labels travel along", async () => {
  const names = FINDING_NAMES.map((name) => `My ${name}`);
  const there = await desk.run([
    ...words("models convert a.safetensors --to b.pth --labels"),
    names.join(","),
  ]);
  expect(there).toMatchObject({ code: 0, stdout: "" });
  expect(there.stderr).toContain("b.pth");
  expect((await desk.run(words("models convert b.pth --to c.safetensors"))).code).toBe(0);
  expect(differing(tensorsOf("a.safetensors"), tensorsOf("b.pth"))).toEqual([]);
  expect(differing(tensorsOf("a.safetensors"), tensorsOf("c.safetensors"))).toEqual([]);
  const inspected = JSON.parse((await desk.run(words("models inspect c.safetensors --format json"))).stdout);
  expect(inspected).toMatchObject({ labels: names, preparation: plainPreparation(), unmatched: [] });
});

test("convert to .onnx writes a model that ONNX Runtime runs, with logits, probabilities and heatmaps", async () => {
  expect((await desk.run(words("models convert a.safetensors --to a.onnx"))).code).toBe(0);
  const session = await createSession(new Uint8Array(readFileSync(desk.path("a.onnx"))));
  expect([...session.outputNames].sort()).toEqual(["heatmaps", "logits", "probabilities"]);
  const image = float32([2, 3, 224, 224], new Float32Array(2 * 3 * 224 * 224));
  const { logits, probabilities, heatmaps } = await runFloat32(session, { image });
  expect([logits!.shape, heatmaps!.shape]).toEqual([
    [2, 14],
    [2, 14, 7, 7],
  ]);
  expect(probabilities!.data[3]).toBeCloseTo(1 / (1 + Math.exp(-logits!.data[3]!)), 6);
  await session.release();
});

test.concurrent.each(["model.bin", "model", "model.pth.tar.gz"])(
  "convert to %s is refused, and nothing is written",
  async (target) => {
    const ended = await desk.run(["models", "convert", "a.safetensors", "--to", target]);
    expect([1, 2]).toContain(ended.code);
    expect(ended.stdout).toBe("");
    expect(ended.stderr).toMatch(/\.safetensors.*\.pth.*\.onnx/);
    expect(existsSync(desk.path(target))).toBe(false);
  },
);

test.each([
  ["a folder that is not there", "a.safetensors", "nowhere/b.pth", "nowhere/b.pth"],
  ["itself a folder", "a.safetensors", "cache.pth", "cache.pth"],
  ["fine, but the source is not there", "missing.pth", "e.pth", "missing.pth"],
  ["fine, but the source is no checkpoint", "x.png", "e.pth", "x.png"],
])("convert is an error that names the file where the target is %s", async (_, source, target, name) => {
  desk.put("cache.pth/keep", "");
  const ended = await desk.run(["models", "convert", source, "--to", target]);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(new RegExp(`^medical-x: ${name}: .*\\n$`));
  expect(readdirSync(desk.folder).filter((file) => file.endsWith(".part") || file === "e.pth")).toEqual([]);
});
