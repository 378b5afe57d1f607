/**
 * A model as programs use it: predict and explain as often as you like, in Node and in a browser.
 *
 * Pipeline:   model, images → **predictions, one call after the other** → caller
 * Knows:      the engine. Not where the model or the images are from.
 */

import { type ErrorCode, quote, XrayError } from "../errors.ts";
import type { SessionOptions } from "../graph/session.ts";
import { HEATMAP_METHODS, type HeatmapMethod } from "../heatmaps/methods.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import { HEATMAP_LAYERS, type HeatmapLayer } from "../models/densenet121.ts";
import type { MapChoice, OpenModel } from "./open-model.ts";
import type { ImageSource } from "./ports.ts";
import type { Prediction } from "./predict.ts";
import type { NamedModel } from "./read-model.ts";
import { resultOf } from "./result.ts";
import { type ModelMachine, RunningModel, unwrap } from "./running-model.ts";
import { DEFAULT_THRESHOLD, resolveThresholds } from "./thresholds.ts";

/** How a model is loaded. */
export interface LoadOptions {
  /** `cpu` (default), `webgpu`, `cuda`, … */
  readonly device?: string;
  readonly threads?: number;
  /** The outputs' names, over whatever the file says. */
  readonly labels?: readonly string[];
  /** Which of a checkpoint's weights: `plain`, where there are any, unless given; or `ema`, averages of them. */
  readonly weights?: WeightKind;
  /** How many bits of a 16-bit sample are used, 8 to 16, over what the model's card says. */
  readonly bits?: number;
}

/** What the model says of one image. Records are keyed by label. */
export interface ModelPrediction {
  /** The path, or undefined where bytes were given. */
  readonly image: string | undefined;
  /** 0 to 1, independent of one another. */
  readonly probabilities: Readonly<Record<string, number>>;
  readonly logits: Readonly<Record<string, number>>;
  /** By the calibration that the model carries, of the labels that it has; undefined where it carries none. */
  readonly calibrated?: Readonly<Record<string, number>>;
  /** Every step of the preparation, in words. */
  readonly preparation: readonly string[];
  /** What is worth knowing about how the image was read: faults of its layout, which of several pages it is. */
  readonly notes: readonly string[];
  readonly notice: string;
}

/** A prediction with the class activation maps of all labels. */
export interface Explanation extends ModelPrediction {
  /** labels × height × width, C order, ReLU applied, neither normalised nor resized. */
  readonly heatmaps: Float32Array;
  readonly shape: readonly [labels: number, height: number, width: number];
  readonly method: HeatmapMethod;
  /** The layer whose output was explained, as torchvision names it; that of norm5 before the ReLU that follows it. */
  readonly layer: `features.${HeatmapLayer}`;
}

export interface ExplainOptions extends ReadingOptions {
  /** Grad-CAM unless given. */
  readonly method?: HeatmapMethod;
  /** norm5 unless given, which costs next to nothing; any other layer needs a backward pass. */
  readonly layer?: HeatmapLayer;
}

/** A loaded DenseNet121. Calls of one model are done one after the other. */
export interface Model {
  readonly labels: readonly string[];
  /** Where the labels are from, in words. */
  readonly labelSource: string;
  /** What is to be said of how its file was read: what was found in it, assumed of it, left out. */
  readonly notes: readonly string[];
  /** SHA-256 of the file, in hexadecimal. */
  sha256(): Promise<string>;
  /**
   * @param images   Paths, or bytes of PNG, JPEG, TIFF or WebP files.
   * @param reading  Which page of a TIFF is read; chosen unless given.
   * @returns        One prediction per image, in order.
   * @throws         XrayError of the first image that cannot be done.
   */
  predict(images: readonly ImageSource[], reading?: ReadingOptions): Promise<ModelPrediction[]>;
  /**
   * Predict one image with the heatmaps of all labels: Grad-CAM at norm5 unless something else is named.
   *
   * @throws  XrayError `heatmaps/unknown-method`, `heatmaps/unknown-layer`, or the image's.
   */
  explain(image: ImageSource, options?: ExplainOptions): Promise<Explanation>;
  /** Free the memory. The model cannot be used afterwards. */
  release(): Promise<void>;
}

function describe(model: OpenModel, prediction: Prediction): ModelPrediction {
  const { source } = prediction;
  const image = typeof source === "string" ? source : undefined;
  const decision = {
    threshold: DEFAULT_THRESHOLD,
    thresholds: resolveThresholds(DEFAULT_THRESHOLD, model.card),
  };
  const { probabilities, logits, calibrated, preparation, notes, notice } = resultOf(
    model,
    prediction,
    decision,
    { image: image ?? "" },
  );
  return {
    image,
    probabilities,
    logits,
    ...(calibrated === undefined ? {} : { calibrated }),
    preparation,
    notes,
    notice,
  };
}

/** For callers whose compiler did not check. */
function checkKnown(code: ErrorCode, what: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  const message = `there is no heatmap ${what} ${quote(value)}; choose one of ${known.join(", ")}`;
  throw new XrayError(code, message, { value, known });
}

/** The heatmaps that a caller named: Grad-CAM at norm5 unless it did. Throws XrayError `heatmaps/unknown-…`. */
export function chooseMaps({ method = "gradcam", layer = "norm5" }: ExplainOptions): Required<MapChoice> {
  checkKnown("heatmaps/unknown-method", "method", method, HEATMAP_METHODS);
  checkKnown("heatmaps/unknown-layer", "layer", layer, HEATMAP_LAYERS);
  return { method, layer };
}

/** What the library shows of a model that runs. */
export function libraryModel(running: RunningModel): Model {
  const { card, notes } = running.model;
  return {
    labels: card.labels,
    labelSource: card.labelSource,
    notes,
    sha256: () => running.model.sha256(),
    predict: (images, reading = {}) =>
      running.predict({ images, reading }, (opened, outcomes) =>
        outcomes.map((outcome) => describe(opened, unwrap(outcome))),
      ),
    async explain(image, options = {}) {
      const maps = chooseMaps(options);
      const { method, layer, ...reading } = { ...options, ...maps };
      return running.predict({ images: [image], reading, maps }, (opened, [outcome]) => {
        const prediction = unwrap(outcome!);
        const { data, height, width } = prediction.heatmaps!;
        const shape = [card.labels.length, height, width] as const;
        const explained = { heatmaps: data, shape, method, layer: `features.${layer}` as const };
        return { ...describe(opened, prediction), ...explained };
      });
    },
    release: () => running.release(),
  };
}

/**
 * Start a model.
 *
 * @throws  XrayError `runtime/…`; the preparer is closed then.
 */
export async function createModel(
  model: NamedModel,
  machine: ModelMachine,
  options: SessionOptions = {},
): Promise<Model> {
  return libraryModel(await RunningModel.start(model, machine, options));
}
