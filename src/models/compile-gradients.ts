/**
 * From a layer's features to gradient-based heatmaps: the rest of the network, forwards and backwards.
 *
 * Pipeline:   loaded model → **features → logits → gradients → maps** → ONNX bytes → session
 * Knows:      the architecture and the heatmap methods. Not files or sessions.
 *
 * The rest of the network runs forwards on a single image; the gradients of several of its logits are then propagated
 * back together, as a batch. Although the forward part runs twice, here and in the pass that gave the features, it
 * costs little compared with the backward part.
 */

import { GraphBuilder } from "../graph/core/builder.ts";
import { backward } from "../graph/gradient/backward.ts";
import { type OnnxModel, onnxModel } from "../graph/onnx/model.ts";
import { expand } from "../graph/ops/expand.ts";
import type { GradientForm } from "../heatmaps/from-gradients.ts";
import { inputSizeOf } from "../image/preparation.ts";
import { gradientsForSession } from "../lowering/for-session.ts";
import { densenet121, densenet121Until, type HeatmapLayer, partAfter } from "./densenet121.ts";
import type { LoadedModel } from "./load.ts";

/** Names of the inputs and the output. */
export const GRADIENT_PORTS = {
  /** [1, K, H, W]: the layer's output for one image. */
  features: "features",
  /** [S, labels]: a row for each map, with 1 at its label and 0 elsewhere. */
  seeds: "seeds",
  /** [S, H, W], ReLU applied. */
  heatmaps: "heatmaps",
} as const;

/** K, H and W of a layer's output. */
export function layerShape(model: LoadedModel, layer: HeatmapLayer): readonly [number, number, number] {
  const { width, height } = inputSizeOf(model.card.preparation);
  const image = new GraphBuilder(layer).input("image", [1, model.inChannels, height, width]);
  const [, ...shape] = densenet121Until(image, partAfter(layer)).shape;
  return shape as [number, number, number];
}

/**
 * Compile the model that turns a layer's features into maps.
 *
 * @param form  The heatmap method.
 * @returns     An ONNX model with the `GRADIENT_PORTS`. The number S of maps is free.
 */
export function compileGradients(model: LoadedModel, layer: HeatmapLayer, form: GradientForm): OnnxModel {
  const shape = layerShape(model, layer);
  const graph = new GraphBuilder("gradients");
  const features = graph.input(GRADIENT_PORTS.features, [1, ...shape]);
  const seeds = graph.input(GRADIENT_PORTS.seeds, ["S", model.numLabels]);
  const { logits } = densenet121(features, model.numLabels, partAfter(layer));
  const gradient = backward(new Map([[logits, seeds]]), [features]).get(features)!;
  const gradients = expand(gradient, ["S", ...shape]);
  graph.output(GRADIENT_PORTS.heatmaps, form({ features, gradients }));
  return onnxModel(gradientsForSession(graph.build()), model.tensors);
}
