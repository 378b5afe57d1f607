/**
 * Whether an ONNX file can be run here, by itself: decided before a runtime sees it, because a runtime would look for other
 * files and describe what is missing in its own terms.
 *
 * Knows:      ONNX files, and what the runtime supports. Not cards.
 * Reference:  ONNX Runtime 1.30: IR version 13, opset 26.
 */

import { quote, XrayError } from "../../errors.ts";
import type { OnnxFile, OnnxGraph, OnnxNode } from "../../formats/onnx/structure.ts";
import { externalData, type OnnxTensor } from "../../formats/onnx/tensor.ts";
import { sizeOf } from "../../tensor.ts";
import { agreeing } from "../../text.ts";

/** The newest versions that ONNX Runtime runs. */
export const NEWEST = { ir: 13, opset: 26 } as const;

/** Domains whose operators ONNX Runtime has. */
const DOMAINS: readonly string[] = ["", "ai.onnx.ml", "com.microsoft"];

/** Nodes after functions are written out. A node of a function may stand for many, which stand for many in turn. */
const MAX_NODES = 200_000;

/** Elements of a tensor that a file describes without holding it, 1 GB of float32. */
const MAX_FILLED = 2 ** 28;

/** Operators that fill a tensor of any size, and which of their inputs, or which attribute, is its shape. */
const FILLERS: Readonly<Record<string, number | "shape">> = {
  ConstantOfShape: 0,
  Expand: 1,
  RandomNormal: "shape",
  RandomUniform: "shape",
};

const badGraph = (problem: string): XrayError =>
  new XrayError("onnx/bad-graph", `its graph is not valid: ${problem}; export it again`, {});

const functionKey = (domain: string, name: string): string => `${domain}:${name}`;

/** Every graph of a file, and the nodes of its functions. */
function* partsOf(nodes: readonly OnnxNode[]): Generator<OnnxGraph> {
  for (const { attributes } of nodes) {
    for (const { graphs } of attributes) {
      for (const graph of graphs) {
        yield graph;
        yield* partsOf(graph.nodes);
      }
    }
  }
}

function checkVersions({ irVersion, opsets }: OnnxFile): void {
  const opset = opsets.get("") ?? 0;
  const what =
    irVersion > NEWEST.ir
      ? `its IR version is ${irVersion}, and the newest that is run is ${NEWEST.ir}`
      : opset > NEWEST.opset
        ? `its opset is ${opset}, and the newest that is run is ${NEWEST.opset}`
        : undefined;
  if (what === undefined) return;
  throw new XrayError("onnx/too-new", `${what}; export it for opset 17, or update Medical-X`, {
    irVersion,
    opset,
  });
}

function checkOperators(file: OnnxFile, all: readonly OnnxNode[]): void {
  const defined = new Set(file.functions.map(({ domain, name }) => functionKey(domain, name)));
  const custom = all.filter(
    ({ domain, type }) => !DOMAINS.includes(domain) && !defined.has(functionKey(domain, type)),
  );
  if (custom.length === 0) return;
  const names = [...new Set(custom.map(({ domain, type }) => `${domain}.${type}`))];
  const shown = names.slice(0, 3).map(quote).join(", ");
  throw new XrayError(
    "onnx/custom-ops",
    `it needs ${names.length > 3 ? `${names.length} operators` : agreeing(names.length, "the operator", "the operators")} that ONNX Runtime does not have (${shown}${names.length > 3 ? ", …" : ""}); ` +
      "export it with ONNX's own operators",
    { operators: names.slice(0, 20) },
  );
}

/** Refuse functions that contain themselves, or that stand for too many nodes once they are written out. */
function checkFunctions({ graph, functions }: OnnxFile): void {
  const bodies = new Map(functions.map((one) => [functionKey(one.domain, one.name), one.nodes]));
  const sizes = new Map<string, number>();
  const sizeOfNodes = (nodes: readonly OnnxNode[], open: readonly string[]): number => {
    let size = 0;
    for (const { domain, type, attributes } of nodes) {
      const key = functionKey(domain, type);
      const body = bodies.get(key);
      if (open.includes(key)) throw badGraph(`the function ${quote(type)} contains itself`);
      if (open.length > 100) throw badGraph("functions are nested more than 100 deep");
      if (body !== undefined && !sizes.has(key)) sizes.set(key, sizeOfNodes(body, [...open, key]));
      size += body === undefined ? 1 : sizes.get(key)!;
      for (const { graphs } of attributes) for (const inner of graphs) size += sizeOfNodes(inner.nodes, open);
    }
    return size;
  };
  const total = sizeOfNodes(graph.nodes, []);
  if (total > MAX_NODES) {
    throw new XrayError("onnx/too-large", `it stands for ${total} nodes, and at most ${MAX_NODES} are run`, {
      nodes: total,
    });
  }
}

/** Refuse values that are used before they are made, or made twice: a graph must not run in circles. */
function checkOrder({ nodes, inputs, outputs, initialisers }: OnnxGraph, outer: ReadonlySet<string>): void {
  const made = new Set([...inputs.map(({ name }) => name), ...initialisers.keys()]);
  const isKnown = (name: string) => name === "" || made.has(name) || outer.has(name);
  for (const { type, inputs: used, outputs: makes, attributes } of nodes) {
    const unknown = used.find((name) => !isKnown(name));
    if (unknown !== undefined)
      throw badGraph(`${quote(type)} uses ${quote(unknown)}, which nothing before it makes`);
    const graphs = attributes.flatMap((one) => one.graphs);
    if (graphs.length > 0) {
      const seen = new Set([...outer, ...made]);
      for (const inner of graphs) checkOrder(inner, seen);
    }
    for (const name of makes) {
      if (name !== "" && made.has(name)) throw badGraph(`${quote(name)} is made twice`);
      made.add(name);
    }
  }
  const missing = outputs.find(({ name }) => !isKnown(name));
  if (missing !== undefined) throw badGraph(`nothing makes its output ${quote(missing.name)}`);
}

/** The numbers of a small tensor of integers that the file holds. */
function integersIn(tensor: OnnxTensor | undefined): readonly number[] {
  return tensor === undefined || tensor.dtype !== "int64" || sizeOf(tensor.shape) > 16
    ? []
    : Array.from(tensor.read().data as BigInt64Array, Number);
}

/** Refuse tensors that a few bytes of the file describe and that would not fit in memory. */
function checkFilled({ nodes, initialisers }: OnnxGraph): void {
  const constants = new Map<string, OnnxTensor>(initialisers);
  for (const { type, outputs, attributes } of nodes) {
    const tensor = attributes[0]?.tensors[0];
    if (type === "Constant" && tensor !== undefined) constants.set(outputs[0] ?? "", tensor);
  }
  for (const { type, inputs, attributes } of nodes) {
    const place = Object.hasOwn(FILLERS, type) ? FILLERS[type] : undefined;
    if (place === undefined) continue;
    const shape =
      place === "shape"
        ? (attributes.find(({ name }) => name === place)?.ints ?? [])
        : integersIn(constants.get(inputs[place] ?? ""));
    if (sizeOf(shape) <= MAX_FILLED) continue;
    throw new XrayError(
      "onnx/too-large",
      `its ${quote(type)} makes a tensor of ${shape.join(" × ")} numbers, more than a classifier needs; check where it comes from`,
      { shape },
    );
  }
}

/**
 * Check that a file can be run by itself.
 *
 * @throws  XrayError `onnx/too-new`, `onnx/external-data`, `onnx/custom-ops`, `onnx/unsupported`, `onnx/bad-graph`,
 *          `onnx/too-large`, `onnx/damaged`.
 */
export function checkRunnable(file: OnnxFile): void {
  checkVersions(file);
  const bodies = file.functions.map(({ nodes }) => nodes);
  const graphs = [file.graph, ...[file.graph.nodes, ...bodies].flatMap((nodes) => [...partsOf(nodes)])];
  const nodes = [...graphs.map((graph) => graph.nodes), ...bodies].flat();
  const tensors = [
    ...graphs.flatMap(({ initialisers }) => [...initialisers.values()]),
    ...nodes.flatMap(({ attributes }) => attributes.flatMap((one) => one.tensors)),
  ];
  const elsewhere = tensors.filter(({ isExternal }) => isExternal);
  if (elsewhere.length > 0) throw externalData(elsewhere.map(({ name }) => name));
  if (graphs.some(({ hasSparse }) => hasSparse)) {
    throw new XrayError(
      "onnx/unsupported",
      "it has sparse weights, which are not run; export it with dense ones",
      {},
    );
  }
  checkOperators(file, nodes);
  checkFunctions(file);
  checkOrder(file.graph, new Set());
  for (const graph of graphs) checkFilled(graph);
}
