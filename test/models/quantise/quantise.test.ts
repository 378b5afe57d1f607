import { expect, test } from "vitest";
import { readModel, weightsOf } from "../../../src/engine/read-model.ts";
import { readOnnx } from "../../../src/formats/onnx/read.ts";
import { onnxModel } from "../../../src/graph/onnx/model.ts";
import { runFloat32 } from "../../../src/graph/session.ts";
import { compileModel, exportOnnx, PORTS } from "../../../src/models/compile.ts";
import type { LoadedModel } from "../../../src/models/load.ts";
import { ownCheckpoint } from "../../../src/models/own-files/own-onnx.ts";
import { WEIGHT_MAX } from "../../../src/models/quantise/codes.ts";
import { Observer, observedGraph, type Seen } from "../../../src/models/quantise/observe.ts";
import { PACKED } from "../../../src/models/quantise/packing.ts";
import { quantise } from "../../../src/models/quantise/quantise.ts";
import { createSession } from "../../../src/node/session.ts";
import { float32, type Tensor } from "../../../src/tensor.ts";
import { CASES, seededBatch, seededModel } from "../../support/densenet-fixtures.ts";
import { maxDifference, maxMagnitude } from "../../support/difference.ts";
import { expectSameBits } from "../../support/same-bits.ts";

const [, SMALL] = CASES.find(([name]) => name === "rgb-3-labels-64")!;
const MODEL = seededModel(SMALL);
const { channels, height, width } = SMALL;

const images = (...seeds: readonly number[]): Tensor<"float32"> => seededBatch(SMALL, seeds);

async function run(model: Parameters<typeof createSession>[0], image: Tensor<"float32">) {
  const session = await createSession(model, { threads: 1 });
  const outputs = await runFloat32(session, { [PORTS.image]: image });
  await session.release();
  return outputs;
}

async function seen(
  model: LoadedModel,
  ...batches: readonly Tensor<"float32">[]
): Promise<Map<string, Seen>> {
  const { graph, kinds } = observedGraph(model.inChannels, model.numLabels, width, height);
  const observer = new Observer(kinds);
  for (const batch of batches) observer.add(await run(onnxModel(graph, model.tensors), batch));
  return observer.results();
}

const MEASURED = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
const SEEN = await seen(MODEL, images(...MEASURED));
const INT8 = { ...MODEL, codes: quantise(MODEL.tensors, SEEN) };

/** The largest difference of logits over the largest logit, on images that no range was measured on. */
async function errorOf(model: LoadedModel, original: LoadedModel = MODEL): Promise<number> {
  const unseen = images(11, 12, 13);
  const [ours, exact] = [await run(compileModel(model), unseen), await run(compileModel(original), unseen)];
  return maxDifference(ours["logits"]!.data, exact["logits"]!.data) / maxMagnitude(exact["logits"]!.data);
}

test("everything between the stem and norm5 becomes codes, none of them beyond what kernels add up exactly", () => {
  const { tensors } = INT8.codes;
  const codes = [...tensors].filter(([name]) => name.endsWith(".codes"));
  // 58 dense layers of two convolutions and a norm, three transitions of a convolution and a norm.
  expect(codes).toHaveLength(58 * 3 + 3 * 2);
  for (const [name, { dtype, data }] of codes) {
    expect(dtype).toBe("int8");
    const most = (data as Int8Array).reduce((most, code) => Math.max(most, Math.abs(code)), 0);
    expect(most, name).toBe(WEIGHT_MAX);
  }
});

test("logits of other images are those of float32 to 3 %", async () => {
  expect(await errorOf(INT8)).toBeLessThan(0.03);
});

test("all outputs exist, and features of every layer stand for float32's", async () => {
  const layers = ["denseblock1", "transition2", "denseblock3"] as const;
  const maps = [
    { method: "gradcam", layer: "norm5" } as const,
    ...layers.map((layer) => ({ method: "layercam", layer }) as const),
  ];
  const [ours, exact] = [
    await run(compileModel(INT8, maps, true), images(11)),
    await run(compileModel(MODEL, maps, true), images(11)),
  ];
  expect(Object.keys(ours).sort()).toEqual(Object.keys(exact).sort());
  for (const layer of layers) {
    const [a, b] = [ours[`features.${layer}`]!, exact[`features.${layer}`]!];
    expect(a.shape).toEqual(b.shape);
    const rms = (of: (i: number) => number) => Math.sqrt(b.data.reduce((sum, _, i) => sum + of(i) ** 2, 0));
    expect(rms((i) => a.data[i]! - b.data[i]!)).toBeLessThan(0.05 * rms((i) => b.data[i]!));
  }
});

test("the same images give the same bits, in any batches, and so does each run", async () => {
  const again = quantise(
    MODEL.tensors,
    await seen(MODEL, images(1), images(2, 3), images(...MEASURED.slice(3))),
  );
  const [first, second] = [exportOnnx(INT8, "gradcam"), exportOnnx({ ...MODEL, codes: again }, "gradcam")];
  expectSameBits(second, first);
  const [one, two] = [await run(first, images(11, 12)), await run(compileModel(INT8), images(12, 11))];
  const row = (tensor: Tensor<"float32">, i: number) => tensor.data.slice(i * 3, i * 3 + 3);
  expectSameBits(row(one["logits"]!, 0), row(two["logits"]!, 1));
  expectSameBits(row(one["logits"]!, 1), row(two["logits"]!, 0));
});

const load = async (bytes: Uint8Array) => weightsOf(await readModel({ name: "int8.onnx", bytes }));

test("a file is read back with its codes to the bit, and computes the same bits", async () => {
  const bytes = exportOnnx(INT8, "gradcam");
  const read = (await load(bytes)) as LoadedModel;
  expect(read.card.labels).toEqual(MODEL.card.labels);
  expect([...read.codes!.tensors.keys()].sort()).toEqual([...INT8.codes.tensors.keys()].sort());
  for (const [name, { data }] of INT8.codes.tensors)
    expectSameBits(read.codes!.tensors.get(name)!.data, data, name);
  expectSameBits(exportOnnx(read, "gradcam"), bytes);
  const [file, compiled] = [await run(bytes, images(11)), await run(compileModel(read), images(11))];
  expectSameBits(compiled["logits"]!.data, file["logits"]!.data);
  expect(Object.keys(file).sort()).toEqual(["heatmaps", "logits", "probabilities"]);
});

test("weights are read back from codes to half a code, and all other parameters to the bit", async () => {
  const read = (await load(exportOnnx(INT8))) as LoadedModel;
  for (const [name, { data, shape }] of MODEL.tensors) {
    const own = read.tensors.get(name)!;
    const isCoded = INT8.codes.tensors.has(name.replace(/weight$/, "codes")) && shape.length === 4;
    if (!isCoded && !name.endsWith("num_batches_tracked")) expectSameBits(own.data, data, name);
    if (!isCoded) continue;
    const length = data.length / shape[0]!;
    for (let m = 0; m < shape[0]!; m++) {
      const [ours, exact] = [own, { data }].map((one) =>
        (one.data as Float32Array).subarray(m * length, (m + 1) * length),
      );
      const half = maxMagnitude(exact!) / WEIGHT_MAX / 2;
      expect(maxDifference(ours!, exact!), name).toBeLessThanOrEqual(1.0001 * half);
    }
  }
  // So the weights alone, as another format or a training takes them, predict nearly the same.
  const { codes: _, ...weights } = read;
  expect(await errorOf(weights)).toBeLessThan(0.03);
});

test("a single image, black or with channels that never vary, is enough to measure ranges on", async () => {
  const black = float32([1, channels, height, width], new Float32Array(channels * height * width));
  for (const batch of [images(1), black]) {
    const codes = quantise(MODEL.tensors, await seen(MODEL, batch));
    const { logits } = await run(compileModel({ ...MODEL, codes }), images(11));
    expect([...logits!.data].every(Number.isFinite)).toBe(true);
  }
  const one = { ...MODEL, codes: quantise(MODEL.tensors, await seen(MODEL, images(1))) };
  expect(await errorOf(one)).toBeLessThan(0.2);
});

test("channels that a norm switches off, turns round or holds still give what float32 gives", async () => {
  const tensors = new Map(MODEL.tensors);
  for (const name of ["denseblock1.denselayer2.norm1", "denseblock2.denselayer3.norm2", "transition1.norm"]) {
    const key = `features.${name}.weight`;
    const data = Float32Array.from(tensors.get(key)!.data as Float32Array, (w, i) =>
      i % 5 === 0 ? 0 : i % 5 === 1 ? -w : w,
    );
    tensors.set(key, float32([data.length], data));
  }
  const conv = "features.denseblock1.denselayer1.conv2.weight";
  const zeros = tensors.get(conv)!;
  tensors.set(
    conv,
    float32(
      zeros.shape,
      Float32Array.from(zeros.data as Float32Array, (w, i) => (i < 2000 ? 0 : w)),
    ),
  );
  const original = { ...MODEL, tensors };
  const codes = quantise(tensors, await seen(original, images(...MEASURED)));
  expect(await errorOf({ ...original, codes }, original)).toBeLessThan(0.03);
});

test("files with codes or scales that no model has are refused by name; others are not ours", () => {
  const file = readOnnx(exportOnnx(INT8));
  const changed = (name: string, change: (data: Tensor["data"]) => void, part: Partial<Tensor> = {}) => {
    const initialisers = new Map(file.graph.initialisers);
    const old = initialisers.get(name)!;
    const tensor = { ...old.read(), data: old.read().data.slice() } as Tensor;
    change(tensor.data);
    initialisers.set(name, { ...old, ...part, read: () => tensor });
    return { ...file, graph: { ...file.graph, initialisers } };
  };
  const layer = "features.denseblock3.denselayer5.conv1";
  for (const [name, value] of [
    [`${layer}.codes`, 65],
    [`${layer}.scales`, 0],
    [`${layer}.scales`, Number.NaN],
    ["features.denseblock1.denselayer1.norm1.scale", -1],
    ["features.pool0.steps", 0],
    [PACKED, Number.POSITIVE_INFINITY],
  ] as const) {
    const bad = changed(name, (data) => {
      data[0] = value;
    });
    expect(() => ownCheckpoint(bad), `${name} ${value}`).toThrow(
      expect.objectContaining({
        code: "checkpoint/bad-codes",
        message: expect.stringContaining(String(value)),
      }),
    );
  }
  const same = () => undefined;
  expect(ownCheckpoint(changed(`${layer}.codes`, same))).toBeDefined();
  expect(ownCheckpoint(changed(`${layer}.codes`, same, { shape: [128, 1, 1, 1] }))).toBeUndefined();
  expect(ownCheckpoint(changed(PACKED, same, { shape: [7] }))).toBeUndefined();
});

test("an int8 file is about a quarter of the float32 one", () => {
  expect(exportOnnx(INT8).length).toBeLessThan(0.3 * exportOnnx(MODEL).length);
});
