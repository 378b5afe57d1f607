/**
 * Multiplies small factors by each other before a large one: (g · a) · b becomes g · (a · b) where g has a row for each of
 * several gradients, and a and b are the same for all rows.
 *
 * Behind every rectified norm, for example, the gradients are multiplied by the mask of the ReLU and then by the norm's
 * scale: one pass over all gradients instead of two. A mask is 0 or 1, so there the result stays the same bit for bit.
 *
 * Knows: nodes.
 */

import type { Graph, Value } from "../graph/core/graph.ts";
import { mapNodes } from "../graph/core/rewrite.ts";
import { mul, mulOp } from "../graph/ops/mul.ts";

const isFixed = ({ shape }: Value): boolean => shape.every((dim) => typeof dim === "number");

/** The same graph with products in the order that takes fewer multiplications. */
export function smallFactorsFirst(graph: Graph): Graph {
  return mapNodes(graph, (op) =>
    op !== mulOp
      ? undefined
      : ([x, b]) => {
          const maker = x!.graph.makerOf(x!);
          if (maker?.type !== mulOp.type || isFixed(x!) || !isFixed(b!)) return [mul(x!, b!)];
          const [g, a] = maker.inputs as readonly [Value, Value];
          return [isFixed(a) ? mul(g, mul(a, b!)) : mul(x!, b!)];
        },
  );
}
