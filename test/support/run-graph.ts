/** Runs small graphs in ONNX Runtime and compares them with the float64 oracle. */

import { expect } from "vitest";
import { GraphBuilder } from "../../src/graph/core/builder.ts";
import type { Graph, Shape, Value } from "../../src/graph/core/graph.ts";
import { onnxBytes } from "../../src/graph/onnx/model.ts";
import { runFloat32 } from "../../src/graph/session.ts";
import { lowered } from "../../src/lowering/lowered.ts";
import { createSession } from "../../src/node/session.ts";
import { float32, sizeOf, type Tensor } from "../../src/tensor.ts";
import type { Array64 } from "../oracle/array.ts";
import { maxDifference, maxMagnitude } from "./difference.ts";

type Float32Tensor = Tensor<"float32">;

/** A tensor of numbers in [low, high) from a linear congruential generator, the same at each call. */
export function numbers(shape: readonly number[], seed: number, low = -2, high = 2): Float32Tensor {
  let state = (seed + 1) * 2654435761;
  const data = Float32Array.from({ length: sizeOf(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return low + ((high - low) * (state >>> 8)) / 2 ** 24;
  });
  return float32(shape, data);
}

/** The same tensor for the oracle. */
export function exact({ shape, data }: Tensor<"float32">): Array64 {
  return { shape, data: Float64Array.from(data) };
}

/** Build a graph on its inputs and return the value that it computes. */
export type Build = (...inputs: Value[]) => Value;

/** The first result is that of the graph's plain form. A second follows if sessions get a lowered form. */
export type OfForms<T> = readonly [plain: T, ...lowered: T[]];

/** Publish values of a graph under names and run each of its forms on tensors by the names of its inputs. */
export async function runForms(
  graph: GraphBuilder,
  values: Readonly<Record<string, Value>>,
  feeds: Readonly<Record<string, Float32Tensor>>,
): Promise<OfForms<Record<string, Float32Tensor>>> {
  for (const [name, value] of Object.entries(values)) graph.output(name, value);
  const plain = graph.build();
  const fast = lowered(plain);
  const first = await runForm(plain, values, feeds);
  return fast === plain ? [first] : [first, await runForm(fast, values, feeds)];
}

/** Publish values of a graph under names and run it on tensors by the names of its inputs. */
export async function runValues(
  graph: GraphBuilder,
  values: Readonly<Record<string, Value>>,
  feeds: Readonly<Record<string, Float32Tensor>>,
): Promise<Record<string, Float32Tensor>> {
  return (await runForms(graph, values, feeds))[0];
}

async function runForm(
  graph: Graph,
  values: Readonly<Record<string, Value>>,
  feeds: Readonly<Record<string, Float32Tensor>>,
): Promise<Record<string, Float32Tensor>> {
  const session = await createSession(onnxBytes(graph, new Map()), { threads: 1 });
  const outputs = await runFloat32(session, feeds);
  await session.release();
  const batch = Object.values(feeds)[0]!.shape[0];
  for (const [name, { shape }] of Object.entries(values)) {
    const inferred = shape.map((extent) => (extent === "N" ? batch : extent));
    expect(outputs[name]!.shape, `the inferred shape of ${name} is the real one`).toEqual(inferred);
  }
  return outputs;
}

/**
 * One graph input for each tensor, in0, in1, …
 *
 * @param batch  The first extent of the first input is named "N" in the graph, and known at run time only.
 */
export function graphInputs(
  graph: GraphBuilder,
  tensors: readonly Float32Tensor[],
  batch = false,
): { inputs: Value[]; feeds: Record<string, Float32Tensor> } {
  const inputs = tensors.map(({ shape }, i) => {
    return graph.input(`in${i}`, batch && i === 0 ? ["N", ...shape.slice(1)] : shape);
  });
  return { inputs, feeds: Object.fromEntries(tensors.map((tensor, i) => [`in${i}`, tensor])) };
}

/** Run a graph of one output on some tensors, in each of its forms. */
export async function runGraphForms(
  tensors: readonly Float32Tensor[],
  build: Build,
  batch = false,
): Promise<OfForms<Float32Tensor>> {
  const graph = new GraphBuilder("test");
  const { inputs, feeds } = graphInputs(graph, tensors, batch);
  const [plain, ...fast] = await runForms(graph, { out: build(...inputs) }, feeds);
  return [plain["out"]!, ...fast.map(({ out }) => out!)];
}

/** Run a graph of one output on some tensors. */
export async function runGraph(
  tensors: readonly Float32Tensor[],
  build: Build,
  batch = false,
): Promise<Float32Tensor> {
  return (await runGraphForms(tensors, build, batch))[0];
}

/**
 * Run a graph in each of its forms and compare with the oracle: same shape, and values to `tolerance` of the largest
 * one, or of 1.
 */
export async function expectGraph(
  tensors: readonly Float32Tensor[],
  build: Build,
  oracle: (...inputs: Array64[]) => Array64,
  { tolerance = 1e-6, batch = false }: { tolerance?: number; batch?: boolean } = {},
): Promise<void> {
  const expected = oracle(...tensors.map(exact));
  expect(expected.data.length).toBeGreaterThan(0);
  for (const { shape, data } of await runGraphForms(tensors, build, batch)) {
    expect(shape).toEqual(expected.shape);
    expect(maxDifference(data, expected.data)).toBeLessThanOrEqual(
      tolerance * Math.max(1, maxMagnitude(expected.data)),
    );
  }
}

/** Expect an op to refuse inputs of these shapes with a message that names the op and the shapes. */
export function expectRefusal(op: string, shapes: readonly Shape[], build: Build): void {
  const graph = new GraphBuilder("refusal");
  const inputs = shapes.map((shape, i) => graph.input(`in${i}`, shape));
  let refusal: unknown;
  try {
    build(...inputs);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toMatchObject({ code: "graph/shape-mismatch", details: { op } });
  const [, name, shown] = /^(\w+): .+ \(inputs (.+)\)$/.exec((refusal as Error).message) ?? [];
  expect(name).toBe(op);
  const given = shapes.map((shape) => `float32[${shape.join(",")}]`);
  expect(shown!.split(", ").filter((type) => !given.includes(type))).toEqual([]);
}
