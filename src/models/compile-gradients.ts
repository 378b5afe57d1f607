/**
 * From a layer's features to gradient-based heatmaps, at this layer and at later ones: the rest of the network, forwards
 * and backwards.
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
import { METHOD_FORMS } from "../heatmaps/methods.ts";
import { inputSizeOf } from "../image/preparation.ts";
import { gradientsForSession } from "../lowering/for-session.ts";
import {
  densenet121,
  densenet121Until,
  HEATMAP_LAYERS,
  type HeatmapLayer,
  partAfter,
} from "./densenet121.ts";
import type { LoadedModel } from "./load.ts";
import type { LayerMap } from "./map-recipe.ts";

/** Names of the inputs. */
export const GRADIENT_PORTS = {
  /** [1, K, H, W]: the layer's output for one image. */
  features: "features",
  /** [S, labels]: a row for each map, with 1 at its label and 0 elsewhere. */
  seeds: "seeds",
} as const;

/** The output with a map: [S, H, W], ReLU applied. */
export const gradientPort = ({ method, layer }: LayerMap): string => `${method}.${layer}`;

/** The first of the layers of some maps, from which all can be computed. */
export const firstLayerOf = (maps: readonly LayerMap[]): HeatmapLayer =>
  HEATMAP_LAYERS.findLast((layer) => maps.some((map) => map.layer === layer))!;

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
 * @param maps  At least one; none of EigenCAM. The input is the output of the first of their layers.
 * @returns     An ONNX model with the `GRADIENT_PORTS` and the `gradientPort` of each map. The number S of findings is
 *              free.
 */
export function compileGradients(model: LoadedModel, maps: readonly LayerMap[]): OnnxModel {
  const layer = firstLayerOf(maps);
  const shape = layerShape(model, layer);
  const graph = new GraphBuilder("gradients");
  const features = graph.input(GRADIENT_PORTS.features, [1, ...shape]);
  const seeds = graph.input(GRADIENT_PORTS.seeds, ["S", model.numLabels]);
  const { logits, outputs } = densenet121(features, model.numLabels, partAfter(layer));
  const at = (of: HeatmapLayer) => (of === layer ? features : outputs.get(of)!);
  const gradients = backward(
    new Map([[logits, seeds]]),
    maps.map((map) => at(map.layer)),
  );
  for (const map of maps) {
    const forms = METHOD_FORMS[map.method];
    if (forms === "from-features") continue;
    const value = at(map.layer);
    const whole = expand(gradients.get(value)!, ["S", ...value.shape.slice(1)]);
    graph.output(gradientPort(map), forms.fromGradients({ features: value, gradients: whole }));
  }
  return onnxModel(gradientsForSession(graph.build()), model.tensors);
}
