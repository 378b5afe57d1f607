/**
 * Starts a runtime ahead of time.
 *
 * Knows: sessions. Not which runtime it is.
 */

import { GraphBuilder } from "../graph/core/builder.ts";
import { onnxBytes } from "../graph/onnx/model.ts";
import { relu } from "../graph/ops/relu.ts";
import type { SessionFactory } from "../graph/session.ts";

/**
 * Load and initialise the runtime by a session that does next to nothing. This takes longer than reading a model's file, so
 * call it while the file is on its way; otherwise the first session does it.
 */
export async function startRuntime(createSession: SessionFactory): Promise<void> {
  const graph = new GraphBuilder("nothing");
  graph.output("y", relu(graph.input("x", [1])));
  const session = await createSession(onnxBytes(graph.build(), new Map()), {
    threads: 1,
    optimise: "startup",
  });
  await session.release();
}
