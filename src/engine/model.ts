/**
 * A model as programs use it: predict and explain as often as you like, in Node and in a browser.
 *
 * Pipeline:   model, images → **predictions, one call after the other** → caller
 * Knows:      the engine. Not where the model or the images are from.
 */

import { quote, XrayError } from "../errors.ts";
import { HEATMAP_METHODS, type HeatmapMethod } from "../heatmaps/methods.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import type { ResolvedCard } from "../models/card.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import { HEATMAP_LAYERS, type HeatmapLayer } from "../models/densenet121.ts";
import { noticesOf } from "../models/notice.ts";
import type { Threshold } from "../results/prediction.ts";
import type { MapChoice, OpenModel } from "./open-model.ts";
import type { ImageSource } from "./ports.ts";
import type { Prediction } from "./predict.ts";
import { resultOf } from "./result.ts";
import { type RunningModel, unwrap } from "./running-model.ts";
import { decide } from "./thresholds.ts";

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

/** What the model says about one image. Records are keyed by label. */
export interface ModelPrediction {
  /** The path, or undefined where bytes were given. */
  readonly image: string | undefined;
  /** As it was asked for: one number for all findings, or `card`. */
  readonly threshold: Threshold;
  /** The threshold of each finding. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Findings whose probability is at or over their threshold, in the model's order. */
  readonly detected: readonly string[];
  /** 0 to 1, independent of one another. */
  readonly probabilities: Readonly<Record<string, number>>;
  readonly logits: Readonly<Record<string, number>>;
  /** Probabilities after the model's calibration, for the labels it covers; undefined where the model carries none. */
  readonly calibrated?: Readonly<Record<string, number>>;
  /** Every step of the preparation, in words. */
  readonly preparation: readonly string[];
  /** What is worth knowing about how the image was read, such as faults in its file. */
  readonly notes: readonly string[];
  readonly notice: string;
}

/** A prediction with the class activation maps of all labels. */
export interface Explanation extends ModelPrediction {
  /** labels × height × width, C order, ReLU applied, neither normalised nor resized. */
  readonly heatmaps: Float32Array;
  readonly shape: readonly [labels: number, height: number, width: number];
  readonly method: HeatmapMethod;
  /** The layer whose output was explained, as torchvision names it; for norm5, before the ReLU that follows it. */
  readonly layer: `features.${HeatmapLayer}`;
}

/** How one image is predicted. */
export interface ImageOptions extends ReadingOptions {
  /** Findings count as detected from this probability on: 0.5 unless given; `card` for the model's operating points. */
  readonly threshold?: Threshold;
  /** Ends the work early: the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How several images are predicted. */
export interface PredictOptions extends ImageOptions {
  /** Called after each image. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ExplainOptions extends ImageOptions {
  /** Grad-CAM unless given. */
  readonly method?: HeatmapMethod;
  /** norm5 unless given, which costs next to nothing; any other layer needs a backward pass. */
  readonly layer?: HeatmapLayer;
}

/** Everything that is known about a loaded model. */
export interface LoadedCard extends ResolvedCard {
  /** The sentences that go with every result. */
  readonly notices: readonly string[];
}

/** A loaded DenseNet121. Calls on one model run one after the other. */
export interface Model {
  /** The file's name, or `demo`. */
  readonly name: string;
  /** Labels, preparation, operating points, calibration, origin, notices. */
  readonly card: LoadedCard;
  /** Short for `card.labels`. */
  readonly labels: readonly string[];
  /** Where the labels come from, in words. */
  readonly labelSource: string;
  /** What was found, assumed or left out when the file was read. */
  readonly notes: readonly string[];
  /** SHA-256 of the file, in hexadecimal. */
  sha256(): Promise<string>;
  /**
   * Predict images.
   *
   * @param images   Paths, or bytes of PNG, JPEG, TIFF or WebP files.
   * @param options  Threshold, the page of a TIFF, progress and a signal.
   * @returns        One prediction per image, in order.
   * @throws         XrayError for the first image that cannot be predicted, `threshold/no-card`; the reason of an aborted
   *                 signal.
   */
  predict(images: readonly ImageSource[], options?: PredictOptions): Promise<ModelPrediction[]>;
  /**
   * Predict one image with the heatmaps of all labels: Grad-CAM at norm5 unless something else is named.
   *
   * @throws  XrayError `heatmaps/unknown-method`, `heatmaps/unknown-layer`, or the image's.
   */
  explain(image: ImageSource, options?: ExplainOptions): Promise<Explanation>;
  /** Free the memory. The model cannot be used afterwards. */
  release(): Promise<void>;
  /** The same as `release`, so that `await using` works. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a caller is given for a prediction. Throws XrayError `threshold/…`. */
export function describe(
  model: OpenModel,
  prediction: Prediction,
  { threshold: wanted }: Pick<ImageOptions, "threshold">,
): ModelPrediction {
  const { source } = prediction;
  const image = typeof source === "string" ? source : undefined;
  const { threshold, thresholds, detected, probabilities, logits, calibrated, preparation, notes, notice } =
    resultOf(model, prediction, decide(wanted, model.card), { image: image ?? "" });
  return {
    image,
    threshold,
    thresholds,
    detected,
    probabilities,
    logits,
    ...(calibrated === undefined ? {} : { calibrated }),
    preparation,
    notes,
    notice,
  };
}

/** For callers whose compiler did not check. */
function checkKnown(what: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  const message = `there is no heatmap ${what} ${quote(value)}; there are ${known.join(", ")}`;
  throw new XrayError(`heatmaps/unknown-${what}`, message, { value, known });
}

/** The heatmaps that a caller named: Grad-CAM at norm5 unless it did. Throws XrayError `heatmaps/unknown-…`. */
export function chooseMaps({ method = "gradcam", layer = "norm5" }: ExplainOptions): Required<MapChoice> {
  checkKnown("method", method, HEATMAP_METHODS);
  checkKnown("layer", layer, HEATMAP_LAYERS);
  return { method, layer };
}

/** How a file is read, from a caller's options. */
export const readingOf = ({ page }: ReadingOptions): ReadingOptions => (page === undefined ? {} : { page });

/** What a caller wants to be asked and told during the work. */
const hooksOf = ({ signal, onProgress }: PredictOptions): Pick<PredictOptions, "signal" | "onProgress"> => ({
  ...(signal === undefined ? {} : { signal }),
  ...(onProgress === undefined ? {} : { onProgress }),
});

/** What the library shows of a running model. */
export function libraryModel(running: RunningModel): Model {
  const { name, card, notes } = running.model;
  const release = () => running.release();
  return {
    name,
    card: { ...card, notices: noticesOf(card) },
    labels: card.labels,
    labelSource: card.labelSource,
    notes,
    sha256: () => running.model.sha256(),
    async predict(images, options = {}) {
      decide(options.threshold, card);
      return running.predict(
        { images, reading: readingOf(options), ...hooksOf(options) },
        (opened, outcomes) => outcomes.map((outcome) => describe(opened, unwrap(outcome), options)),
      );
    },
    async explain(image, options = {}) {
      decide(options.threshold, card);
      const maps = chooseMaps(options);
      const { method, layer } = maps;
      const request = { images: [image], reading: readingOf(options), maps, ...hooksOf(options) };
      return running.predict(request, (opened, [outcome]) => {
        const prediction = unwrap(outcome!);
        const { data, height, width } = prediction.heatmaps!;
        const shape = [card.labels.length, height, width] as const;
        const explained = { heatmaps: data, shape, method, layer: `features.${layer}` as const };
        return { ...describe(opened, prediction, options), ...explained };
      });
    },
    release,
    [Symbol.asyncDispose]: release,
  };
}
