/**
 * A graph and its weights as the bytes of an ONNX model.
 *
 * Pipeline:   architecture → graph → **ONNX bytes** → session
 * Knows:      the protobuf messages of ONNX. Not files or ONNX Runtime.
 * Reference:  onnx.proto, IR version 8; operators of opset 17.
 *
 * Weights can be large, so the small messages around them are written first, their lengths are known, and
 * every weight is copied once: into the result.
 */

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { XrayError } from "../errors.ts";
import { bytesOf, showShape, type Tensor } from "../tensor.ts";
import type { Graph, Node, OnnxAttribute, ValueType } from "./graph.ts";
import { ONNX_DTYPE } from "./onnx-dtypes.ts";

const IR_VERSION = 8;
const OPSET = 17;

/** Field numbers of the messages, as onnx.proto has them. */
const MODEL = { irVersion: 1, producerName: 2, graph: 7, opsetImport: 8, metadataProps: 14 };
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, f: 2, i: 3, s: 4, ints: 8, type: 20 };
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 };
const TENSOR = { dims: 1, dataType: 2, name: 8, rawData: 9 };
const VALUE_INFO = { name: 1, type: 2 };

/** Bytes in pieces, so that large pieces are not copied while the messages around them are written. */
class Rope {
  readonly pieces: Uint8Array[] = [];
  length = 0;

  push(...pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      this.pieces.push(piece);
      this.length += piece.length;
    }
  }

  /** Append another rope as one length-delimited field. */
  field(number: number, body: Rope): void {
    this.push(
      write((w) => w.tag(number, WireType.LengthDelimited).uint32(body.length)),
      ...body.pieces,
    );
  }

  join(): Uint8Array {
    const out = new Uint8Array(this.length);
    let at = 0;
    for (const piece of this.pieces) {
      out.set(piece, at);
      at += piece.length;
    }
    return out;
  }
}

function write(body: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  body(writer);
  return writer.finish();
}

function string(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function message(writer: BinaryWriter, field: number, body: (writer: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  body(writer);
  writer.join();
}

function writeAttribute(writer: BinaryWriter, name: string, value: OnnxAttribute): void {
  const type = (kind: number) => writer.tag(ATTRIBUTE.type, WireType.Varint).int32(kind);
  string(writer, ATTRIBUTE.name, name);
  if (typeof value === "number") {
    writer.tag(ATTRIBUTE.i, WireType.Varint).int64(value);
    type(ATTRIBUTE_TYPE.int);
  } else if (typeof value === "string") {
    string(writer, ATTRIBUTE.s, value);
    type(ATTRIBUTE_TYPE.string);
  } else if ("float" in value) {
    writer.tag(ATTRIBUTE.f, WireType.Bit32).float(value.float);
    type(ATTRIBUTE_TYPE.float);
  } else {
    for (const item of value) writer.tag(ATTRIBUTE.ints, WireType.Varint).int64(item);
    type(ATTRIBUTE_TYPE.ints);
  }
}

function writeNode(writer: BinaryWriter, node: Node): void {
  for (const input of node.inputs) string(writer, NODE.input, input.name);
  string(writer, NODE.output, node.output.name);
  string(writer, NODE.name, node.output.name);
  string(writer, NODE.opType, node.op.type);
  for (const [name, value] of Object.entries(node.onnxAttributes)) {
    message(writer, NODE.attribute, (w) => writeAttribute(w, name, value));
  }
}

/** An Identity node: it gives a value a second, public name. */
function writeAlias(writer: BinaryWriter, from: string, to: string): void {
  string(writer, NODE.input, from);
  string(writer, NODE.output, to);
  string(writer, NODE.name, to);
  string(writer, NODE.opType, "Identity");
}

/** ValueInfoProto: a name and TypeProto.Tensor { elem_type = 1, shape = 2 { dim = 1 { value = 1 | param = 2 } } }. */
function writeValueInfo(writer: BinaryWriter, name: string, { dtype, shape }: ValueType): void {
  string(writer, VALUE_INFO.name, name);
  message(writer, VALUE_INFO.type, (type) =>
    message(type, 1, (tensor) => {
      tensor.tag(1, WireType.Varint).int32(ONNX_DTYPE[dtype]);
      message(tensor, 2, (dims) => {
        for (const extent of shape) {
          message(dims, 1, (dim) => {
            if (typeof extent === "number") dim.tag(1, WireType.Varint).int64(extent);
            else string(dim, 2, extent);
          });
        }
      });
    }),
  );
}

/** TensorProto with `raw_data`: the elements' own bytes stay one piece of the rope. */
function tensorRope(name: string, tensor: Tensor): Rope {
  const rope = new Rope();
  const raw = bytesOf(tensor.data);
  rope.push(
    write((w) => {
      for (const extent of tensor.shape) w.tag(TENSOR.dims, WireType.Varint).int64(extent);
      w.tag(TENSOR.dataType, WireType.Varint).int32(ONNX_DTYPE[tensor.dtype]);
      string(w, TENSOR.name, name);
      w.tag(TENSOR.rawData, WireType.LengthDelimited).uint32(raw.length);
    }),
    raw,
  );
  return rope;
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

function graphRope(graph: Graph, weights: ReadonlyMap<string, Tensor>): Rope {
  const rope = new Rope();
  rope.push(
    write((w) => {
      for (const node of graph.nodes) message(w, GRAPH.node, (n) => writeNode(n, node));
      for (const [name, value] of graph.outputs) {
        message(w, GRAPH.node, (n) => writeAlias(n, value.name, name));
      }
      string(w, GRAPH.name, graph.name);
    }),
  );
  for (const [name, value] of graph.parameters) {
    rope.field(GRAPH.initializer, tensorRope(name, parameterTensor(name, value, weights)));
  }
  for (const [name, tensor] of graph.constants) rope.field(GRAPH.initializer, tensorRope(name, tensor));
  rope.push(
    write((w) => {
      for (const input of graph.inputs) message(w, GRAPH.input, (m) => writeValueInfo(m, input.name, input));
      for (const [name, value] of graph.outputs) {
        message(w, GRAPH.output, (m) => writeValueInfo(m, name, value));
      }
    }),
  );
  return rope;
}

/**
 * Write a graph as an ONNX model.
 *
 * @param graph     The graph.
 * @param weights   One tensor for each of the graph's parameters, of its dtype and shape; others are ignored.
 * @param metadata  `metadata_props`: strings that travel with the model, such as its labels.
 * @returns         The bytes of a ModelProto. The weights are copied into it, once.
 * @throws          XrayError `graph/missing-weight`, `graph/weight-mismatch`.
 */
export function onnxBytes(
  graph: Graph,
  weights: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const rope = new Rope();
  rope.push(
    write((w) => {
      w.tag(MODEL.irVersion, WireType.Varint).int64(IR_VERSION);
      string(w, MODEL.producerName, "medical-x");
      message(w, MODEL.opsetImport, (opset) => {
        string(opset, 1, "");
        opset.tag(2, WireType.Varint).int64(OPSET);
      });
      for (const [key, value] of Object.entries(metadata)) {
        message(w, MODEL.metadataProps, (entry) => {
          string(entry, 1, key);
          string(entry, 2, value);
        });
      }
    }),
  );
  rope.field(MODEL.graph, graphRope(graph, weights));
  return rope.join();
}
