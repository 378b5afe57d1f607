/**
 * The order of a training graph's nodes in its file, for the sake of its memory.
 *
 * ONNX Runtime does not run nodes as they are listed. It walks back from the outputs, and of a node's inputs it first
 * follows the one that is listed last, to the end. Listed as they were written, the walk would find the mask of a ReLU
 * before the gradient that it is for, and so compute all masks on the way forward and keep them; and it would find the
 * lowest layer's gradient first, and keep what all other layers' need until then.
 *
 * Listed backwards, it meets the nodes much as they were written: each mask when its gradient is there, each weight's
 * gradient as soon as it can be computed, after which what it needed is free. Only reshapes, which are written
 * together at the end, have to stand where their tensors were made.
 *
 * Knows:      nodes. The order is no longer topological, which ONNX Runtime allows and ONNX's checker does not: it is for
 *             sessions of this process, never for files.
 */

import type { Graph, Node, Value } from "../graph/core/graph.ts";
import { reshapeOp } from "../graph/ops/reshape.ts";

/** The nodes that the outputs need. Any other would be an end of its own, and be run when it suits nobody. */
function needed({ nodes, outputs }: Graph): Node[] {
  const wanted = new Set(outputs.values());
  const kept = nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some((output) => wanted.has(output))) return false;
    for (const input of inputs) wanted.add(input);
    return true;
  });
  return kept.reverse();
}

/** The same graph with its nodes listed for memory's sake. */
export function inMemoryOrder(graph: Graph): Graph {
  const nodes = needed(graph);
  const place = new Map<Value, number>();
  const keyed = nodes.map((node, i) => {
    const made = place.get(node.inputs[0]!);
    const key = node.op.type === reshapeOp.type && made !== undefined ? made + 0.5 : i;
    for (const output of node.outputs) place.set(output, key);
    return { node, key };
  });
  return { ...graph, nodes: keyed.sort((a, b) => b.key - a.key).map(({ node }) => node) };
}
