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
import { hirescamTerms } from "../heatmaps/hirescam.ts";
import { type LayerMethod, METHOD_FORMS } from "../heatmaps/methods.ts";
import { inputSizeOf } from "../image/preparation.ts";
import type { Tensor } from "../tensor.ts";
import { CARD_KEY, type ModelCard } from "./card.ts";
import { densenet121 } from "./densenet121.ts";
import type { LoadedModel } from "./load.ts";
import type { LayerMap } from "./map-recipe.ts";

/** Names of a compiled model's input and outputs. */
export const PORTS = {
  /** [N, C, H, W] */
  image: "image",
  /** [N, labels] */
  logits: "logits",
  /** [N, labels] */
  probabilities: "probabilities",
  /** [N, labels, H/32, W/32]: maps at norm5, in exported files. */
  heatmaps: "heatmaps",
  /** [N, 1024]: what the classifier reads, if the card has figures to compare it with. Not in exported files. */
  embedding: "embedding",
  /** [N, labels, H/32, W/32]: what each place at norm5 adds to the logits, if asked for. Not in exported files. */
  terms: "terms",
} as const;

const FEATURES = "features.";

/** Whether the forward pass gives a map: those at norm5, but for EigenCAM's. */
export const isForward = ({ method, layer }: LayerMap): boolean =>
  layer === "norm5" && METHOD_FORMS[method] !== "from-features";

/**
 * The output that a map of a layer is computed from: for maps at norm5 the maps themselves, [N, labels, H/32, W/32];
 * for EigenCAM, and at any other layer, the layer's features, [N, K, H', W'].
 */
export const mapPort = (map: LayerMap): string =>
  isForward(map) ? `heatmaps.${map.method}` : `${FEATURES}${map.layer}`;

/** Whether an output holds a layer's features. */
export const isFeaturePort = (port: string): boolean => port.startsWith(FEATURES);

/** A card as metadata of a model file. */
export function cardMetadata(card: ModelCard) {
  const { labels, preparation, operatingPoints, calibration, licence, citation, source } = card;
  const { trainedOn, learnedFrom, knownImages, maps, roc, activation, quantised } = card;
  const told = { labels, preparation, operatingPoints, calibration, licence, citation, source };
  // The default, sigmoid, is not written.
  const unusual = activation === "sigmoid" ? {} : { activation };
  return {
    [CARD_KEY]: JSON.stringify({
      ...told,
      ...unusual,
      trainedOn,
      learnedFrom,
      knownImages,
      maps,
      roc,
      quantised,
    }),
  };
}

/** The outputs of a graph beside logits and probabilities. */
interface MoreOutputs {
  readonly embedding?: boolean;
  readonly terms?: boolean;
  /** Tensors that no node reads. */
  readonly kept?: ReadonlyMap<string, Tensor>;
}

/** All tensors of a model's graph. */
const tensorsOf = ({ tensors, codes }: LoadedModel): ReadonlyMap<string, Tensor> =>
  codes === undefined ? tensors : new Map([...tensors, ...codes.tensors, ...codes.kept]);

/** The graph of a model, with outputs for heatmaps by name. */
function buildGraph(model: LoadedModel, maps: ReadonlyMap<string, LayerMap>, more: MoreOutputs): Graph {
  const graph = new GraphBuilder("densenet121");
  const { width, height } = inputSizeOf(model.card.preparation);
  const image = graph.input(PORTS.image, ["N", model.inChannels, height, width]);
  const { outputs, classifierWeight, logits } = (model.codes?.write ?? densenet121)(image, model.numLabels);
  for (const [name, { shape }] of more.kept ?? []) graph.parameter(name, shape);
  graph.output(PORTS.logits, logits);
  graph.output(PORTS.probabilities, model.card.activation === "softmax" ? softmax(logits) : sigmoid(logits));
  for (const [port, map] of maps) {
    const features = outputs.get(map.layer)!;
    const forms = METHOD_FORMS[map.method];
    const isMap = isForward(map) && forms !== "from-features";
    graph.output(port, isMap ? forms.closed({ features, classifierWeight }) : features);
  }
  if (more.embedding) graph.output(PORTS.embedding, outputs.get("pool")!);
  if (more.terms)
    graph.output(PORTS.terms, hirescamTerms({ features: outputs.get("norm5")!, classifierWeight }));
  return graph.build();
}

/**
 * Compile a model for a session in this process, without copying its weights.
 *
 * @param maps   The maps to prepare for. At any layer but norm5 they also need gradients: see `compileGradients`.
 * @param terms  Whether to give the terms of the logits.
 * @returns      An ONNX model with the `PORTS` but `heatmaps`, and the `mapPort` of each map. The batch size is free.
 */
export function compileModel(model: LoadedModel, maps: readonly LayerMap[] = [], terms = false): OnnxModel {
  const ports = new Map(maps.map((map) => [mapPort(map), map]));
  const embedding = model.card.knownImages !== undefined;
  return onnxModel(buildGraph(model, ports, { embedding, terms }), tensorsOf(model));
}

/**
 * Write a model as a self-contained ONNX file with the `PORTS`, a free batch size, and the card as metadata. A model with codes
 * is written with them.
 *
 * @param method  The method of the maps at norm5; no maps by default.
 * @returns       The bytes of the file.
 */
export function exportOnnx(model: LoadedModel, method?: Exclude<LayerMethod, "eigencam">): Uint8Array {
  const map = method && ({ method, layer: "norm5" } as const);
  const metadata = { labels: JSON.stringify(model.card.labels), ...cardMetadata(model.card) };
  const graph = buildGraph(model, new Map(map && [[PORTS.heatmaps, map]]), model.codes ?? {});
  return onnxBytes(graph, tensorsOf(model), metadata);
}
