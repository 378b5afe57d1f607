import { expect, test } from "vitest";
import { FINDING_NAMES } from "../../src/findings.ts";
import { runFloat32 } from "../../src/graph/session.ts";
import { plainPreparation } from "../../src/image/preparation.ts";
import { CARD_KEY } from "../../src/models/card.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { cardMetadata, compileModel } from "../../src/models/compile.ts";
import { type LoadedModel, loadDenseNet } from "../../src/models/load.ts";
import type { LoadHints } from "../../src/models/settle-card.ts";
import { createSession } from "../../src/node/session.ts";
import { float32 } from "../../src/tensor.ts";
import { differing, oldName, renamed, safetensorsFile, torchFile } from "../support/checkpoints.ts";
import { seededImage } from "../support/seeded-image.ts";
import { seededWeights } from "../support/seeded-weights.ts";

const { tensors: TENSORS } = seededWeights(21);
const FIVE = seededWeights(22, 5).tensors;
const SIZE_64 = plainPreparation(64);

async function logits(model: LoadedModel): Promise<number[]> {
  const session = await createSession(compileModel(model), { threads: 1 });
  const outputs = await runFloat32(session, { image: float32([1, 3, 64, 64], seededImage(1, 3, 64, 64)) });
  await session.release();
  return [...outputs["logits"]!.data];
}

const thrown = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

test.each([
  ["safetensors", safetensorsFile],
  ["torch-zip", torchFile],
] as const)("a %s file gives back the weights to the bit", (format, write) => {
  const model = loadDenseNet(write(TENSORS));
  expect(model).toMatchObject({ format, numLabels: 14, inChannels: 3, card: { labels: FINDING_NAMES } });
  expect([...model.tensors.keys()]).toEqual([...TENSORS.keys()]);
  expect(differing(model.tensors, TENSORS)).toEqual([]);
});

test("old names behind a wrapper with a sequential head give the same weights", () => {
  const wrapped = renamed(TENSORS, (name) => {
    return `module.densenet121.${oldName(name).replace("classifier.", "classifier.0.")}`;
  });
  const model = loadDenseNet(torchFile(wrapped));
  expect(differing(model.tensors, TENSORS)).toEqual([]);
});

test.each([
  ["safetensors", safetensorsFile],
  ["torch-zip", torchFile],
] as const)("a card travels in a %s file, and hints win over it field by field", (_, write) => {
  const card = { labels: ["a", "b", "c", "d", "e"], preparation: SIZE_64, licence: "MIT" };
  const file = write(FIVE, cardMetadata(card));
  expect(readCheckpoint(file).card).toEqual(card);
  expect(loadDenseNet(file).card).toMatchObject(card);
  const hints: LoadHints = { card: { labels: ["v", "w", "x", "y", "z"] } };
  expect(loadDenseNet(file, hints).card).toMatchObject({ ...card, ...hints.card });
  expect(loadDenseNet(file, { ...hints, labels: ["1", "2", "3", "4", "5"] }).card.labels).toEqual([
    "1",
    "2",
    "3",
    "4",
    "5",
  ]);
});

test("outputs without a name are dropped, and the others keep their logits to the bit", async () => {
  const file = safetensorsFile(FIVE);
  const preparation = SIZE_64;
  const all = loadDenseNet(file, { card: { labels: ["a", "b", "c", "d", "e"], preparation } });
  const kept = loadDenseNet(file, { card: { labels: ["", "b", "", "d", "e"], preparation } });
  expect(kept.card.labels).toEqual(["b", "d", "e"]);
  expect(kept.numLabels).toBe(3);
  expect(kept.tensors.get("classifier.weight")!.shape).toEqual([3, 1024]);
  const [, b, , d, e] = await logits(all);
  const [b2, d2, e2] = await logits(kept);
  expect(Math.max(Math.abs(b2! - b!), Math.abs(d2! - d!), Math.abs(e2! - e!))).toBeLessThan(1e-5);
  const rows = all.tensors.get("classifier.weight")!.data as Float32Array;
  expect((kept.tensors.get("classifier.weight")!.data as Float32Array).slice(1024, 2048)).toEqual(
    rows.slice(3 * 1024, 4 * 1024),
  );
});

test("an ImageNet backbone is refused as a model of findings", () => {
  const file = safetensorsFile(seededWeights(1, 1000).tensors);
  expect(() => loadDenseNet(file)).toThrow(thrown("card/no-labels", /ImageNet.*backbone/));
});

test("a card that is no JSON is refused", () => {
  const file = safetensorsFile(TENSORS, { [CARD_KEY]: "{" });
  expect(() => loadDenseNet(file)).toThrow(thrown("card/invalid", /not JSON/));
});

test("a checkpoint of another network is refused with what differs", () => {
  const file = safetensorsFile(renamed(TENSORS, (name) => name.replace("features.", "layers.")));
  expect(() => loadDenseNet(file)).toThrow(thrown("checkpoint/mismatch", /missing.*left over \(layers\./));
});

test.each([
  ["an empty file", new Uint8Array(), /empty/],
  ["a PNG", Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), /neither/],
  [
    "a git-lfs pointer",
    Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:0"),
    /git lfs pull/,
  ],
  ["a web page", Buffer.from("<!DOCTYPE html><html></html>"), /web page/],
])("%s is refused in words", (_, bytes, words) => {
  expect(() => loadDenseNet(bytes)).toThrow(thrown("checkpoint/unknown-format", words));
});

test("a card that names no output at all is refused, for nothing would be left to predict", () => {
  expect(() => loadDenseNet(safetensorsFile(FIVE), { card: { labels: ["", "", "", "", ""] } })).toThrow(
    thrown("card/invalid", /label/),
  );
});

test("labels in the file are found, spelt as NIH spells them, and their place is said", () => {
  const names = [...FINDING_NAMES].reverse();
  const spelt = names.map((name) =>
    name === "Infiltration" ? "Infiltrate" : name.toUpperCase().replaceAll("_", " "),
  );
  const model = loadDenseNet(safetensorsFile(TENSORS, { class_names: JSON.stringify(spelt) }));
  expect(model.card.labels).toEqual(names);
  expect(model.card.labelSource).toBe('metadata["class_names"]');
  expect(model.notes).toEqual(['labels found in the file: metadata["class_names"]']);
});

test("thresholds in a card go by the finding, however the card and the file spell it", () => {
  const file = safetensorsFile(FIVE, { labels: "Mass,PLEURAL THICKENING,Infiltrate,Nodule,x" });
  const card = { operatingPoints: { "PLEURAL THICKENING": 0.25, Infiltration: 0.5, x: 0.75 } };
  const { labels, operatingPoints } = loadDenseNet(file, { card }).card;
  expect(labels).toEqual(["Mass", "Pleural_Thickening", "Infiltration", "Nodule", "x"]);
  expect(operatingPoints).toEqual({ Pleural_Thickening: 0.25, Infiltration: 0.5, x: 0.75 });
});

test("two outputs that would share a finding's name keep their own", () => {
  const labels = ["Effusion", "Pleural Effusion", "Infiltrate", "nodule", "x"];
  const { card } = loadDenseNet(safetensorsFile(FIVE), { labels });
  expect(card.labels).toEqual(["Effusion", "Pleural Effusion", "Infiltration", "Nodule", "x"]);
});

test("a card's softmax is applied, travels with the weights, and takes part in no untrained output", async () => {
  const labels = ["a", "b", "c", "d", "e"];
  const card = { labels, preparation: SIZE_64, activation: "softmax" as const };
  const model = loadDenseNet(safetensorsFile(FIVE, cardMetadata(card)));
  expect(model.card.activation).toBe("softmax");
  const session = await createSession(compileModel(model), { threads: 1 });
  const outputs = await runFloat32(session, { image: float32([1, 3, 64, 64], seededImage(1, 3, 64, 64)) });
  await session.release();
  const exponents = [...outputs["logits"]!.data].map(Math.exp);
  const total = exponents.reduce((sum, value) => sum + value, 0);
  for (const [i, p] of outputs["probabilities"]!.data.entries())
    expect(p).toBeCloseTo(exponents[i]! / total, 6);
  expect(() =>
    loadDenseNet(safetensorsFile(FIVE), { card: { ...card, labels: ["a", "", "c", "d", "e"] } }),
  ).toThrow(thrown("card/softmax-unnamed", /softmax/));
});

test("what stands beside the network is left out with a note, and the weights are the same to the bit", () => {
  const pos_weight = { dtype: "float32" as const, shape: [14], data: new Float32Array(14).fill(2) };
  const beside = new Map([
    ...renamed(TENSORS, (name) => `model.${name}`),
    ["criterion.pos_weight", pos_weight],
  ]);
  const model = loadDenseNet(torchFile(beside));
  expect(differing(model.tensors, TENSORS)).toEqual([]);
  expect(model.notes).toEqual([
    "labels assumed: the 14 findings in the order of the CheXNet family; the file does not say",
    "left out criterion.pos_weight, which by its name belongs to a loss and cannot change the outputs",
  ]);
});
