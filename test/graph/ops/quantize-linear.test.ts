import { expect, test } from "vitest";
import { GraphBuilder } from "../../../src/graph/core/builder.ts";
import type { Shape } from "../../../src/graph/core/graph.ts";
import { backward } from "../../../src/graph/gradient/backward.ts";
import { quantizeLinear } from "../../../src/graph/ops/quantize-linear.ts";
import type { DType } from "../../../src/tensor.ts";
import { float32 } from "../../../src/tensor.ts";
import { codesOf, QUANTISE_CASES, scaleAndZero } from "../../support/quantise-cases.ts";
import { runTensors } from "../../support/run-tensors.ts";

test.each(QUANTISE_CASES)("$shape as $dtype by $scales and $zeroPoints, as PyTorch has it", async (row) => {
  const graph = new GraphBuilder("quantise");
  const { scale, zeroPoint, axis } = scaleAndZero(graph, row);
  graph.output("codes", quantizeLinear(graph.input("x", row.shape), scale, zeroPoint, axis));
  const { codes } = await runTensors(graph, { x: float32(row.shape, Float32Array.from(row.x)) });
  expect(codes).toEqual(codesOf(row.dtype, row.shape, row.codes));
});

const refused = (x: [Shape, DType?], scale: [Shape, DType?], zero: [Shape, DType?], axis?: number) => {
  const graph = new GraphBuilder("refused");
  const inputs = [x, scale, zero].map(([shape, dtype], i) => graph.input(`in${i}`, shape, dtype));
  return () => quantizeLinear(inputs[0]!, inputs[1]!, inputs[2]!, axis);
};

test.each([
  ["numbers that are whole already", refused([[2, 3], "int32"], [[]], [[], "int8"]), /float32 numbers/],
  ["a zero point of another type", refused([[2, 3]], [[]], [[], "int16"]), /int8 or uint8 zero point/],
  ["a scale that is not float32", refused([[2, 3]], [[], "float16"], [[], "int8"]), /float32 scale/],
  ["scales of another axis", refused([[2, 3]], [[2]], [[2], "int8"]), /each place along axis 1/],
  ["fewer zero points than scales", refused([[2, 3]], [[3]], [[1], "int8"]), /each place along axis 1/],
  ["one zero point for scales along an axis", refused([[2, 1]], [[1]], [[], "int8"]), /along axis 1/],
  ["scales of two axes", refused([[2, 3]], [[2, 3]], [[2, 3], "int8"], 0), /along axis 0/],
])("%s: refused", (_, build, message) => {
  expect(build).toThrow(
    expect.objectContaining({ code: "graph/shape-mismatch", message: expect.stringMatching(message) }),
  );
});

test("no gradient comes through it", () => {
  const graph = new GraphBuilder("flat");
  const x = graph.input("x", [2]);
  const zero = graph.constant(codesOf("int8", [], [0]));
  const y = quantizeLinear(x, graph.scalar(1), zero);
  expect(() => backward(new Map([[y, graph.input("seed", [2])]]), [x])).toThrow(/no gradient reaches "x"/);
});
