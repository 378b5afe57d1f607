/**
 * The library's model: load once, predict and explain as often as you like.
 *
 * Knows: the tasks behind the command line. This is the same work with JavaScript values instead of files.
 */

import { quote, XrayError } from "../errors.ts";
import { HEATMAP_METHODS, type HeatmapMethod } from "../heatmaps/methods.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import { HEATMAP_LAYERS, type HeatmapLayer } from "../models/densenet121.ts";
import { noticesOf } from "../report/notice.ts";
import { calibratedOf } from "./calibrated.ts";
import type { ImageSource } from "./image-jobs.ts";
import { ImagePool, PreparedQueue } from "./image-pool.ts";
import { type OpenModel, openModel } from "./open-model.ts";
import { type FailedPrediction, type Prediction, predictImages } from "./predict.ts";

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
  const record = (values: Float32Array) =>
    Object.fromEntries(model.card.labels.map((label, i) => [label, values[i]!]));
  const { source, probabilities, logits, prepared } = prediction;
  const calibrated = calibratedOf(model.card, logits);
  return {
    image: typeof source === "string" ? source : undefined,
    probabilities: record(probabilities),
    logits: record(logits),
    ...(calibrated === undefined ? {} : { calibrated }),
    preparation: prepared.receipt,
    notes: prepared.notes,
    notice: noticesOf(model.card).join(" "),
  };
}

/** For callers whose compiler did not check. */
function checkKnown(what: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  const message = `there is no heatmap ${what} ${quote(value)}; there are ${known.join(", ")}`;
  throw new XrayError(`heatmaps/unknown-${what}`, message, { value, known });
}

function unwrap(outcome: Prediction | FailedPrediction): Prediction {
  if ("error" in outcome) throw outcome.error;
  return outcome;
}

/**
 * Load a model.
 *
 * @param nameOrPath  A checkpoint file (`.pth`, `.pt`, `.pth.tar`, `.safetensors`), a name of the catalogue that was
 *                    pulled, or `demo`. Nothing in the file is executed.
 * @throws            XrayError naming the file, the cause and the way on.
 */
export async function loadModel(nameOrPath: string, options: LoadOptions = {}): Promise<Model> {
  // One model per heatmap method and layer, opened when it is first asked for.
  const opened = new Map<string, Promise<OpenModel>>();
  const open = (
    maps: { readonly method: HeatmapMethod; readonly layer: HeatmapLayer } | undefined,
  ): Promise<OpenModel> => {
    const key = maps === undefined ? "" : `${maps.method} ${maps.layer}`;
    const started = opened.get(key) ?? openModel(nameOrPath, { ...options, ...maps });
    opened.set(key, started);
    return started;
  };
  const plain = await open(undefined);
  const pool = new ImagePool(Number.POSITIVE_INFINITY);
  pool.usePreparation(plain.card.preparation);
  const predictAll = async (
    model: OpenModel,
    images: readonly ImageSource[],
    reading: ReadingOptions,
  ): Promise<Prediction[]> => {
    const predictions: Prediction[] = [];
    for await (const outcome of predictImages(model, new PreparedQueue(pool, images, reading))) {
      predictions.push(unwrap(outcome));
    }
    return predictions;
  };
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work, work);
    turn = next.catch(() => undefined);
    return next;
  };
  return {
    labels: plain.card.labels,
    labelSource: plain.card.labelSource,
    notes: plain.notes,
    sha256: () => plain.sha256(),
    predict: (images, reading = {}) =>
      inTurn(async () =>
        (await predictAll(plain, images, reading)).map((prediction) => describe(plain, prediction)),
      ),
    explain: (image, { method = "gradcam", layer = "norm5", ...reading } = {}) =>
      inTurn(async () => {
        checkKnown("method", method, HEATMAP_METHODS);
        checkKnown("layer", layer, HEATMAP_LAYERS);
        const model = await open({ method, layer });
        const [prediction] = await predictAll(model, [image], reading);
        const { data, height, width } = prediction!.heatmaps!;
        const shape = [model.card.labels.length, height, width] as const;
        const explained = { heatmaps: data, shape, method, layer: `features.${layer}` as const };
        return { ...describe(model, prediction!), ...explained };
      }),
    release: () =>
      inTurn(async () => {
        for (const started of opened.values()) await (await started).release();
        opened.clear();
        await pool.close();
      }),
  };
}
