/**
 * Rewrite a graph with some of its ops in another form, without changing what each of them computes.
 *
 * Pipeline:   graph → **the same graph in other ops** → ONNX bytes
 * Knows:      nodes. The caller says which ops change, and to what.
 */

import { XrayError } from "../../errors.ts";
import { GraphBuilder } from "./builder.ts";
import type { AnyOp, Graph, Value } from "./graph.ts";

/** Writes what an op computes, from its inputs in the new graph. */
export type Rewriting = (inputs: readonly Value[], attributes: never) => readonly Value[];

/** How to rewrite an op; undefined if it stays as it is. */
export type RewritingOf = (op: AnyOp) => Rewriting | undefined;

function unordered({ name }: Value): XrayError {
  const message = `"${name}" is used before a node makes it: ops are rewritten before nodes are listed in another order`;
  return new XrayError("graph/unordered", message, { name });
}

/**
 * Write each node once, in order, and some of them in another form.
 *
 * @param graph  Its nodes must be in topological order.
 * @returns      A graph with the same inputs, parameters and outputs by name. Unused constants are dropped; nodes that are no
 *               longer used stay.
 * @throws       XrayError `graph/unordered`.
 */
export function mapNodes(graph: Graph, rewritingOf: RewritingOf): Graph {
  const builder = new GraphBuilder(graph.name);
  const there = new Map<Value, Value>();
  for (const input of graph.inputs) there.set(input, builder.input(input.name, input.shape, input.dtype));
  for (const [name, value] of graph.parameters) {
    there.set(value, builder.parameter(name, value.shape as readonly number[], value.dtype));
  }
  const moved = (value: Value): Value => {
    const known = there.get(value);
    if (known !== undefined) return known;
    const tensor = graph.constants.get(value.name);
    if (tensor === undefined) throw unordered(value);
    const constant = builder.constant(tensor);
    there.set(value, constant);
    return constant;
  };
  for (const { op, attributes, inputs, outputs } of graph.nodes) {
    const own = inputs.map(moved);
    const made = rewritingOf(op)?.(own, attributes) ?? builder.addAll(op, own, attributes);
    for (const [i, output] of outputs.entries()) there.set(output, made[i]!);
  }
  for (const [name, value] of graph.outputs) builder.output(name, moved(value));
  return builder.build();
}

/**
 * Rewrite a graph until it contains no op that `rewritingOf` wants in another form.
 *
 * @param graph  Its nodes must be in topological order if any of them is to be rewritten.
 * @returns      A graph with the same inputs, parameters and outputs by name. Rewritten nodes take the place of the
 *               original ones, and unused constants are dropped. Returns `graph` itself if nothing changes.
 * @throws       XrayError `graph/unordered`.
 */
export function rewritten(graph: Graph, rewritingOf: RewritingOf): Graph {
  const isDone = graph.nodes.every(({ op }) => rewritingOf(op) === undefined);
  return isDone ? graph : rewritten(mapNodes(graph, rewritingOf), rewritingOf);
}

/** How to write an op that is not an ONNX operator. */
export const writtenForm: RewritingOf = ({ onnx }) =>
  typeof onnx === "function" ? undefined : (inputs, attributes) => [onnx.write(inputs, attributes)];

/** The same graph, written with ONNX operators only. */
export function inOnnxOps(graph: Graph): Graph {
  return rewritten(graph, writtenForm);
}
