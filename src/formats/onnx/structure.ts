/**
 * What an ONNX file holds, as plain data.
 *
 * Knows: types only.
 */

import type { OnnxTensor } from "./tensor.ts";

/** An input or output of a graph. */
export interface OnnxPort {
  readonly name: string;
  /** The element type of a tensor; undefined if it is not said, or if the value is no tensor. */
  readonly dtype: string | undefined;
  /** A number for a fixed extent, a name or `?` for a free one; undefined if even the rank is open. */
  readonly shape: readonly (number | string)[] | undefined;
}

/** An attribute of a node, as far as it is read: the rest is only passed on to the runtime. */
export interface OnnxAttribute {
  readonly name: string;
  readonly float: number;
  readonly int: number;
  readonly ints: readonly number[];
  readonly text: string;
  readonly tensors: readonly OnnxTensor[];
  readonly graphs: readonly OnnxGraph[];
}

/** A node: an operator between named values. An empty name is an input or output that is left out. */
export interface OnnxNode {
  readonly type: string;
  /** Empty for ONNX's own operators. */
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly OnnxAttribute[];
}

/** A graph, or one inside a node, such as a loop's body. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly initialisers: ReadonlyMap<string, OnnxTensor>;
  /** Whether it has sparse initialisers, whose elements are not read. */
  readonly hasSparse: boolean;
}

/** A function that the file defines, of which nodes may be. */
export interface OnnxFunction {
  readonly name: string;
  readonly domain: string;
  readonly nodes: readonly OnnxNode[];
}

/** An ONNX file. */
export interface OnnxFile {
  readonly irVersion: number;
  readonly producer: string;
  /** Versions of operators by domain; ONNX's own under the empty name. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: OnnxGraph;
  readonly functions: readonly OnnxFunction[];
}
