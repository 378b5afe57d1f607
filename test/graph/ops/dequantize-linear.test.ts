import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import { backward } from "../../../src/graph/gradient/backward.ts";
import { conv } from "../../../src/graph/ops/conv.ts";
import { dequantizeLinear } from "../../../src/graph/ops/dequantize-linear.ts";
import { float32, tensorOf } from "../../../src/tensor.ts";
import { conv as convOracle } from "../../oracle/conv.ts";
import { maxDifference, maxMagnitude } from "../../support/difference.ts";
import { cotangentOf } from "../../support/gradients.ts";
import { codesOf, QUANTISE_CASES, scaleAndZero } from "../../support/quantise-cases.ts";
import { exact, numbers } from "../../support/run-graph.ts";
import { runTensors } from "../../support/run-tensors.ts";

test.each(QUANTISE_CASES)("$shape from $dtype by $scales and $zeroPoints, as PyTorch has it", async (row) => {
  const graph = new GraphBuilder("dequantise");
  const { scale, zeroPoint, axis } = scaleAndZero(graph, row);
  graph.output("y", dequantizeLinear(graph.input("codes", row.shape, row.dtype), scale, zeroPoint, axis));
  const { y } = await runTensors(graph, { codes: codesOf(row.dtype, row.shape, row.codes) });
  expect(y).toEqual(float32(row.shape, Float32Array.from(row.dequantised)));
});

test.each(QUANTISE_CASES)("the gradient of $scales, codes of $shape", async (row) => {
  const graph = new GraphBuilder("gradient");
  const { zeroPoint, axis } = scaleAndZero(graph, row);
  const shape = row.axis === null ? [] : [row.scales.length];
  const scale = graph.input("scale", shape);
  const y = dequantizeLinear(graph.input("codes", row.shape, row.dtype), scale, zeroPoint, axis);
  const seed = graph.input("seed", row.shape);
  graph.output("gradient", backward(new Map([[y, seed]]), [scale]).get(scale)!);
  const { gradient } = await runTensors(graph, {
    scale: float32(shape, Float32Array.from(row.scales)),
    codes: codesOf(row.dtype, row.shape, row.codes),
    seed: cotangentOf(row.shape),
  });
  expect(gradient!.shape).toEqual(shape);
  const actual = Float64Array.from(gradient!.data, Number);
  expect(maxDifference(actual, row.scaleGradient)).toBeLessThan(2e-6 * maxMagnitude(row.scaleGradient));
});

test("whole numbers have no gradient", () => {
  const graph = new GraphBuilder("codes");
  const codes = graph.input("codes", [3], "int8");
  const y = dequantizeLinear(codes, graph.scalar(1), graph.constant(codesOf("int8", [], [0])));
  expect(() => backward(new Map([[y, graph.input("seed", [3])]]), [codes])).toThrow(/"codes"/);
});

test("an int8 parameter with a scale for each channel is the weight of a convolution", async () => {
  const graph = new GraphBuilder("int8 weight");
  const x = graph.input("x", [1, 3, 6, 5]);
  const codes = graph.parameter("codes", [4, 3, 3, 3], "int8");
  const scale = graph.parameter("scale", [4]);
  const zero = graph.constant(tensorOf("int8", [4], new Int8Array(4)));
  graph.output("y", conv(x, dequantizeLinear(codes, scale, zero, 0), { padding: 1 }));
  const row = QUANTISE_CASES.find(({ axis, dtype }) => axis === 0 && dtype === "int8")!;
  const image = numbers([1, 3, 6, 5], 1);
  const weights = {
    codes: codesOf("int8", row.shape, row.codes),
    scale: float32([4], Float32Array.from(row.scales)),
  };
  const { y } = await runTensors(graph, { x: image }, weights);
  const expected = convOracle(
    exact(image),
    { shape: row.shape, data: Float64Array.from(row.dequantised) },
    1,
    1,
  );
  const actual = Float64Array.from(y!.data, Number);
  expect(maxDifference(actual, expected.data)).toBeLessThan(1e-6 * maxMagnitude(expected.data));
});

test("a zero point of another dtype than the codes is refused", () => {
  const graph = new GraphBuilder("refused");
  const zero = graph.constant(codesOf("uint8", [], [0]));
  expect(() => dequantizeLinear(graph.input("codes", [3], "int8"), graph.scalar(1), zero)).toThrow(
    expect.objectContaining({
      code: "graph/shape-mismatch",
      message: expect.stringMatching(/^DequantizeLinear: .*another dtype/),
    }),
  );
});
