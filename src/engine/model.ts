/**
 * A model as programs use it: predict and explain as often as you like, in Node and in a browser.
 *
 * Pipeline:   model, images → **predictions, one call after the other** → caller
 * Knows:      the engine. Not where the model or the images come from.
 */

import type { Check } from "../checks/check.ts";
import type { HeatmapMethod } from "../heatmaps/methods.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import type { ResolvedCard } from "../models/card.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import { chooseMaps, chosenRecipes, type MapOptions } from "../models/map-choice.ts";
import { layerNames, type MapRecipe } from "../models/map-recipe.ts";
import { noticesOf } from "../models/notice.ts";
import type { FindingRegion, Threshold } from "../results/prediction.ts";
import { hotRegionsOf } from "./hot-regions.ts";
import { checkMaps, type OpenModel } from "./open-model.ts";
import type { ImageSource } from "./ports.ts";
import type { Prediction } from "./predict.ts";
import { resultOf } from "./result.ts";
import { type RunningModel, unwrap } from "./running-model.ts";
import { decide } from "./thresholds.ts";

/** Options for loading a model. */
export interface LoadOptions {
  /** `cpu` (default), `webgpu`, `cuda`, … */
  readonly device?: string;
  readonly threads?: number;
  /** Names of the outputs, which take precedence over the file's. */
  readonly labels?: readonly string[];
  /** Which of a checkpoint's weights to use: `plain` (the default, if there are any) or `ema`, averages of them. */
  readonly weights?: WeightKind;
  /** Number of bits in use in a 16-bit sample, 8 to 16, which takes precedence over the model's card. */
  readonly bits?: number;
}

/** What the model says about one image. Records are keyed by label. */
export interface ModelPrediction {
  /** The path; undefined if bytes were given. */
  readonly image: string | undefined;
  /** As requested: one number for all findings, or `card`. */
  readonly threshold: Threshold;
  /** The threshold of each finding. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Findings whose probability is at or above their threshold, in the model's order. */
  readonly detected: readonly string[];
  /** 0 to 1, independent of one another. */
  readonly probabilities: Readonly<Record<string, number>>;
  readonly logits: Readonly<Record<string, number>>;
  /** Probabilities after the model's calibration, for the labels that it covers; undefined if the model has none. */
  readonly calibrated?: Readonly<Record<string, number>>;
  /** Every step of the preparation, in words. */
  readonly preparation: readonly string[];
  /** Notes on how the image was read, such as faults in its file. */
  readonly notes: readonly string[];
  /** What the input checks say about the image: whether it is what the model is for. No check changes a probability. */
  readonly checks: readonly Check[];
  readonly notice: string;
}

/** A prediction with the class activation maps of all labels. */
export interface Explanation extends ModelPrediction {
  /**
   * labels × height × width, C order, after the ReLU. Maps of a single layer are neither normalised nor resized; fused
   * ones run from 0 to 1 and have four cells for each cell of their finest layer along each axis. With `card`, all are brought to the finest size used.
   */
  readonly heatmaps: Float32Array;
  readonly shape: readonly [labels: number, height: number, width: number];
  readonly method: HeatmapMethod | "card";
  /** The explained layers, as torchvision names them, joined by `+`; `card` with the card's. norm5 is before its ReLU. */
  readonly layer: string;
  /** How each label's map was made. */
  readonly recipes: Readonly<Record<string, MapRecipe>>;
  /**
   * Where the maps are hot, as in the JSON of `predict`: each label's connected regions, largest first, in pixels of the
   * image. The level is the one that the model's card names for the label, if its map is made as the card says, and
   * otherwise 180/255. Undefined unless asked for.
   */
  readonly regions?: readonly FindingRegion[];
}

/** Options for predicting one image. */
export interface ImageOptions extends ReadingOptions {
  /** The probability from which a finding counts as detected, 0.5 by default, or `card` for the model's own. */
  readonly threshold?: Threshold;
  /** Whether to predict an image that a check refuses, and only warn about it. */
  readonly force?: boolean;
  /** Ends the work early. The call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Options for predicting several images. */
export interface PredictOptions extends ImageOptions {
  /** Called after each image. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Options for explaining one image. */
export interface ExplainOptions extends ImageOptions, MapOptions {
  /** Whether to find the regions where the maps are hot, which takes longer than a prediction; false by default. */
  readonly regions?: boolean;
}

/** Everything that is known about a loaded model. */
export interface LoadedCard extends ResolvedCard {
  /** The sentences that accompany every result. */
  readonly notices: readonly string[];
}

/** What a loaded model does everywhere, in Node and in a browser. Calls on one model run one after the other. */
export interface Model {
  /**
   * `densenet121`, or `network` for an ONNX file of anyone's: its network is run and not understood, and its heatmaps are made
   * by occlusion.
   */
  readonly kind: "densenet121" | "network";
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
   * @param images   Paths, or bytes of PNG, JPEG, TIFF, WebP or DICOM files.
   * @param options  Threshold, how to read a file (`voi`, `frame`, `page`), `force`, progress and a signal.
   * @returns        One prediction per image, in order.
   * @throws         XrayError for the first image that cannot be predicted, `threshold/no-card`; the reason of an
   *                 aborted signal.
   *
   * @example
   * const model = await loadModel("densenet121_model.pth");
   * for (const { image, detected, probabilities } of await model.predict(["xray.png"], { threshold: 0.4 })) {
   *   console.log(image, detected, probabilities["Effusion"]);
   * }
   */
  predict(images: readonly ImageSource[], options?: PredictOptions): Promise<ModelPrediction[]>;
  /**
   * Predict one image with the heatmaps of all labels, by default Grad-CAM at norm5.
   *
   * @throws  XrayError `heatmaps/…`, or that of the image.
   *
   * @example
   * const model = await loadModel("densenet121_model.pth");
   * const { heatmaps, shape } = await model.explain("xray.png", { method: "layercam" });
   * const [, height, width] = shape;
   * const start = model.labels.indexOf("Effusion") * height * width;
   * const effusion = heatmaps.subarray(start, start + height * width); // row by row
   */
  explain(image: ImageSource, options?: ExplainOptions): Promise<Explanation>;
  /** Free the memory. The model cannot be used afterwards. */
  release(): Promise<void>;
  /** The same as `release`, so that `await using` works. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Describe a prediction for the caller. Throws XrayError `threshold/…`. */
export function describe(
  model: OpenModel,
  prediction: Prediction,
  { threshold: wanted }: Pick<ImageOptions, "threshold">,
): ModelPrediction {
  const { source } = prediction;
  const image = typeof source === "string" ? source : undefined;
  const result = resultOf(model, prediction, decide(wanted, model.card), { image: image ?? "" });
  const { threshold, thresholds, detected, probabilities, logits, calibrated } = result;
  const { preparation, notes, checks, notice } = result;
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
    checks,
    notice,
  };
}

/** The options for reading a file, from the caller's options. */
export const readingOf = ({ page, frame, voi }: ReadingOptions): ReadingOptions => ({
  ...(page === undefined ? {} : { page }),
  ...(frame === undefined ? {} : { frame }),
  ...(voi === undefined ? {} : { voi }),
});

/** What a call does with images that a check refuses, its signal and its callback, from its options. */
export const hooksOf = ({
  force,
  signal,
  onProgress,
}: PredictOptions): Pick<PredictOptions, "force" | "signal" | "onProgress"> => ({
  ...(force === undefined ? {} : { force }),
  ...(signal === undefined ? {} : { signal }),
  ...(onProgress === undefined ? {} : { onProgress }),
});

/** The library's view of a running model. */
export function libraryModel(running: RunningModel): Model {
  const { kind, name, card, notes } = running.model;
  const release = () => running.release();
  return {
    kind,
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
      checkMaps(running.model, maps);
      const byLabel = chosenRecipes(card, maps).map((recipe, i) => [card.labels[i]!, recipe] as const);
      const request = { images: [image], reading: readingOf(options), maps, ...hooksOf(options) };
      return running.predict(request, (opened, [outcome]) => {
        const prediction = unwrap(outcome!);
        const { data, height, width } = prediction.heatmaps!;
        return {
          ...describe(opened, prediction, options),
          heatmaps: data,
          shape: [card.labels.length, height, width],
          method: maps === "card" ? maps : maps.method,
          layer: maps === "card" ? maps : layerNames(maps),
          recipes: Object.fromEntries(byLabel),
          ...(options.regions === true
            ? { regions: hotRegionsOf(opened, prediction, [...card.labels.keys()]) }
            : {}),
        };
      });
    },
    release,
    [Symbol.asyncDispose]: release,
  };
}
