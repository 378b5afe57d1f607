/**
 * The small messages of an ONNX model: nodes, attributes, value types.
 *
 * Knows:      onnx.proto. Not weights.
 * Reference:  onnx.proto, IR version 8.
 */

import type { PbfWriter } from "pbf";
import type { Tensor } from "../../tensor.ts";
import type { OnnxAttribute, ValueType } from "../core/graph.ts";
import { ONNX_DTYPE } from "./dtypes.ts";

/** Field numbers of the messages in onnx.proto. */
export const MODEL = { irVersion: 1, producerName: 2, graph: 7, opsetImport: 8, metadataProps: 14 };
export const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, f: 2, i: 3, s: 4, ints: 8, type: 20 };
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 };
export const TENSOR = { dims: 1, dataType: 2, name: 8, rawData: 9, externalData: 13, dataLocation: 14 };
const VALUE_INFO = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR_TYPE = { elemType: 1, shape: 2 };
const SHAPE = { dim: 1 };
const DIMENSION = { value: 1, param: 2 };
const OPSET = { domain: 1, version: 2 };
const ENTRY = { key: 1, value: 2 };

function attribute([name, value]: [string, OnnxAttribute], w: PbfWriter): void {
  w.writeStringField(ATTRIBUTE.name, name);
  if (typeof value === "number") {
    w.writeVarintField(ATTRIBUTE.i, value);
    w.writeVarintField(ATTRIBUTE.type, ATTRIBUTE_TYPE.int);
  } else if (typeof value === "string") {
    w.writeStringField(ATTRIBUTE.s, value);
    w.writeVarintField(ATTRIBUTE.type, ATTRIBUTE_TYPE.string);
  } else if ("float" in value) {
    w.writeFloatField(ATTRIBUTE.f, value.float);
    w.writeVarintField(ATTRIBUTE.type, ATTRIBUTE_TYPE.float);
  } else {
    for (const item of value) w.writeVarintField(ATTRIBUTE.ints, item);
    w.writeVarintField(ATTRIBUTE.type, ATTRIBUTE_TYPE.ints);
  }
}

/** A node as ONNX sees it: an operator between named values. */
export interface OnnxNode {
  readonly type: string;
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** NodeProto. A node takes the name of its first output. */
export function nodeMessage({ type, attributes, inputs, outputs }: OnnxNode, w: PbfWriter): void {
  for (const input of inputs) w.writeStringField(NODE.input, input);
  for (const output of outputs) w.writeStringField(NODE.output, output);
  w.writeStringField(NODE.name, outputs[0]!);
  w.writeStringField(NODE.opType, type);
  for (const entry of Object.entries(attributes)) w.writeMessage(NODE.attribute, attribute, entry);
}

function dimension(extent: number | string, w: PbfWriter): void {
  if (typeof extent === "number") w.writeVarintField(DIMENSION.value, extent);
  else w.writeStringField(DIMENSION.param, extent);
}

function shape({ shape: extents }: ValueType, w: PbfWriter): void {
  for (const extent of extents) w.writeMessage(SHAPE.dim, dimension, extent);
}

function tensorType(type: ValueType, w: PbfWriter): void {
  w.writeVarintField(TENSOR_TYPE.elemType, ONNX_DTYPE[type.dtype]);
  w.writeMessage(TENSOR_TYPE.shape, shape, type);
}

/** ValueInfoProto: an input or output with its type. */
export function valueInfoMessage([name, type]: readonly [string, ValueType], w: PbfWriter): void {
  w.writeStringField(VALUE_INFO.name, name);
  w.writeMessage(
    VALUE_INFO.type,
    (t: ValueType, writer) => writer.writeMessage(TYPE.tensor, tensorType, t),
    type,
  );
}

/** The beginning of a TensorProto: everything but its elements. */
export function tensorHeader(name: string, { dtype, shape: extents }: Tensor, w: PbfWriter): void {
  for (const extent of extents) w.writeVarintField(TENSOR.dims, extent);
  w.writeVarintField(TENSOR.dataType, ONNX_DTYPE[dtype]);
  w.writeStringField(TENSOR.name, name);
}

/** StringStringEntryProto. */
export function entryMessage([key, value]: readonly [string, string], w: PbfWriter): void {
  w.writeStringField(ENTRY.key, key);
  w.writeStringField(ENTRY.value, value);
}

/** OperatorSetIdProto of ONNX's own operators. */
export function opsetMessage(version: number, w: PbfWriter): void {
  w.writeStringField(OPSET.domain, "");
  w.writeVarintField(OPSET.version, version);
}
