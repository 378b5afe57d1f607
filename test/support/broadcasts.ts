/** The cases with which every elementwise op of two operands is tested. */
import { expect, test } from "vitest";
import { GraphBuilder } from "../../src/graph/core/builder.ts";
import type { Shape, Value } from "../../src/graph/core/graph.ts";
import { broadcast } from "../oracle/elementwise.ts";
import { expectGradient } from "./gradients.ts";
import { expectGraph, expectRefusal, numbers } from "./run-graph.ts";

const PAIRS: readonly (readonly [number[], number[]])[] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3, 4], [4]],
  [[4], [2, 3, 4]],
  [
    [2, 1, 4],
    [3, 1],
  ],
  [[2, 3], []],
  [[], []],
  [
    [1, 5, 6],
    [3, 1, 6],
  ],
  [
    [2, 3, 4, 5],
    [1, 3, 1, 1],
  ],
];

const MISFITS: readonly (readonly [Shape, Shape])[] = [
  [[2, 3], [2]],
  [
    [2, 3],
    [3, 2],
  ],
  [
    ["N", 3],
    [4, 3],
  ],
  [
    ["N", 3],
    ["M", 3],
  ],
];

/**
 * Run an op over pairs of shapes and compare with `f`; refuse pairs that do not broadcast.
 *
 * @param low  The second operand's values are in [low, low + 4).
 */
export function testBroadcasts(
  type: string,
  op: (a: Value, b: Value) => Value,
  f: (a: number, b: number) => number,
  low = -2,
): void {
  test.each(PAIRS)("%j and %j broadcast by NumPy's rule", async (a, b) => {
    const tensors = [numbers(a, 1), numbers(b, 2, low, low + 4)];
    await expectGraph(
      tensors,
      (x, y) => op(x!, y!),
      (x, y) => broadcast(x!, y!, f),
      { tolerance: 3e-7 },
    );
  });

  test.each(MISFITS)("%j and %j are refused", (a, b) => {
    expectRefusal(type, [a, b], (x, y) => op(x!, y!));
  });

  test("a named extent stays named, beside itself and beside 1", () => {
    const graph = new GraphBuilder("named");
    const [x, y] = [graph.input("x", ["N", 3]), graph.input("y", ["N", 1])];
    expect(op(x, y).shape).toEqual(["N", 3]);
    expect(op(graph.input("z", [1, 1]), x).shape).toEqual(["N", 3]);
  });

  test("operands of two dtypes are refused", () => {
    const graph = new GraphBuilder("dtypes");
    const [x, y] = [graph.input("x", [2]), graph.input("y", [2], "float64")];
    expect(() => op(x, y)).toThrow(`${type}: inputs differ in dtype (inputs float32[2], float64[2])`);
  });
}

/** The gradients of both operands, summed to their shapes where they were repeated. */
export function testBroadcastGradients(
  op: (a: Value, b: Value) => Value,
  f: (a: number, b: number) => number,
  low = -2,
): void {
  test.each(PAIRS)("gradients: %j and %j", async (a, b) => {
    await expectGradient(
      [numbers(a, 1), numbers(b, 2, low, low + 4)],
      (x, y) => op(x!, y!),
      (x, y) => broadcast(x!, y!, f),
    );
  });
}
