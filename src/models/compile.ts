/**
 * From a loaded model to ONNX bytes: probabilities, logits, and what heatmaps need.
 *
 * Pipeline:   loaded model → **graph → ONNX bytes** → session
 * Knows:      the architecture and the heatmap methods. Not files or sessions.
 */

import { GraphBuilder } from "../graph/core/builder.ts";
import type { Graph } from "../graph/core/graph.ts";
import { type OnnxModel, onnxBytes, onnxModel } from "../graph/onnx/model.ts";
import { sigmoid } from "../graph/ops/sigmoid.ts";
import { softmax } from "../graph/ops/softmax.ts";
import { type HeatmapMethod, METHOD_FORMS } from "../heatmaps/methods.ts";
import { inputSizeOf } from "../image/preparation.ts";
import { CARD_KEY, type ModelCard } from "./card.ts";
import { densenet121, type HeatmapLayer } from "./densenet121.ts";
import type { LoadedModel } from "./load.ts";

/** Names of a compiled model's input and outputs. */
export const PORTS = {
  /** [N, C, H, W] */
  image: "image",
  /** [N, labels] */
  logits: "logits",
  /** [N, labels] */
  probabilities: "probabilities",
  /** [N, labels, H/32, W/32]: maps at norm5, with every method except EigenCAM. */
  heatmaps: "heatmaps",
  /** [N, K, H', W']: the layer's features, with EigenCAM or at any other layer. */
  features: "features",
  /** [N, 1024]: what the classifier reads, if the card has figures to compare it with. Not in exported files. */
  embedding: "embedding",
} as const;

/** A card as metadata of a model file. */
export function cardMetadata(card: ModelCard) {
  const { labels, preparation, operatingPoints, calibration, licence, citation, source } = card;
  const { trainedOn, learnedFrom, knownImages, activation } = card;
  const told = { labels, preparation, operatingPoints, calibration, licence, citation, source };
  // The default, sigmoid, is not written.
  const unusual = activation === "softmax" ? { activation } : {};
  return { [CARD_KEY]: JSON.stringify({ ...told, ...unusual, trainedOn, learnedFrom, knownImages }) };
}

/**
 * The graph of a model, with the output that a heatmap method needs, if one is given.
 *
 * @param isChecked  Whether to add the output that the check of known images needs.
 */
function buildGraph(
  model: LoadedModel,
  method: HeatmapMethod | undefined,
  layer: HeatmapLayer,
  isChecked: boolean,
): Graph {
  const graph = new GraphBuilder("densenet121");
  const { width, height } = inputSizeOf(model.card.preparation);
  const image = graph.input(PORTS.image, ["N", model.inChannels, height, width]);
  const { outputs, classifierWeight, logits } = densenet121(image, model.numLabels);
  const features = outputs.get(layer)!;
  graph.output(PORTS.logits, logits);
  graph.output(PORTS.probabilities, model.card.activation === "softmax" ? softmax(logits) : sigmoid(logits));
  if (method !== undefined) {
    const forms = METHOD_FORMS[method];
    if (forms === "from-features" || layer !== "norm5") graph.output(PORTS.features, features);
    else graph.output(PORTS.heatmaps, forms.closed({ features, classifierWeight }));
  }
  if (isChecked) graph.output(PORTS.embedding, outputs.get("pool")!);
  return graph.build();
}

/**
 * Compile a model for a session in this process, without copying its weights.
 *
 * @param method  The heatmap method to prepare for, if any.
 * @param layer   The layer of the maps. At any layer but norm5 they also need gradients: see `compileGradients`.
 * @returns       An ONNX model with the `PORTS`. The batch size is free.
 */
export function compileModel(
  model: LoadedModel,
  method?: HeatmapMethod,
  layer: HeatmapLayer = "norm5",
): OnnxModel {
  return onnxModel(buildGraph(model, method, layer, model.card.knownImages !== undefined), model.tensors);
}

/**
 * Write a model as a self-contained ONNX file with the `PORTS`, a free batch size, and the card as metadata.
 *
 * @returns  The bytes of the file.
 */
export function exportOnnx(model: LoadedModel, method?: HeatmapMethod): Uint8Array {
  const metadata = { labels: JSON.stringify(model.card.labels), ...cardMetadata(model.card) };
  return onnxBytes(buildGraph(model, method, "norm5", false), model.tensors, metadata);
}
