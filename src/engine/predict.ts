/**
 * Prediction: images in, probabilities and raw heatmaps out, in order and in constant memory.
 *
 * Pipeline:   files → prepared ahead of time → **batches → session → predictions**
 * Knows:      open models and prepared images. Not reports.
 */

import { type Check, inOrder } from "../checks/check.ts";
import { KNOWN_FEATURES, NOTHING_KNOWN } from "../checks/known-images.ts";
import { inFile, XrayError } from "../errors.ts";
import { viewsOf } from "../image/preparation.ts";
import { CENTER_VIEW } from "../image/prepare.ts";
import type { Activation } from "../models/activation.ts";
import { PORTS } from "../models/compile.ts";
import { float32, type Tensor } from "../tensor.ts";
import type { ForwardResults } from "./forward-pass.ts";
import type { Heatmaps, OwnMap } from "./heatmap-source.ts";
import type { OpenModel } from "./open-model.ts";
import type { CheckedImage, ImageSource } from "./ports.ts";
import type { PreparedItem } from "./prepared-queue.ts";
import { admit } from "./refused.ts";

/** What the network predicts for one image. Arrays are in the order of the model's labels. */
export interface Prediction {
  readonly source: ImageSource;
  readonly probabilities: Float32Array;
  /** With ten-crop, the logits that correspond to the mean probabilities. */
  readonly logits: Float32Array;
  readonly heatmaps: Heatmaps | undefined;
  /** Heatmaps in their own sizes, if they were asked for. */
  readonly ownMaps: readonly OwnMap[] | undefined;
  /** The heatmaps for pictures; the same ones unless others were asked for. */
  readonly drawn: Heatmaps | undefined;
  /** What each place adds to the logits, if the model was opened for it. */
  readonly terms: Terms | undefined;
  /** How the image was prepared, and which part of it the network saw. */
  readonly prepared: Omit<CheckedImage, "input" | "checks">;
  /** What the input checks say about the image. */
  readonly checks: readonly Check[];
}

/** The terms of the logits of one view. */
export interface Terms {
  /** labels × h × w, C order; with the classifier's bias, each label's add up to its logit. */
  readonly data: Float32Array;
  /** By label: these logits. With ten-crop, those of the centre crop. */
  readonly logits: Float32Array;
}

/** An image that could not be predicted. */
export interface FailedPrediction {
  readonly source: ImageSource;
  readonly error: XrayError;
}

export interface BatchOptions {
  /** Images per run of the network. */
  readonly batchSize?: number;
  /** Indices of the labels whose maps are wanted; all by default. */
  readonly mapsOf?: (probabilities: Float32Array, source: ImageSource) => readonly number[];
  /** Indices of the labels whose maps are wanted in their own sizes; `heatmaps` are then not made. */
  readonly ownMapsOf?: (source: ImageSource) => readonly number[];
  /** Indices of the labels to draw, if the drawn maps differ from `heatmaps`; all by default. */
  readonly drawnOf?: (probabilities: Float32Array, source: ImageSource) => readonly number[];
  /** Whether to predict images that a check refuses, and only warn about them. */
  readonly force?: boolean;
}

/** Images per run of the network by default. */
export const DEFAULT_BATCH = 8;

interface Ready {
  readonly source: ImageSource;
  readonly prepared: CheckedImage;
}

/** The inputs of several images, one after another. */
function stack(items: readonly Ready[], model: OpenModel): Tensor<"float32"> {
  const { width, height } = model.input;
  const views = items.reduce((sum, { prepared }) => sum + prepared.views, 0);
  const shape = [views, model.inChannels, height, width];
  if (items.length === 1) return float32(shape, items[0]!.prepared.input);
  const data = new Float32Array(views * model.inChannels * height * width);
  let at = 0;
  for (const { prepared } of items) {
    data.set(prepared.input, at);
    at += prepared.input.length;
  }
  return float32(shape, data);
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/**
 * The mean of the views' probabilities, as CheXNet averages ten crops, and the corresponding logits. With a sigmoid,
 * these are computed from the views' logits, because a float32 mean can be 1, which has no logit. With a softmax, they
 * are the logarithms of the means.
 */
function averageViews(
  probabilities: Float32Array,
  logits: Float32Array,
  views: number,
  activation: Activation,
): { probabilities: Float32Array; logits: Float32Array } {
  const labels = probabilities.length / views;
  const mean = { probabilities: new Float32Array(labels), logits: new Float32Array(labels) };
  for (let c = 0; c < labels; c++) {
    let [sum, toward, against] = [0, 0, 0];
    for (let v = 0; v < views; v++) {
      sum += probabilities[v * labels + c]!;
      toward += sigmoid(logits[v * labels + c]!);
      against += sigmoid(-logits[v * labels + c]!);
    }
    mean.probabilities[c] = sum / views;
    mean.logits[c] = activation === "softmax" ? Math.log(sum / views) : Math.log(toward / against);
  }
  return mean;
}

/** The check of the view that represents an image, by its embedding. */
function knownImages(
  { knownImages: rule }: OpenModel,
  { [PORTS.embedding]: embedding }: Readonly<Record<string, Tensor<"float32">>>,
  view: number,
): Check {
  if (rule === undefined || embedding === undefined) return NOTHING_KNOWN;
  return rule.check(embedding.data.subarray(view * KNOWN_FEATURES, (view + 1) * KNOWN_FEATURES));
}

/** The terms of one view. */
function termsOf(
  { [PORTS.terms]: terms, [PORTS.logits]: logits }: Readonly<Record<string, Tensor<"float32">>>,
  view: number,
): Terms | undefined {
  if (terms === undefined) return undefined;
  const row = ({ data, shape }: Tensor<"float32">) => {
    const length = data.length / shape[0]!;
    return data.slice(view * length, (view + 1) * length);
  };
  return { data: row(terms), logits: row(logits!) };
}

/** Why the outputs of an image cannot be used, if they cannot. */
function firstFault(
  { forward }: OpenModel,
  results: ForwardResults,
  first: number,
  views: number,
): XrayError | undefined {
  for (let view = first; view < first + views; view++) {
    const fault = forward.faultOf(results, view);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const nameOf = (source: ImageSource): string => (typeof source === "string" ? source : "image");

async function runBatch(
  items: readonly Ready[],
  model: OpenModel,
  { mapsOf, ownMapsOf, drawnOf }: BatchOptions,
): Promise<(Prediction | FailedPrediction)[]> {
  const images = stack(items, model);
  const outputs = await model.forward.run(images);
  const results: ForwardResults = { ...outputs, [PORTS.image]: images };
  const labels = model.card.labels.length;
  const predictions: (Prediction | FailedPrediction)[] = [];
  let view = 0;
  for (const { source, prepared } of items) {
    const { input: _, checks, ...rest } = prepared;
    const { views } = prepared;
    const fault = firstFault(model, results, view, views);
    if (fault !== undefined) {
      predictions.push({ source, error: inFile(nameOf(source), fault) });
      view += views;
      continue;
    }
    const slice = (port: "logits" | "probabilities") =>
      results[PORTS[port]]!.data.slice(view * labels, (view + views) * labels);
    const outcome =
      views > 1
        ? averageViews(slice("probabilities"), slice("logits"), views, model.card.activation)
        : { probabilities: slice("probabilities"), logits: slice("logits") };
    const shown = view + (views > 1 ? CENTER_VIEW : 0);
    const ownMaps = ownMapsOf && (await model.maps?.ownMaps(results, shown, ownMapsOf(source)));
    const heatmaps = ownMapsOf
      ? undefined
      : await model.maps?.of(results, shown, mapsOf?.(outcome.probabilities, source));
    const drawn =
      model.drawn === model.maps
        ? heatmaps
        : await model.drawn?.of(results, shown, drawnOf?.(outcome.probabilities, source));
    const all = inOrder([...checks, knownImages(model, results, shown)]);
    const terms = termsOf(results, shown);
    predictions.push({ source, ...outcome, heatmaps, ownMaps, drawn, terms, prepared: rest, checks: all });
    view += views;
  }
  return predictions;
}

/** Predict one batch. Failures stay in their places. */
async function finish(
  batch: readonly PreparedItem[],
  model: OpenModel,
  options: BatchOptions,
): Promise<(Prediction | FailedPrediction)[]> {
  const judged = batch.map(({ source, result }) => ({
    source,
    result: result instanceof XrayError ? result : admit(result, options.force ?? false),
  }));
  const ready = judged.flatMap(({ source, result }) =>
    result instanceof XrayError ? [] : [{ source, prepared: result }],
  );
  const done = ready.length > 0 ? await runBatch(ready, model, options) : [];
  let next = 0;
  return judged.map(({ source, result }) =>
    result instanceof XrayError ? { source, error: inFile(nameOf(source), result) } : done[next++]!,
  );
}

/**
 * Predict images in order. An image that fails yields a failure in its place, and the others are still predicted.
 *
 * @param model   Opened with a heatmap method if heatmaps are wanted.
 * @param images  Images as they are prepared according to the model's card.
 */
export async function* predictImages(
  model: OpenModel,
  images: AsyncIterable<PreparedItem>,
  options: BatchOptions = {},
): AsyncGenerator<Prediction | FailedPrediction, void> {
  const views = viewsOf(model.card.preparation);
  const size = Math.max(1, Math.floor((options.batchSize ?? DEFAULT_BATCH) / views));
  let batch: PreparedItem[] = [];
  for await (const item of images) {
    batch.push(item);
    if (batch.length < size) continue;
    yield* await finish(batch, model, options);
    batch = [];
  }
  if (batch.length > 0) yield* await finish(batch, model, options);
}
