/**
 * What an int8 file holds beside its graph, in one tensor, so that the weights can be read back from the codes: the norms that
 * became part of scales and biases, and the range of each channel of features.
 *
 * Knows: DenseNet121's layers and their sizes. Not files.
 */

import { GraphBuilder } from "../../graph/core/builder.ts";
import { float32, sizeOf, type Tensor } from "../../tensor.ts";
import { densenet121, NUM_INIT_FEATURES } from "../densenet121.ts";

/** The name of the tensor. No node of the graph reads it. */
export const PACKED = "dequantise";

/** The stem's features. */
export const STEM = "features.pool0";

/** The names of DenseNet121's parameters before its classifier, without counters, with their shapes. */
function parameterShapes(): ReadonlyMap<string, readonly number[]> {
  const graph = new GraphBuilder("shapes");
  densenet121(graph.input("image", ["N", 3, 224, 224]), 1);
  const all = [...graph.build().parameters].map(
    ([name, { shape }]) => [name, shape as readonly number[]] as const,
  );
  return new Map(all.filter(([name]) => name.startsWith("features.")));
}

const isFloat = (name: string): boolean => /^features\.(conv0|norm0|norm5)\./.test(name);

/** The convolutions that become codes, by name, with the shapes of their weights. */
export function codedConvolutions(): ReadonlyMap<string, readonly number[]> {
  const found = [...parameterShapes()].filter(([name, shape]) => shape.length === 4 && !isFloat(name));
  return new Map(found.map(([name, shape]) => [name.replace(/\.weight$/, ""), shape]));
}

/** Whether a convolution's outputs are features, and not followed by its own norm. */
export const makesFeatures = (convolution: string): boolean => !convolution.endsWith(".conv1");

/** The layers that make features, in order, with their channels. */
export function featureMakers(): ReadonlyMap<string, number> {
  const convolutions = [...codedConvolutions()].filter(([name]) => makesFeatures(name));
  return new Map([[STEM, NUM_INIT_FEATURES], ...convolutions.map(([name, [m]]) => [name, m!] as const)]);
}

/** The parts of the packed tensor, in order. */
function parts(): ReadonlyMap<string, number> {
  const norms = [...parameterShapes()].filter(([name, shape]) => shape.length === 1 && !isFloat(name));
  const ranges = [...featureMakers()].flatMap(([name, channels]) => [
    [`${name}.steps`, channels] as const,
    [`${name}.lows`, channels] as const,
  ]);
  return new Map([...norms.map(([name, shape]) => [name, sizeOf(shape)] as const), ...ranges]);
}

/** The number of elements of the packed tensor. */
export const packedLength = (): number => [...parts().values()].reduce((sum, length) => sum + length, 0);

/** Join tensors. Others than the parts are ignored. */
export function pack(tensors: ReadonlyMap<string, Tensor>): Tensor<"float32"> {
  const packed = new Float32Array(packedLength());
  let at = 0;
  for (const [name, length] of parts()) {
    packed.set(tensors.get(name)!.data as Float32Array, at);
    at += length;
  }
  return float32([packed.length], packed);
}

/** Take the parts of a packed tensor. They share its memory. */
export function unpack({ data }: Tensor<"float32">): Map<string, Tensor<"float32">> {
  const tensors = new Map<string, Tensor<"float32">>();
  let at = 0;
  for (const [name, length] of parts()) {
    tensors.set(name, float32([length], data.subarray(at, at + length)));
    at += length;
  }
  return tensors;
}
