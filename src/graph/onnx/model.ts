/**
 * A graph and its weights as an ONNX model.
 *
 * Pipeline:   architecture → graph → **ONNX model** → session
 * Knows:      where weights are written. Not files or ONNX Runtime.
 * Reference:  onnx.proto, IR version 8; operators of opset 17.
 *
 * Weights can be large. In a model for a session of this process they stay in place, as external data in memory. In a
 * self-contained model, the messages around them are written first, so that their lengths are known, and every weight
 * is copied only once: into the result.
 */

import { XrayError } from "../../errors.ts";
import { bytesOf, showShape, type Tensor } from "../../tensor.ts";
import type { Graph, OnnxForm, Value, ValueType } from "../core/graph.ts";
import { inOnnxOps } from "../core/rewrite.ts";
import {
  entryMessage,
  GRAPH,
  MODEL,
  nodeMessage,
  type OnnxNode,
  opsetMessage,
  TENSOR,
  tensorHeader,
  valueInfoMessage,
} from "./messages.ts";
import { Rope, write } from "./rope.ts";

const IR_VERSION = 8;
const OPSET = 17;
const LOCATION_EXTERNAL = 1;

/** Tensors smaller than this many bytes are embedded, since a reference would not pay off. */
const EXTERNAL_FROM = 1024;

/** Writes a TensorProto, with its elements inside or elsewhere. */
type Storage = (name: string, tensor: Tensor) => Rope;

/** `raw_data`: the elements' bytes become one piece of the rope, without a copy. */
const embedded: Storage = (name, tensor) => {
  const rope = new Rope();
  const raw = bytesOf(tensor.data);
  rope.push(write((w) => tensorHeader(name, tensor, w)));
  rope.fieldHeader(TENSOR.rawData, raw.length);
  rope.push(raw);
  return rope;
};

/** `external_data`: large tensors stay where they are in memory, and are referred to by buffer and offset. */
function external(buffers: Map<string, Uint8Array>): Storage {
  const names = new Map<ArrayBufferLike, string>();
  return (name, tensor) => {
    const { buffer, byteOffset, byteLength } = tensor.data;
    if (byteLength < EXTERNAL_FROM) return embedded(name, tensor);
    const location = names.get(buffer) ?? `buffer${names.size}`;
    names.set(buffer, location);
    buffers.set(location, new Uint8Array(buffer));
    const rope = new Rope();
    rope.push(
      write((w) => {
        tensorHeader(name, tensor, w);
        w.writeMessage(TENSOR.externalData, entryMessage, ["location", location]);
        w.writeMessage(TENSOR.externalData, entryMessage, ["offset", String(byteOffset)]);
        w.writeMessage(TENSOR.externalData, entryMessage, ["length", String(byteLength)]);
        w.writeVarintField(TENSOR.dataLocation, LOCATION_EXTERNAL);
      }),
    );
    return rope;
  };
}

function parameterTensor(name: string, type: ValueType, weights: ReadonlyMap<string, Tensor>): Tensor {
  const tensor = weights.get(name);
  if (tensor === undefined) {
    throw new XrayError("graph/missing-weight", `the graph's parameter "${name}" has no weights`, { name });
  }
  if (tensor.dtype !== type.dtype || showShape(tensor.shape) !== showShape(type.shape)) {
    throw new XrayError(
      "graph/weight-mismatch",
      `the weights of "${name}" are ${tensor.dtype}${showShape(tensor.shape)}, but the graph has ` +
        `${type.dtype}${showShape(type.shape)}`,
      { name, actual: tensor.shape, expected: type.shape },
    );
  }
  return tensor;
}

/**
 * Nodes whose outputs carry the names under which they are published. A value that no node makes, or that is published
 * twice, gets its further names through aliases, which cost ONNX Runtime a copy.
 */
function published({ nodes, outputs }: Graph): OnnxNode[] {
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const names = new Map<Value, string>();
  for (const [name, value] of outputs) if (made.has(value) && !names.has(value)) names.set(value, name);
  const nameOf = (value: Value): string => names.get(value) ?? value.name;
  const alias = (from: string, to: string): OnnxNode => {
    return { type: "Identity", attributes: {}, inputs: [from], outputs: [to] };
  };
  const written = nodes.map((node) => ({
    type: node.op.type,
    // All other forms have been rewritten by now.
    attributes: (node.op.onnx as OnnxForm<never>)(node.attributes),
    inputs: node.inputs.map(nameOf),
    outputs: node.outputs.map(nameOf),
  }));
  const aliases = [...outputs].filter(([name, value]) => names.get(value) !== name);
  return [...written, ...aliases.map(([name, value]) => alias(nameOf(value), name))];
}

function graphRope(graph: Graph, weights: ReadonlyMap<string, Tensor>, store: Storage): Rope {
  const rope = new Rope();
  const nodes = published(graph);
  rope.push(
    write((w) => {
      for (const node of nodes) w.writeMessage(GRAPH.node, nodeMessage, node);
      w.writeStringField(GRAPH.name, graph.name);
      for (const input of graph.inputs)
        w.writeMessage(GRAPH.input, valueInfoMessage, [input.name, input] as const);
      for (const output of graph.outputs) w.writeMessage(GRAPH.output, valueInfoMessage, output);
    }),
  );
  for (const [name, type] of graph.parameters) {
    rope.field(GRAPH.initializer, store(name, parameterTensor(name, type, weights)));
  }
  for (const [name, tensor] of graph.constants) rope.field(GRAPH.initializer, store(name, tensor));
  return rope;
}

function modelRope(
  graph: Graph,
  weights: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
  store: Storage,
): Rope {
  const rope = new Rope();
  rope.push(
    write((w) => {
      w.writeVarintField(MODEL.irVersion, IR_VERSION);
      w.writeStringField(MODEL.producerName, "medical-x");
      w.writeMessage(MODEL.opsetImport, opsetMessage, OPSET);
      for (const entry of Object.entries(metadata)) w.writeMessage(MODEL.metadataProps, entryMessage, entry);
    }),
  );
  rope.field(MODEL.graph, graphRope(inOnnxOps(graph), weights, store));
  return rope;
}

/**
 * Write a graph as a self-contained ONNX model.
 *
 * @param graph     The graph.
 * @param weights   One tensor of the right dtype and shape for each of the graph's parameters. Others are ignored.
 * @param metadata  `metadata_props`: strings that travel with the model, such as its labels.
 * @returns         The bytes of a ModelProto. The weights are copied into it once.
 * @throws          XrayError `graph/missing-weight`, `graph/weight-mismatch`.
 */
export function onnxBytes(
  graph: Graph,
  weights: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return modelRope(graph, weights, metadata, embedded).join();
}

/** An ONNX model whose large weights stay where they are, for a session in this process. */
export interface OnnxModel {
  /** A ModelProto whose large initializers have `external_data`. */
  readonly bytes: Uint8Array;
  /** The memory that these refer to, by location: often the bytes of the checkpoint file. */
  readonly buffers: ReadonlyMap<string, Uint8Array>;
}

/**
 * Write a graph as an ONNX model without copying its weights.
 *
 * @returns  The model and the memory that it refers to, which must not change until a session has started.
 * @throws   As `onnxBytes`.
 */
export function onnxModel(graph: Graph, weights: ReadonlyMap<string, Tensor>): OnnxModel {
  const buffers = new Map<string, Uint8Array>();
  return { bytes: modelRope(graph, weights, {}, external(buffers)).join(), buffers };
}
