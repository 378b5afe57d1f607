/**
 * Which part of the network is trained: the classifier alone, or everything from some part on.
 *
 * Pipeline:   image → **frozen front** → features → **trained suffix** → logits
 * Knows:      the network's parts. Not sessions or files.
 */

import { GraphBuilder } from "../graph/core/builder.ts";
import type { Graph, Shape } from "../graph/core/graph.ts";
import { densenet121, densenet121Until, type PartName } from "../models/densenet121.ts";

/** The lowest trained part, as `--unfreeze` names it. */
export const UNFREEZE = [
  "none",
  "norm5",
  "denseblock4",
  "denseblock3",
  "denseblock2",
  "denseblock1",
  "all",
] as const;

export type Unfreeze = (typeof UNFREEZE)[number];

/** The first part that is trained. A transition belongs to the block before it. */
export function firstTrained(unfreeze: Unfreeze): PartName | "classifier" {
  if (unfreeze === "none") return "classifier";
  return unfreeze === "all" ? "stem" : unfreeze;
}

/** Whether features are kept on disk. From denseblock3 up they are small; further down they exceed the image itself. */
export function isCached(unfreeze: Unfreeze): boolean {
  return ["none", "norm5", "denseblock4", "denseblock3"].includes(unfreeze);
}

/** Names of a front's input and output. */
export const FRONT_PORTS = { image: "image", features: "features" } as const;

/** The frozen front, from prepared images [N, C, H, W] to the features that the suffix takes. */
export function frontGraph(
  unfreeze: Unfreeze,
  input: { inChannels: number; height: number; width: number },
): Graph {
  const graph = new GraphBuilder("front");
  const image = graph.input(FRONT_PORTS.image, ["N", input.inChannels, input.height, input.width]);
  graph.output(FRONT_PORTS.features, densenet121Until(image, firstTrained(unfreeze)));
  return graph.build();
}

/** Names of a suffix's input and output. */
export const SUFFIX_PORTS = { features: "features", logits: "logits" } as const;

/** The trained suffix for prediction, from features [N, …] to logits [N, labels]. */
export function suffixGraph(unfreeze: Unfreeze, shape: readonly number[], numLabels: number): Graph {
  const graph = new GraphBuilder("suffix");
  const features = graph.input(SUFFIX_PORTS.features, ["N", ...shape]);
  const { logits } = densenet121(features, numLabels, firstTrained(unfreeze));
  graph.output(SUFFIX_PORTS.logits, logits);
  return graph.build();
}

/** Shape of one image's features where the suffix begins. */
export function featureShape(
  unfreeze: Unfreeze,
  input: { inChannels: number; height: number; width: number },
): readonly number[] {
  const { shape } = frontGraph(unfreeze, input).outputs.get(FRONT_PORTS.features)! as { shape: Shape };
  return shape.slice(1) as readonly number[];
}
