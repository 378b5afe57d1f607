/**
 * Recompute rectified norms in the backward pass of a training graph, instead of keeping them.
 *
 * Each dense layer's input is normalised and rectified, and the backward pass needs the result twice: as the mask of
 * its gradient, and for the weights of the convolution that follows. Keeping these results takes a third of a step's
 * memory, since every layer has one of all the features before it. Their inputs are kept anyway, for the norm's own
 * gradient. So the backward pass computes the results again from those, bit for bit, at the cost of one more pass over
 * the image.
 *
 * Knows: nodes. It tells those of the forward pass by their number.
 */

import type { Graph, Node, Value } from "../graph/core/graph.ts";
import { reluOp } from "../graph/ops/relu.ts";
import { isScaleShift, scaleShiftAgain } from "./scale-shift.ts";

const again = (value: Value): Value => ({ ...value, name: `${value.name}_again` });

/** Copies of the two nodes that make a rectified norm. */
function cloned(norm: Node, relu: Node): readonly [Node, Node] {
  const [between, rectified] = [again(norm.outputs[0]!), again(relu.outputs[0]!)];
  return [
    { ...scaleShiftAgain(norm), outputs: [between] },
    { ...relu, inputs: [between], outputs: [rectified] },
  ];
}

/**
 * The same graph, in which the backward pass uses rectified norms of its own.
 *
 * @param graph    Lowered nodes, in the order in which they were written.
 * @param forward  The number of nodes that belong to the forward pass.
 */
export function recomputeNorms(graph: Graph, forward: number): Graph {
  const maker = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const copies = new Map<Value, Value>();
  const nodes: Node[] = graph.nodes.slice(0, forward);
  const isForward = new Set(nodes);
  const copyOf = (value: Value): Value => {
    const relu = maker.get(value);
    const norm = relu === undefined ? undefined : maker.get(relu.inputs[0]!);
    if (relu === undefined || norm === undefined || !isForward.has(relu)) return value;
    if (relu.op !== reluOp || !isScaleShift(norm)) return value;
    const known = copies.get(value);
    if (known !== undefined) return known;
    const made = cloned(norm, relu);
    nodes.push(...made);
    const [copy] = made[1].outputs;
    copies.set(value, copy!);
    return copy!;
  };
  for (const node of graph.nodes.slice(forward)) nodes.push({ ...node, inputs: node.inputs.map(copyOf) });
  return { ...graph, nodes };
}
