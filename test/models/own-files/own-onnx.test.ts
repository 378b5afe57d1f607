import { expect, test } from "vitest";
import { denseNetOf, readModel, weightsOf } from "../../../src/engine/read-model.ts";
import { readOnnx } from "../../../src/formats/onnx/read.ts";
import { CARD_KEY } from "../../../src/models/card.ts";
import { cardMetadata, exportOnnx } from "../../../src/models/compile.ts";
import { ownCheckpoint } from "../../../src/models/own-files/own-onnx.ts";
import { differing, safetensorsFile } from "../../support/checkpoints.ts";
import { CASES, seededModel } from "../../support/densenet-fixtures.ts";

const [, SMALL] = CASES.find(([name]) => name === "rgb-3-labels-64")!;
const MODEL = seededModel(SMALL);
const FILE = exportOnnx(MODEL, "gradcam");

const load = async (name: string, bytes: Uint8Array) =>
  denseNetOf(weightsOf(await readModel({ name, bytes })), "it has no weights");

test("an exported file is read back to the bit, with its card, whatever its heatmaps", async () => {
  for (const bytes of [FILE, exportOnnx(MODEL), exportOnnx(MODEL, "layercam")]) {
    const read = await load("own.onnx", bytes);
    expect(differing(read.tensors, MODEL.tensors)).toEqual([]);
    expect(read.format).toBe("onnx");
    expect(read.card.labels).toEqual(MODEL.card.labels);
    expect(read.card.preparation).toEqual(MODEL.card.preparation);
    expect(read.notes).toEqual([]);
  }
});

test("safetensors, to ONNX and back, is the same file", async () => {
  const start = safetensorsFile(MODEL.tensors, cardMetadata(MODEL.card));
  const first = await load("start.safetensors", start);
  const second = await load("middle.onnx", exportOnnx(first, "gradcam"));
  expect(Buffer.compare(safetensorsFile(second.tensors, cardMetadata(second.card)), start)).toBe(0);
});

test("a softmax stands in the card and is kept", async () => {
  const softmax = { ...MODEL, card: { ...MODEL.card, activation: "softmax" as const } };
  expect((await load("softmax.onnx", exportOnnx(softmax))).card.activation).toBe("softmax");
});

test("a file without a card, of other operators, or without a parameter is no checkpoint", () => {
  const file = readOnnx(FILE);
  const { graph, metadata } = file;
  expect(ownCheckpoint(file)).toBeDefined();
  const { [CARD_KEY]: _, ...others } = metadata;
  expect(ownCheckpoint({ ...file, metadata: others })).toBeUndefined();
  const fewer = new Map(graph.initialisers);
  fewer.delete("features.norm0.running_mean");
  expect(ownCheckpoint({ ...file, graph: { ...graph, initialisers: fewer } })).toBeUndefined();
  // The same weights behind another input: the image is squared first.
  const first = graph.nodes.find(({ inputs }) => inputs[0] === "image")!;
  const nodes = [
    { ...first, type: "Mul", inputs: ["image", "image"], outputs: ["squared"], attributes: [] },
    ...graph.nodes.map((one) =>
      one === first ? { ...one, inputs: ["squared", ...one.inputs.slice(1)] } : one,
    ),
  ];
  expect(ownCheckpoint({ ...file, graph: { ...graph, nodes } })).toBeUndefined();
});
