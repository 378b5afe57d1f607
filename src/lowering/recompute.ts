/**
 * Compute again instead of keeping: rectified norms, for the backward pass of a training graph.
 *
 * Each dense layer's input is normalised and rectified, and the backward pass needs the result twice: as the mask of its
 * gradient and for the weights of the convolution behind it. Kept, these results are a third of a step's memory, since
 * every layer has one of all features before it. What they are made of is kept anyway, for the norm's own gradient; so
 * the backward pass makes them again, the same bits, from that: one more pass over the image.
 *
 * Knows: nodes. Which ones were written before the backward pass began is told by their number.
 */

import type { Graph, Node, Value } from "../graph/core/graph.ts";
import { reluOp } from "../graph/ops/relu.ts";
import { isScaleShift, scaleShiftAgain } from "./scale-shift.ts";

const again = (value: Value): Value => ({ ...value, name: `${value.name}_again` });

/** The two nodes that make a rectified norm, once more. */
function cloned(norm: Node, relu: Node): readonly [Node, Node] {
  const [between, rectified] = [again(norm.outputs[0]!), again(relu.outputs[0]!)];
  return [
    { ...scaleShiftAgain(norm), outputs: [between] },
    { ...relu, inputs: [between], outputs: [rectified] },
  ];
}

/**
 * The same graph, in which what is behind uses rectified norms of its own.
 *
 * @param graph    Lowered nodes in the order in which they were written.
 * @param forward  How many of them belong to the forward pass.
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
