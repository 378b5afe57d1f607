/** Runs graphs whose tensors have any dtype in ONNX Runtime. */
import type { GraphBuilder } from "../../src/graph/core/builder.ts";
import { onnxBytes } from "../../src/graph/onnx/model.ts";
import { createSession } from "../../src/node/session.ts";
import type { Tensor } from "../../src/tensor.ts";

/** All published values of a graph, from tensors by the names of its inputs and parameters. */
export async function runTensors(
  graph: GraphBuilder,
  feeds: Readonly<Record<string, Tensor>>,
  weights: Readonly<Record<string, Tensor>> = {},
): Promise<Record<string, Tensor>> {
  const session = await createSession(onnxBytes(graph.build(), new Map(Object.entries(weights))), {
    threads: 1,
    optimise: "startup",
  });
  const outputs = await session.run(feeds);
  await session.release();
  return outputs;
}
