/**
 * The order of a training graph's nodes in its file, chosen to save memory.
 *
 * ONNX Runtime does not run nodes in the order in which they are listed. It walks back from the outputs, and of a
 * node's inputs it first follows the one that is listed last, all the way. If nodes were listed as they were written,
 * the walk would find the mask of a ReLU before the gradient that needs it, and so compute all masks on the way forward
 * and keep them. It would also find the lowest layer's gradient first, and meanwhile keep what all other layers'
 * gradients need.
 *
 * If they are listed backwards, the walk meets the nodes much as they were written: each mask once its gradient is
 * there, and each weight's gradient as soon as it can be computed, which frees what it needed. Only reshapes, which are
 * written together at the end, have to be moved to where their tensors were made.
 *
 * Knows:      nodes. The order is no longer topological, which ONNX Runtime allows but ONNX's checker does not: it is
 *             for sessions of this process, never for files.
 */

import type { Graph, Node, Value } from "../graph/core/graph.ts";
import { reshapeOp } from "../graph/ops/reshape.ts";

/** The nodes that the outputs need. Any other would be an end of its own, and run at an arbitrary time. */
function needed({ nodes, outputs }: Graph): Node[] {
  const wanted = new Set(outputs.values());
  const kept = nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some((output) => wanted.has(output))) return false;
    for (const input of inputs) wanted.add(input);
    return true;
  });
  return kept.reverse();
}

/** The same graph with its nodes in the order that saves memory. */
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
