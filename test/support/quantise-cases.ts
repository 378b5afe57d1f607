/** Numbers, their quantised codes, and what these stand for, from scripts/reference/quantise.py. */
import type { GraphBuilder } from "../../src/graph/core/builder.ts";
import { type Tensor, tensorOf } from "../../src/tensor.ts";
import { fixtureJson } from "../fixtures.ts";

export interface QuantiseCase {
  readonly shape: readonly number[];
  /** The axis of the scales; null if there is one scale for all. */
  readonly axis: number | null;
  readonly dtype: "int8" | "uint8";
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly x: readonly number[];
  readonly codes: readonly number[];
  readonly dequantised: readonly number[];
  /** Gradient of Σ r · dequantised, where r are the numbers from seed 99. */
  readonly scaleGradient: readonly number[];
}

export const QUANTISE_CASES = fixtureJson<QuantiseCase[]>("quantise/cases.json");

/** Quantised numbers as a tensor. */
export function codesOf(
  dtype: "int8" | "uint8",
  shape: readonly number[],
  values: readonly number[],
): Tensor {
  return dtype === "int8"
    ? tensorOf(dtype, shape, Int8Array.from(values))
    : tensorOf(dtype, shape, Uint8Array.from(values));
}

/** Scale and zero point of a case as constants of a graph. */
export function scaleAndZero(graph: GraphBuilder, { axis, dtype, scales, zeroPoints }: QuantiseCase) {
  const shape = axis === null ? [] : [scales.length];
  return {
    scale: graph.constant(tensorOf("float32", shape, Float32Array.from(scales))),
    zeroPoint: graph.constant(codesOf(dtype, shape, zeroPoints)),
    axis: axis ?? 1,
  };
}
