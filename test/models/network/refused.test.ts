/** ONNX files that cannot be run, each with the reason and the way on. */

import { describe, expect, test } from "vitest";
import { openModel } from "../../../src/engine/open-model.ts";
import { predictImages } from "../../../src/engine/predict.ts";
import type { PreparedItem } from "../../../src/engine/prepared-queue.ts";
import { readModel, weightsOf } from "../../../src/engine/read-model.ts";
import { CARD_KEY, type ModelCard } from "../../../src/models/card.ts";
import { NEWEST } from "../../../src/models/network/runnable.ts";
import { createSession } from "../../../src/node/session.ts";
import { concat } from "../../hostile/builders/bytes.ts";
import {
  attribute,
  external,
  field,
  floats,
  type GraphParts,
  graph,
  type ModelParts,
  model,
  node,
  port,
  tensor,
  textPort,
} from "../../hostile/builders/onnx.ts";
import { refusesLater } from "../../hostile/refusal.ts";
import { networkBytes, networkOf, prepared } from "../../support/networks.ts";

const CARD: ModelCard = {
  labels: ["Effusion", "Mass", "Nodule"],
  preparation: prepared(64, 64),
  activation: "sigmoid",
};

const INT64 = 7;
const FLOAT16 = 10;
const int64s = (...values: number[]) => new Uint8Array(BigInt64Array.from(values, BigInt).buffer);

/** The mean of each channel: three numbers for three labels. */
const MEANS = [node("GlobalAveragePool", ["x"], ["means"]), node("Reshape", ["means", "shape"], ["y"])];
const SHAPE = tensor("shape", [2], INT64, int64s(-1, 3));
const HONEST: Required<Omit<GraphParts, "more">> = {
  nodes: MEANS,
  tensors: [SHAPE],
  inputs: [port("x", ["N", 3, 64, 64])],
  outputs: [port("y", ["N", 3])],
};

const file = (parts: GraphParts = {}, around: ModelParts = {}): Uint8Array =>
  model(graph({ ...HONEST, ...parts }), { metadata: { [CARD_KEY]: JSON.stringify(CARD) }, ...around });

const withNodes = (...nodes: Uint8Array[]) => file({ nodes: [...MEANS, ...nodes] });

const attributes = (...some: Uint8Array[]) => ({ attributes: some });

/** A function of a domain, of nodes. */
const functionOf = (name: string, ...nodes: Uint8Array[]) =>
  field(
    25,
    concat(
      field(1, name),
      field(4, "x"),
      field(5, "y"),
      ...nodes.map((one) => field(7, one)),
      field(9, concat(field(1, ""), field(2, 17))),
      field(10, "own"),
    ),
  );

const own = (type: string, input: string, output: string) => node(type, [input], [output], { domain: "own" });

/** Functions that double forty times. */
const doubling = Array.from({ length: 40 }, (_, i) =>
  functionOf(`f${i}`, own(`f${i + 1}`, "x", "t"), own(`f${i + 1}`, "t", "y")),
);

const load = async (bytes: Uint8Array, card?: ModelCard) => {
  const read = await readModel({ name: "a.onnx", bytes, ...(card === undefined ? {} : { card }) });
  return weightsOf(read);
};

test("the honest file that these vary is run", async () => {
  const { forward } = await openModel(await load(file()), createSession, { threads: 1 });
  await forward.release();
});

describe("a network that cannot be run is refused before it is started", () => {
  const cases: readonly [string, Uint8Array, string, RegExp][] = [
    [
      "no card",
      file({}, { metadata: {} }),
      "onnx/no-card",
      /its labels, preparation, activation; put a card beside it, in <file>\.json/,
    ],
    [
      "no activation",
      file({}, { metadata: { [CARD_KEY]: JSON.stringify({ ...CARD, activation: undefined }) } }),
      "onnx/no-card",
      /nothing says its activation/,
    ],
    ["a card that is none", file({}, { metadata: { [CARD_KEY]: "{" } }), "card/invalid", /card/],
    [
      "a newer IR version",
      file({}, { ir: NEWEST.ir + 1 }),
      "onnx/too-new",
      /IR version is 14.*export it for opset 17/,
    ],
    ["a newer opset", file({}, { opset: NEWEST.opset + 1 }), "onnx/too-new", /opset is 27/],
    [
      "an operator of someone's",
      withNodes(node("Magic", ["y"], ["z"], { domain: "com.example" })),
      "onnx/custom-ops",
      /"com\.example\.Magic"/,
    ],
    [
      "weights in /etc/passwd",
      file({ tensors: [SHAPE, external("w", "/etc/passwd")] }),
      "onnx/external-data",
      /"w" lies in another file/,
    ],
    [
      "a constant in /etc/passwd",
      withNodes(node("Constant", [], ["c"], attributes(attribute("value", 5, external("", "/etc/passwd"))))),
      "onnx/external-data",
      /save it as one file/,
    ],
    [
      "weights elsewhere in a loop",
      withNodes(
        node(
          "Loop",
          ["", ""],
          ["z"],
          attributes(attribute("body", 6, graph({ tensors: [external("w", "x")] }))),
        ),
      ),
      "onnx/external-data",
      /"w"/,
    ],
    [
      "sparse weights",
      file({ more: [field(15, field(1, tensor("w", [1])))] }),
      "onnx/unsupported",
      /sparse weights/,
    ],
    [
      "a value that nothing makes",
      withNodes(node("Relu", ["ghost"], ["z"])),
      "onnx/bad-graph",
      /"Relu" uses "ghost"/,
    ],
    [
      "a circle",
      withNodes(node("Add", ["y", "b"], ["a"]), node("Relu", ["a"], ["b"])),
      "onnx/bad-graph",
      /uses "b", which nothing before it makes/,
    ],
    ["a value made twice", withNodes(node("Relu", ["x"], ["y"])), "onnx/bad-graph", /"y" is made twice/],
    [
      "an output that nothing makes",
      file({ outputs: [port("ghost", ["N", 3])] }),
      "onnx/bad-graph",
      /nothing makes its output "ghost"/,
    ],
    [
      "a function that contains itself",
      file(
        { nodes: [...MEANS, own("f", "y", "z")] },
        { metadata: { [CARD_KEY]: JSON.stringify(CARD) }, more: [functionOf("f", own("f", "x", "y"))] },
      ),
      "onnx/bad-graph",
      /"f" contains itself/,
    ],
    [
      "functions of 2^40 nodes",
      file(
        { nodes: [...MEANS, own("f0", "y", "z")] },
        {
          metadata: { [CARD_KEY]: JSON.stringify(CARD) },
          more: [...doubling, functionOf("f40", node("Relu", ["x"], ["y"]))],
        },
      ),
      "onnx/too-large",
      /stands for \d+ nodes/,
    ],
    [
      "a tensor of 2^62 numbers",
      file({
        nodes: [...MEANS, node("ConstantOfShape", ["huge"], ["z"])],
        tensors: [SHAPE, tensor("huge", [2], INT64, int64s(2 ** 31, 2 ** 31))],
      }),
      "onnx/too-large",
      /"ConstantOfShape" makes a tensor of 2147483648 × 2147483648 numbers/,
    ],
    [
      "a random tensor of 2^40 numbers",
      withNodes(
        node("RandomNormal", [], ["z"], attributes(attribute("dtype", 3, 1), attribute("shape", 8, 2 ** 40))),
      ),
      "onnx/too-large",
      /"RandomNormal"/,
    ],
    [
      "no input",
      file({
        nodes: [node("Identity", ["c"], ["y"])],
        tensors: [tensor("c", [1, 3], 1, floats(1, 2, 3))],
        inputs: [],
      }),
      "onnx/input",
      /it takes no input/,
    ],
    [
      "two inputs",
      file({ inputs: [...HONEST.inputs, port("mask", ["N", 1, 64, 64])] }),
      "onnx/input",
      /it takes 2 inputs \("x" float32\[N,3,64,64\], "mask" /,
    ],
    ["text as input", file({ inputs: [textPort("x")] }), "onnx/input", /"x" string\[1\] is no image/],
    ["channels last", file({ inputs: [port("x", ["N", 64, 64, 3])] }), "onnx/input", /channels last/],
    [
      "an input of rank 2^20",
      file({ inputs: [port("x", Array(1000).fill(2 ** 40))] }),
      "onnx/input",
      /is no image/,
    ],
    [
      "a sequence as input",
      file({ inputs: [concat(field(1, "x"), field(2, field(4, field(1, ""))))] }),
      "onnx/input",
      /of no stated type/,
    ],
    [
      "images of another size",
      file({ inputs: [port("x", ["N", 3, 96, 64])] }),
      "onnx/input-size",
      /takes images of 64 × 96, but its card prepares them as 64 × 64/,
    ],
    [
      "another number of channels",
      file({ inputs: [port("x", ["N", 1, 64, 64])] }),
      "card/channels",
      /3 channels, but the model takes 1/,
    ],
    [
      "no output for the labels",
      file({ outputs: [port("y", ["N", 4])] }),
      "onnx/output",
      /none of its outputs \("y" float32\[N,4\]\) is float32 \[N, 3\]/,
    ],
    [
      "integers as output",
      file({ outputs: [port("y", ["N", 3], INT64)] }),
      "onnx/output",
      /correct the labels/,
    ],
    [
      "two outputs that fit",
      file({
        nodes: [...MEANS, node("Relu", ["y"], ["z"])],
        outputs: [port("y", ["N", 3]), port("z", ["N", 3])],
      }),
      "onnx/output",
      /several of its outputs fit .*name the one to use "logits"/,
    ],
  ];
  test.for(cases)("%s", async ([, bytes, code, message]) => {
    await refusesLater(() => load(bytes), code);
    await expect(load(bytes)).rejects.toThrow(message);
  });
});

test("the newest versions are those that ONNX Runtime runs", async () => {
  const start = async (around: ModelParts) => (await createSession(file({}, around))).release();
  await start({ ir: NEWEST.ir, opset: NEWEST.opset });
  await expect(start({ ir: NEWEST.ir + 1 })).rejects.toThrow("Unsupported model IR version");
  await expect(start({ ir: NEWEST.ir, opset: NEWEST.opset + 1 })).rejects.toThrow(
    `Opset ${NEWEST.opset + 1} is under development`,
  );
});

test("a sidecar and named labels say what a file does not", async () => {
  const bytes = file({}, { metadata: {} });
  expect((await load(bytes, CARD)).card).toMatchObject(CARD);
  const { labels: _, ...rest } = CARD;
  const read = await readModel({ name: "a.onnx", bytes, card: rest }, { labels: ["Edema", "Mass", ""] });
  const named = weightsOf(read);
  expect(named.card.labels).toEqual(["Edema", "Mass"]);
  expect(named.outputs).toEqual([0, 1]);
});

test("what ONNX Runtime cannot start is told in one line without its own source", async () => {
  const bad = await load(withNodes(node("NoSuchOperator", ["y"], ["z"])));
  await refusesLater(() => openModel(bad, createSession, { threads: 1 }), "onnx/not-runnable");
  await expect(openModel(bad, createSession)).rejects.toThrow(
    /^ONNX Runtime cannot run this network: .*NoSuchOperator.*onnx\.checker/,
  );
  const failing = await load(
    file({
      nodes: [node("Reshape", ["x", "shape"], ["y"])],
      tensors: [tensor("shape", [2], INT64, int64s(7, 3))],
    }),
  );
  const { forward } = await openModel(failing, createSession, { threads: 1 });
  const image = { dtype: "float32" as const, shape: [1, 3, 64, 64], data: new Float32Array(3 * 64 * 64) };
  const refusal = await forward.run(image).then(
    () => undefined,
    (error: Error) => error.message,
  );
  expect(refusal).toMatch(/^ONNX Runtime cannot run this network on an image: /);
  expect(refusal).not.toContain("onnxruntime_src");
  await forward.release();
});

/** Images of one value each. */
async function* images(...values: number[]): AsyncGenerator<PreparedItem, void> {
  for (const value of values) {
    const region = { x: 0, y: 0, width: 64, height: 64 };
    const input = new Float32Array(3 * 64 * 64).fill(value);
    const image = { input, views: 1, receipt: [], notes: [], checks: [], region, width: 64, height: 64 };
    yield { source: `${value}.png`, result: image as unknown as Exclude<PreparedItem["result"], Error> };
  }
}

async function outcomes(bytes: Uint8Array, ...values: number[]) {
  const opened = await openModel(await load(bytes), createSession, { threads: 1 });
  const found = [];
  for await (const outcome of predictImages(opened, images(...values), { force: true })) found.push(outcome);
  await opened.release();
  return found;
}

test("an image whose output is not finite fails alone", async () => {
  const [first, second, third] = await outcomes(
    file({ nodes: [MEANS[0]!, node("Reshape", ["means", "shape"], ["m"]), node("Log", ["m"], ["y"])] }),
    1,
    -1,
    Math.E,
  );
  expect(first).toHaveProperty("logits", Float32Array.of(0, 0, 0));
  expect(second).toMatchObject({
    error: {
      code: "onnx/bad-output",
      message: expect.stringMatching(/^-1\.png: the network's output for Effusion is not a finite number/),
    },
  });
  expect((third as { logits: Float32Array }).logits[0]).toBeCloseTo(1, 4);
});

test("an output that is no probability fails where the card says that it is one", async () => {
  const card = { [CARD_KEY]: JSON.stringify({ ...CARD, activation: "none" }) };
  const [good, bad, zero] = await outcomes(file({}, { metadata: card }), 0.25, 3, 0);
  expect(good).toHaveProperty("probabilities", Float32Array.of(0.25, 0.25, 0.25));
  expect((good as { logits: Float32Array }).logits[0]).toBeCloseTo(Math.log(1 / 3), 6);
  expect(bad).toMatchObject({
    error: {
      code: "onnx/bad-output",
      message: expect.stringContaining(
        "is no probability, although its card names no activation; name sigmoid or softmax",
      ),
    },
  });
  // A probability of 0 has the logit of the smallest one that is told apart from it.
  expect(zero).toHaveProperty("probabilities", Float32Array.of(0, 0, 0));
  expect((zero as { logits: Float32Array }).logits[0]).toBeCloseTo(-Math.log(2 ** 24 - 1), 4);
});

test("a batch that is folded into the graph is told apart from one that is free", async () => {
  const folded = file({ tensors: [tensor("shape", [2], INT64, int64s(1, -1))] });
  await expect(outcomes(folded, 1, 2)).rejects.toMatchObject({
    code: "onnx/bad-output",
    message: expect.stringContaining("export it with a batch of 1"),
  });
});

test("float16 is an input as float32 is", async () => {
  const half = file({
    nodes: [
      node("Cast", ["x"], ["w"], attributes(concat(attribute("to", 3, 1), field(20, 2)))),
      node("GlobalAveragePool", ["w"], ["means"]),
      MEANS[1]!,
    ],
    inputs: [port("x", ["N", 3, 64, 64], FLOAT16)],
  });
  expect((await outcomes(half, 0.5))[0]).toHaveProperty("logits", Float32Array.of(0.5, 0.5, 0.5));
});

test("a DenseNet121's card cannot say that its outputs are probabilities", async () => {
  const read = await readModel({
    name: "demo",
    bytes: (await import("node:fs")).readFileSync("models/demo.safetensors"),
    card: { activation: "none" },
  });
  expect(() => weightsOf(read)).toThrow(
    expect.objectContaining({
      code: "card/activation",
      message: expect.stringContaining("name sigmoid or softmax"),
    }),
  );
});

test("a network's file is never read as weights by its name alone", async () => {
  expect((await networkOf("sigmoid.onnx", networkBytes("sigmoid"))).kind).toBe("network");
});
