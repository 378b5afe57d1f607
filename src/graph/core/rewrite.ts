/**
 * A graph written anew with some of its ops in another form: what each computes stays the same.
 *
 * Pipeline:   graph → **the same graph in other ops** → ONNX bytes
 * Knows:      nodes. Which ops change, and to what, its caller says.
 */

import { XrayError } from "../../errors.ts";
import { GraphBuilder } from "./builder.ts";
import type { AnyOp, Graph, Value } from "./graph.ts";

/** Writes what an op computes, from its inputs in the new graph. */
export type Rewriting = (inputs: readonly Value[], attributes: never) => readonly Value[];

/** How an op is written; undefined where it stays as it is. */
export type RewritingOf = (op: AnyOp) => Rewriting | undefined;

function unordered({ name }: Value): XrayError {
  const message = `"${name}" is used before a node makes it: ops are rewritten before nodes are listed in another order`;
  return new XrayError("graph/unordered", message, { name });
}

/** Write each node once, in its order. */
function rewrittenOnce(graph: Graph, rewritingOf: RewritingOf): Graph {
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
 * Write a graph anew, until it has no op left that is to be written in another form.
 *
 * @param graph  Nodes in topological order, unless nothing is to be written in another form.
 * @returns      A graph with the same inputs, parameters and outputs by name. What a node became stands in its place, and
 *               constants that nothing uses are gone. The graph itself where nothing changes.
 * @throws       XrayError `graph/unordered`.
 */
export function rewritten(graph: Graph, rewritingOf: RewritingOf): Graph {
  const isDone = graph.nodes.every(({ op }) => rewritingOf(op) === undefined);
  return isDone ? graph : rewritten(rewrittenOnce(graph, rewritingOf), rewritingOf);
}

/** How an op is written that is no operator of ONNX's. */
export const writtenForm: RewritingOf = ({ onnx }) =>
  typeof onnx === "function" ? undefined : (inputs, attributes) => [onnx.write(inputs, attributes)];

/** The same graph in operators of ONNX's alone. */
export function inOnnxOps(graph: Graph): Graph {
  return rewritten(graph, writtenForm);
}
