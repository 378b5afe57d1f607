/**
 * Reads ONNX files. Nothing in them is executed, and no other file is opened.
 *
 * Pipeline:   file bytes → **graph, weights, metadata** → checkpoint, or a network that is run
 * Knows:      onnx.proto. Not models.
 * Reference:  onnx.proto, IR version 11.
 *
 * A file may say anything: messages are followed to a limited depth, their number is limited, lengths are compared with
 * what is there, and nothing is allocated by a size that a file merely states.
 */

import { quote, XrayError } from "../../errors.ts";
import { decodeText } from "../bytes.ts";
import {
  ATTRIBUTE,
  DIMENSION,
  ENTRY,
  FUNCTION,
  GRAPH,
  MODEL,
  NODE,
  OPSET,
  SHAPE,
  TENSOR_TYPE,
  TYPE,
  typeName,
  VALUE_INFO,
} from "./numbers.ts";
import type { OnnxAttribute, OnnxFile, OnnxFunction, OnnxGraph, OnnxNode, OnnxPort } from "./structure.ts";
import { type OnnxTensor, readTensor } from "./tensor.ts";
import { type Budget, damaged, fieldsOf, integersOf, newBudget } from "./wire.ts";

/** How deep graphs may lie in graphs. ONNX's own test models reach three. */
const MAX_DEPTH = 12;

function readEntry(message: Uint8Array, budget: Budget): [string, string] {
  const entry: [string, string] = ["", ""];
  for (const { number, bytes } of fieldsOf(message, budget)) {
    if (number === ENTRY.key) entry[0] = decodeText(bytes);
    else if (number === ENTRY.value) entry[1] = decodeText(bytes);
  }
  return entry;
}

function readOpset(message: Uint8Array, budget: Budget): [string, number] {
  const opset: [string, number] = ["", 0];
  for (const { number, bytes, value } of fieldsOf(message, budget)) {
    if (number === OPSET.domain) opset[0] = domainOf(bytes);
    else if (number === OPSET.version) opset[1] = value;
  }
  return opset;
}

/** The domain of ONNX's own operators has two names. */
function domainOf(bytes: Uint8Array): string {
  const name = decodeText(bytes);
  return name === "ai.onnx" ? "" : name;
}

function readDimension(message: Uint8Array, budget: Budget): number | string {
  let extent: number | string = "?";
  for (const { number, bytes, value } of fieldsOf(message, budget)) {
    // Some exporters write −1 or 0 for a free extent.
    if (number === DIMENSION.value) extent = value > 0 ? value : "?";
    else if (number === DIMENSION.param) extent = decodeText(bytes) || "?";
  }
  return extent;
}

function readShape(message: Uint8Array, budget: Budget): (number | string)[] {
  const shape: (number | string)[] = [];
  for (const { number, bytes } of fieldsOf(message, budget))
    if (number === SHAPE.dim) shape.push(readDimension(bytes, budget));
  return shape;
}

function readTensorType(message: Uint8Array, budget: Budget): Pick<OnnxPort, "dtype" | "shape"> {
  let [dtype, shape]: [string | undefined, OnnxPort["shape"]] = [undefined, undefined];
  for (const { number, bytes, value } of fieldsOf(message, budget)) {
    if (number === TENSOR_TYPE.elemType) dtype = typeName(value);
    else if (number === TENSOR_TYPE.shape) shape = readShape(bytes, budget);
  }
  return { dtype, shape };
}

function readPort(message: Uint8Array, budget: Budget): OnnxPort {
  let name = "";
  let type: Pick<OnnxPort, "dtype" | "shape"> = { dtype: undefined, shape: undefined };
  for (const { number, bytes } of fieldsOf(message, budget)) {
    if (number === VALUE_INFO.name) name = decodeText(bytes);
    else if (number === VALUE_INFO.type) {
      for (const inner of fieldsOf(bytes, budget))
        if (inner.number === TYPE.tensor) type = readTensorType(inner.bytes, budget);
    }
  }
  return { name, ...type };
}

function readAttribute(message: Uint8Array, budget: Budget, depth: number): OnnxAttribute {
  let [name, text, float, int] = ["", "", 0, 0];
  const ints: number[] = [];
  const tensors: OnnxTensor[] = [];
  const graphs: OnnxGraph[] = [];
  for (const field of fieldsOf(message, budget)) {
    const { number, bytes, value } = field;
    if (number === ATTRIBUTE.name) name = decodeText(bytes);
    else if (number === ATTRIBUTE.f && bytes.length === 4)
      float = new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true);
    else if (number === ATTRIBUTE.i) int = value;
    else if (number === ATTRIBUTE.s) text = decodeText(bytes);
    else if (number === ATTRIBUTE.ints) for (const one of integersOf(field, budget)) ints.push(one);
    else if (number === ATTRIBUTE.tensor || number === ATTRIBUTE.tensors)
      tensors.push(readTensor(bytes, budget));
    else if (number === ATTRIBUTE.graph || number === ATTRIBUTE.graphs)
      graphs.push(readGraph(bytes, budget, depth + 1));
  }
  return { name, text, float, int, ints, tensors, graphs };
}

function readNode(message: Uint8Array, budget: Budget, depth: number): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: OnnxAttribute[] = [];
  let [name, type, domain] = ["", "", ""];
  for (const { number, bytes } of fieldsOf(message, budget)) {
    if (number === NODE.input) inputs.push(decodeText(bytes));
    else if (number === NODE.output) outputs.push(decodeText(bytes));
    else if (number === NODE.name) name = decodeText(bytes);
    else if (number === NODE.opType) type = decodeText(bytes);
    else if (number === NODE.domain) domain = domainOf(bytes);
    else if (number === NODE.attribute) attributes.push(readAttribute(bytes, budget, depth));
  }
  return { type, domain, name, inputs, outputs, attributes };
}

function readGraph(message: Uint8Array, budget: Budget, depth: number): OnnxGraph {
  if (depth > MAX_DEPTH) {
    throw new XrayError("onnx/too-large", `graphs lie more than ${MAX_DEPTH} deep in it`, {
      limit: MAX_DEPTH,
    });
  }
  const nodes: OnnxNode[] = [];
  const inputs: OnnxPort[] = [];
  const outputs: OnnxPort[] = [];
  const initialisers = new Map<string, OnnxTensor>();
  let [name, hasSparse] = ["", false];
  for (const { number, bytes } of fieldsOf(message, budget)) {
    if (number === GRAPH.node) nodes.push(readNode(bytes, budget, depth));
    else if (number === GRAPH.name) name = decodeText(bytes);
    else if (number === GRAPH.input) inputs.push(readPort(bytes, budget));
    else if (number === GRAPH.output) outputs.push(readPort(bytes, budget));
    else if (number === GRAPH.sparse) hasSparse = true;
    else if (number === GRAPH.initializer) {
      const tensor = readTensor(bytes, budget);
      if (initialisers.has(tensor.name)) throw damaged(`it has the tensor ${quote(tensor.name)} twice`);
      initialisers.set(tensor.name, tensor);
    }
  }
  return { name, nodes, inputs, outputs, initialisers, hasSparse };
}

function readFunction(message: Uint8Array, budget: Budget): OnnxFunction {
  const nodes: OnnxNode[] = [];
  let [name, domain] = ["", ""];
  for (const { number, bytes } of fieldsOf(message, budget)) {
    if (number === FUNCTION.name) name = decodeText(bytes);
    else if (number === FUNCTION.domain) domain = domainOf(bytes);
    else if (number === FUNCTION.node) nodes.push(readNode(bytes, budget, 0));
  }
  return { name, domain, nodes };
}

/**
 * Read an ONNX file.
 *
 * @param bytes  The whole file. Tensors share its memory where their alignment allows it.
 * @throws       XrayError `onnx/damaged`, `onnx/too-large`, `onnx/unsupported`.
 */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  const budget = newBudget();
  const metadata = new Map<string, string>();
  const opsets = new Map<string, number>();
  const functions: OnnxFunction[] = [];
  let [irVersion, producer] = [0, ""];
  let graph: OnnxGraph | undefined;
  for (const { number, bytes: content, value } of fieldsOf(bytes, budget)) {
    if (number === MODEL.irVersion) irVersion = value;
    else if (number === MODEL.producerName) producer = decodeText(content);
    else if (number === MODEL.opsetImport) opsets.set(...readOpset(content, budget));
    else if (number === MODEL.metadataProps) metadata.set(...readEntry(content, budget));
    else if (number === MODEL.functions) functions.push(readFunction(content, budget));
    else if (number === MODEL.graph) {
      if (graph !== undefined) throw damaged("it has two graphs");
      graph = readGraph(content, budget, 0);
    }
  }
  if (graph === undefined) throw damaged("there is no graph in it");
  return { irVersion, producer, opsets, metadata: Object.fromEntries(metadata), graph, functions };
}
