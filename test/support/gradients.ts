/** The gradients that `backward` writes, run by ONNX Runtime and compared with those of the float64 oracle. */
import { expect } from "vitest";
import { GraphBuilder } from "../../src/graph/core/builder.ts";
import { backward } from "../../src/graph/gradient/backward.ts";
import { sizeOf, type Tensor } from "../../src/tensor.ts";
import { type Array64, fill, range, sum } from "../oracle/array.ts";
import { broadcast } from "../oracle/elementwise.ts";
import { maxDifference, maxMagnitude } from "./difference.ts";
import {
  type Build,
  exact,
  graphInputs,
  numbers,
  type OfForms,
  runForms,
  runGraphForms,
} from "./run-graph.ts";

type Float32Tensor = Tensor<"float32">;

/** Distance between the points of a difference quotient, at which its error is about 1e-10. */
const STEP = 1e-5;

/** Seed of the numbers with which an output is weighted; the same as in scripts/reference/gradients.py. */
const COTANGENT = 99;

export interface GradientOptions {
  /** Positions of the inputs whose gradients are wanted. Default: all. */
  readonly wanted?: readonly number[];
  /** The first extent of the first input is named "N" in the graph. */
  readonly batch?: boolean;
  /** Weights of the output. Default: numbers in [−2, 2). */
  readonly cotangent?: Float32Tensor;
}

/** Numbers with which to weight an output of this shape: r in Σ r · y. */
export function cotangentOf(shape: readonly number[]): Float32Tensor {
  return numbers(shape, COTANGENT);
}

/** A gradient in its input's shape. Extents of 1 that stand for one number along the whole axis are repeated. */
function whole(gradient: Float32Tensor, shape: readonly number[]): Float64Array {
  const fits = gradient.shape.every((extent, axis) => extent === shape[axis] || extent === 1);
  expect(fits && gradient.shape.length === shape.length, `[${gradient.shape}] stands for [${shape}]`).toBe(
    true,
  );
  return broadcast(
    exact(gradient),
    fill(shape, () => 0),
    (g) => g,
  ).data;
}

/** The gradients of Σ r · y, in the shapes of the wanted inputs, from each form of the graph. */
async function gradientForms(
  tensors: readonly Float32Tensor[],
  build: Build,
  { wanted = range(tensors.length), batch = false, cotangent }: GradientOptions = {},
): Promise<OfForms<Float64Array[]>> {
  const graph = new GraphBuilder("gradients");
  const { inputs, feeds } = graphInputs(graph, tensors, batch);
  const y = build(...inputs);
  const shape = y.shape.map((extent) => (extent === "N" ? tensors[0]!.shape[0]! : (extent as number)));
  const seed = graph.input("seed", y.shape);
  const gradients = backward(
    new Map([[y, seed]]),
    wanted.map((i) => inputs[i]!),
  );
  const named = Object.fromEntries(wanted.map((i) => [`gradient${i}`, gradients.get(inputs[i]!)!]));
  const seeded = { ...feeds, seed: cotangent ?? cotangentOf(shape) };
  const gradientsIn = (results: Record<string, Float32Tensor>) =>
    wanted.map((i) => whole(results[`gradient${i}`]!, tensors[i]!.shape));
  const [plain, ...fast] = await runForms(graph, named, seeded);
  return [gradientsIn(plain), ...fast.map(gradientsIn)];
}

/** The gradients of Σ r · y, in the shapes of the wanted inputs. */
export async function gradientsOf(
  tensors: readonly Float32Tensor[],
  build: Build,
  options: GradientOptions = {},
): Promise<Float64Array[]> {
  return (await gradientForms(tensors, build, options))[0];
}

/** Positions in [0, size): all of them, or `count` at random. */
function sample(size: number, count: number): number[] {
  if (size <= count) return range(size);
  return [...numbers([count], size, 0, size).data].map(Math.floor);
}

/** The derivative of Σ r · y by one element, as a central difference. */
function difference(
  inputs: readonly Array64[],
  input: number,
  element: number,
  oracle: (...inputs: Array64[]) => Array64,
  r: Float32Tensor,
): number {
  const moved = (by: number) => {
    const data = inputs[input]!.data.slice();
    data[element]! += by;
    return oracle(...inputs.with(input, { ...inputs[input]!, data })).data;
  };
  const [above, below] = [moved(STEP), moved(-STEP)];
  return sum(Float64Array.from(r.data, (weight, i) => (weight * (above[i]! - below[i]!)) / (2 * STEP)));
}

/**
 * Compare the gradients of Σ r · y with differences of the oracle, to `tolerance` of the largest of them.
 *
 * @param elements  At most so many of each input are compared, chosen at random: the oracle is slow.
 */
export async function expectGradient(
  tensors: readonly Float32Tensor[],
  build: Build,
  oracle: (...inputs: Array64[]) => Array64,
  {
    tolerance = 2e-5,
    elements = 24,
    ...options
  }: GradientOptions & { tolerance?: number; elements?: number } = {},
): Promise<void> {
  const { wanted = range(tensors.length) } = options;
  const inputs = tensors.map(exact);
  const r = options.cotangent ?? cotangentOf(oracle(...inputs).shape);
  const forms = await gradientForms(tensors, build, options);
  for (const [at, input] of wanted.entries()) {
    const places = sample(sizeOf(tensors[input]!.shape), elements);
    const expected = places.map((element) => difference(inputs, input, element, oracle, r));
    expect(maxMagnitude(expected), `the gradient of input ${input} is not 0`).toBeGreaterThan(0);
    for (const gradients of forms) {
      const actual = places.map((element) => gradients[at]![element]!);
      expect(maxDifference(actual, expected), `the gradient of input ${input}`).toBeLessThanOrEqual(
        tolerance * maxMagnitude(expected),
      );
    }
  }
}

/** PyTorch's results for one graph: its output and the gradients of Σ r · y, each flat. */
export interface ReferenceGradients {
  readonly output: readonly number[];
  readonly gradients: readonly (readonly number[])[];
}

/** Compare the output and the gradients of a graph with PyTorch's, to 1e-5 of the largest number of each. */
export async function expectReference(
  tensors: readonly Float32Tensor[],
  build: Build,
  { output, gradients }: ReferenceGradients,
  options: GradientOptions = {},
): Promise<void> {
  const close = (actual: ArrayLike<number>, expected: readonly number[], name: string) =>
    expect(maxDifference(actual, expected), name).toBeLessThanOrEqual(1e-5 * maxMagnitude(expected));
  for (const { data } of await runGraphForms(tensors, build)) close(data, output, "the output");
  for (const actual of await gradientForms(tensors, build, options)) {
    expect(actual.length).toBe(gradients.length);
    for (const [i, expected] of gradients.entries()) close(actual[i]!, expected, `gradient ${i}`);
  }
}
