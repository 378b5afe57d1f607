/**
 * Reverse-mode differentiation: writes the gradients of a graph into the same graph.
 *
 * Pipeline:   forward graph → **backward graph** → ONNX model → session
 * Knows:      tape entries and their rules. Not what they compute.
 * Reference:  Griewank and Walther, Evaluating Derivatives, 2008, chapter 3.
 *
 * Only what lies between the wanted values and the seeds is written: no gradient of a frozen parameter, and nothing
 * below the lowest trained one.
 */

import { XrayError } from "../../errors.ts";
import { BACKWARD_ONLY, type TapeEntry, type Value } from "../core/graph.ts";
import { add } from "../ops/add.ts";
import { expand } from "../ops/expand.ts";

/** The entries whose outputs depend on one of `wanted`, in order. */
function dependentEntries(
  tape: readonly TapeEntry[],
  wanted: ReadonlySet<Value>,
): { path: TapeEntry[]; on: Set<Value> } {
  const on = new Set(wanted);
  const path = tape.filter(({ gradient, inputs, outputs }) => {
    // A flat op ends a path. An op that lacks a rule is kept here, and refused if a gradient reaches it.
    const isFlat = gradient !== BACKWARD_ONLY && "noGradient" in gradient;
    if (isFlat || !inputs.some((input) => on.has(input))) return false;
    for (const output of outputs) on.add(output);
    return true;
  });
  return { path, on };
}

/** Expand a gradient to its value's extents where those are known. A larger batch of the gradient's own is kept. */
function whole(gradient: Value, { shape }: Value): Value {
  const extents = gradient.shape.map((dim, axis) => {
    const own = shape[axis]!;
    return dim === 1 && typeof own === "number" ? own : dim;
  });
  return expand(gradient, extents);
}

function noRule({ type, gradient }: TapeEntry): XrayError {
  const why = "noGradient" in gradient ? `: ${gradient.noGradient}` : "";
  return new XrayError("graph/no-gradient", `${type} has no gradient${why}`, { op: type });
}

/**
 * Write the gradients of a weighted sum of values.
 *
 * @param seeds   Values and their gradients; for a scalar loss, a constant 1. A seed may have a larger batch than its
 *                value, to follow several gradients of one image at once through ops whose rules allow it.
 * @param wanted  Values to differentiate with respect to: parameters, features.
 * @returns       Their gradients. A shape may have extents of 1 that stand for the same number along the whole axis.
 * @throws        XrayError `graph/no-gradient` if no path leads from a wanted value to a seed, or an op on it has no
 *                rule.
 */
export function backward(
  seeds: ReadonlyMap<Value, Value>,
  wanted: readonly Value[],
): ReadonlyMap<Value, Value> {
  const [first] = seeds.keys();
  const { path, on } = dependentEntries([...(first?.graph.tape ?? [])], new Set(wanted));
  const gradients = new Map(seeds);
  for (const entry of path.reverse()) {
    const known = entry.outputs.map((output) => {
      const gradient = gradients.get(output);
      return gradient === undefined || entry.isPointwise ? gradient : whole(gradient, output);
    });
    if (known.every((gradient) => gradient === undefined)) continue;
    if (typeof entry.gradient !== "function") throw noRule(entry);
    const rules = entry.gradient(known);
    for (const [i, input] of entry.inputs.entries()) {
      const rule = on.has(input) ? rules[i] : undefined;
      if (rule === undefined) continue;
      const share = rule();
      const sum = gradients.get(input);
      gradients.set(input, sum === undefined ? share : add(sum, share));
    }
  }
  return new Map(
    wanted.map((value) => {
      const gradient = gradients.get(value);
      if (gradient !== undefined) return [value, gradient];
      throw new XrayError("graph/no-gradient", `no gradient reaches "${value.name}"`, { name: value.name });
    }),
  );
}
