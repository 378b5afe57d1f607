/**
 * The gradient of an operand that was broadcast: the sum over all positions where it was used.
 *
 * Knows: shapes.
 */

import type { Shape, Value } from "../core/graph.ts";
import { reduceSum } from "./reduce-sum.ts";
import { reshape } from "./reshape.ts";

/** Sum `gradient` over the axes along which an operand of `shape` was repeated. */
export function sumTo(gradient: Value, shape: Shape): Value {
  const lead = Math.max(0, gradient.shape.length - shape.length);
  const axes = gradient.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < lead || (shape[axis - lead] === 1 && gradient.shape[axis] !== 1));
  const summed = axes.length === 0 ? gradient : reduceSum(gradient, axes);
  return lead === 0 ? summed : reshape(summed, summed.shape.slice(lead));
}
