/**
 * All that one decoding and one forward pass say about an image: the prediction, Grad-CAM of all findings at norm5, the
 * terms of their logits, and what the network saw.
 *
 * Knows: open models and decoded images. Not files, workers or pages.
 */

import type { SessionFactory } from "../graph/session.ts";
import type { Region } from "../image/crop.ts";
import { erase } from "../image/erase.ts";
import { type EightBitImage, prepareEightBits, type SeenPicture, shownView } from "../image/prepare.ts";
import { chooseMaps } from "../models/map-choice.ts";
import { float32, sizeOf } from "../tensor.ts";
import { calibratedOf } from "./calibrated.ts";
import { type OpenModel, type OpenOptions, openModel } from "./open-model.ts";
import type { CheckedImage } from "./ports.ts";
import { type BatchOptions, type FailedPrediction, type Prediction, predictImages } from "./predict.ts";
import { prepareCheckedSeen } from "./prepare-view.ts";
import type { PreparedItem } from "./prepared-queue.ts";
import type { NamedModel } from "./read-model.ts";
import { unwrap } from "./running-model.ts";

/**
 * What a forward pass says about the places of an image. Arrays are in the order of the model's labels. All are empty for a
 * network that is run and not understood, and the shape is [labels, 0, 0].
 */
export interface PlacesRead {
  /** labels × h × w, C order: Grad-CAM at norm5, raw, as `--heatmaps` writes it. */
  readonly heatmaps: Float32Array;
  readonly shape: readonly [labels: number, height: number, width: number];
  /**
   * labels × h × w, C order: HiResCAM's terms at norm5 before any ReLU, W_c · ReLU(A(i, j)) / (h·w). Positive where a place
   * speaks for a finding, negative where it speaks against it. For each label, their sum and its `bias` make its
   * `termLogits`, but for rounding.
   */
  readonly terms: Float32Array;
  /** By label: the classifier's bias. */
  readonly bias: Float32Array;
  /**
   * By label: the logit that the terms add up to. With ten-crop that of the centre crop; otherwise the prediction's own.
   */
  readonly termLogits: Float32Array;
}

/** A reading of one image, beside its prediction in words. */
export interface FullReading extends PlacesRead {
  readonly seen: SeenPicture;
  /** The part of the image that the network saw, in pixels of the image. Heatmaps and terms cover it. */
  readonly region: Region;
}

/** An image as a network takes it. */
export interface PreparedView {
  /** C × H × W, C order. */
  readonly values: Float32Array;
  /** The part of the image that it shows, in pixels of the image. */
  readonly region: Region;
}

/** What the model says about an image of which a part was erased. Records are keyed by label. */
export interface ErasedReading extends PlacesRead {
  readonly probabilities: Readonly<Record<string, number>>;
  readonly logits: Readonly<Record<string, number>>;
  /** For the labels that the model's calibration covers; undefined if it has none. */
  readonly calibrated?: Readonly<Record<string, number>>;
  /** H·W·channels: the picture with the erased part filled from its surroundings; otherwise `ViewerPicture.shown`. */
  readonly shown: Uint8Array;
}

/** A prediction of one image, and its reading. */
interface Read {
  readonly prediction: Prediction;
  readonly reading: FullReading;
}

async function* one(source: string, result: CheckedImage): AsyncGenerator<PreparedItem, void> {
  yield { source, result };
}

/** Predict one image. Throws XrayError `input/…` if a check refuses it, `runtime/…`. */
async function predictOne(
  opened: OpenModel,
  name: string,
  image: CheckedImage,
  options: BatchOptions,
): Promise<Prediction> {
  const { value } = await predictImages(opened, one(name, image), options).next();
  return unwrap(value as Prediction | FailedPrediction);
}

/** How a model is opened: a network that is run and not understood gives no heatmaps with a forward pass. */
const openedFor = ({ kind }: NamedModel): OpenOptions =>
  kind === "network" ? {} : { maps: chooseMaps({}), terms: true };

/** What a forward pass says about places if the network is run and not understood. Arrays are new, because they are moved. */
const noPlaces = (labels: number): PlacesRead => ({
  heatmaps: new Float32Array(0),
  shape: [labels, 0, 0],
  terms: new Float32Array(0),
  bias: new Float32Array(0),
  termLogits: new Float32Array(0),
});

/** Reads images with one model. One call at a time. */
export class FullReader {
  readonly #model: NamedModel;
  readonly #opened: OpenModel;

  private constructor(model: NamedModel, opened: OpenModel) {
    this.#model = model;
    this.#opened = opened;
  }

  /**
   * Start a model, and run it once on nothing: the first pass takes several times as long as later ones, because the system
   * hands out its memory and code is compiled. Throws XrayError `runtime/…`.
   */
  static async open(model: NamedModel, createSession: SessionFactory): Promise<FullReader> {
    const opened = await openModel(model, createSession, openedFor(model));
    const shape = [1, opened.inChannels, opened.input.height, opened.input.width];
    await opened.forward.run(float32(shape, new Float32Array(sizeOf(shape))));
    return new FullReader(model, opened);
  }

  /** The open model, for results. */
  get opened(): OpenModel {
    return this.#opened;
  }

  /**
   * Read an image.
   *
   * @param name   Its name in errors.
   * @param image  Converted to 8 bits for this model's preparation.
   * @param force  Whether to predict an image that a check refuses.
   * @throws       XrayError `input/…`, `image/…`, `runtime/…`.
   */
  async read(name: string, image: EightBitImage, force: boolean): Promise<Read> {
    const { prepared, seen } = prepareCheckedSeen(image, this.#model.card.preparation);
    const prediction = await predictOne(this.#opened, name, prepared, { force });
    const { region } = prediction.prepared;
    return { prediction, reading: { ...this.#places(prediction), seen, region } };
  }

  /**
   * Predict an image of which a part is erased.
   *
   * @param mask  width × height: 0 = kept, anything else = erased.
   */
  async erased(name: string, image: EightBitImage, mask: Uint8Array): Promise<ErasedReading> {
    const shown = erase(image.raster, mask);
    const changed = { ...image, raster: { ...image.raster, data: shown } };
    const prediction = await predictOne(this.#opened, name, this.#unchecked(changed), {});
    const { card } = this.#model;
    const record = (values: Float32Array) =>
      Object.fromEntries(card.labels.map((label, i) => [label, values[i]!]));
    const calibrated = calibratedOf(card, prediction.logits);
    return {
      ...this.#places(prediction),
      probabilities: record(prediction.probabilities),
      logits: record(prediction.logits),
      ...(calibrated === undefined ? {} : { calibrated }),
      shown,
    };
  }

  /**
   * Only prepare an image.
   *
   * @returns  The network's input; with ten-crop, the centre crop.
   * @throws   XrayError `image/…`.
   */
  prepared(image: EightBitImage): PreparedView {
    const prepared = this.#unchecked(image);
    return { values: shownView(prepared).slice(), region: prepared.region };
  }

  release(): Promise<void> {
    return this.#opened.release();
  }

  /** An image that was checked before, or whose checks no longer mean anything. */
  #unchecked(image: EightBitImage): CheckedImage {
    return { ...prepareEightBits(image, this.#model.card.preparation), checks: [] };
  }

  #places({ heatmaps, terms }: Prediction): PlacesRead {
    const model = this.#model;
    if (model.kind === "network") return noPlaces(model.card.labels.length);
    const { data, height, width } = heatmaps!;
    const bias = model.tensors.get("classifier.bias")!.data as Float32Array;
    return {
      heatmaps: data,
      shape: [model.card.labels.length, height, width],
      terms: terms!.data,
      bias: bias.slice(),
      termLogits: terms!.logits,
    };
  }
}
