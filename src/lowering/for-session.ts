/**
 * Prepares a graph with a backward pass for a session of this process on ONNX Runtime's CPU.
 *
 * Pipeline:   forward and backward graph → **lowered, rectified norms recomputed, in memory order** → ONNX bytes
 * Knows:      the order of the steps: ops get their final form before nodes are copied, and nodes are reordered last.
 *
 * A forward pass alone has nothing to lower. Files are never written from these graphs: see `memory-order.ts`.
 */

import type { Graph } from "../graph/core/graph.ts";
import { lowered } from "./lowered.ts";
import { inMemoryOrder } from "./memory-order.ts";
import { recomputeNorms } from "./recompute.ts";
import { smallFactorsFirst } from "./small-factors.ts";

/** Prepare a graph that follows gradients back once. */
export function gradientsForSession(graph: Graph): Graph {
  return inMemoryOrder(smallFactorsFirst(lowered(graph)));
}

/**
 * Prepare a training step.
 *
 * @param graph    The whole step.
 * @param forward  The same graph as it was right after its forward pass was written.
 */
export function stepForSession(graph: Graph, forward: Graph): Graph {
  const count = lowered(forward).nodes.length;
  return inMemoryOrder(recomputeNorms(lowered(graph), count));
}
