/**
 * What is done to a graph with a backward pass before a session of this process runs it on ONNX Runtime's CPU.
 *
 * Pipeline:   forward and backward graph → **lowered, rectified norms computed again, in memory order** → ONNX bytes
 * Knows:      the order of the steps: ops have their last form before nodes are copied, and nodes are listed last.
 *
 * A forward pass alone has nothing to lower. Files are not written from here: see `memory-order.ts`.
 */

import type { Graph } from "../graph/core/graph.ts";
import { lowered } from "./lowered.ts";
import { inMemoryOrder } from "./memory-order.ts";
import { recomputeNorms } from "./recompute.ts";

/** A graph that follows gradients back once. */
export function gradientsForSession(graph: Graph): Graph {
  return inMemoryOrder(lowered(graph));
}

/**
 * A training step.
 *
 * @param graph    The whole step.
 * @param forward  The same graph as it was when its forward pass was written, and no more.
 */
export function stepForSession(graph: Graph, forward: Graph): Graph {
  const count = lowered(forward).nodes.length;
  return inMemoryOrder(recomputeNorms(lowered(graph), count));
}
