/**
 * Quantises a model by images, and says what that costs.
 *
 * Pipeline:   model, images → histograms → codes → **compared with float32** → model with codes, and a card that says so
 * Knows:      images on this machine, and models. Not where the file is written.
 */

import { openModel } from "../../../engine/open-model.ts";
import type { PreparedItem } from "../../../engine/prepared-queue.ts";
import { PreparedQueue } from "../../../engine/prepared-queue.ts";
import type { DenseNetModel } from "../../../engine/read-model.ts";
import { XrayError } from "../../../errors.ts";
import type { CardQuantised, ComparedOutputs } from "../../../models/card-quantised.ts";
import { quantise } from "../../../models/quantise/quantise.ts";
import { ImagePool } from "../../../node/image-pool.ts";
import { createSession } from "../../../node/session.ts";
import { count, counted } from "../../../text.ts";
import { type CalibrationImage, type CalibrationImages, calibrationImages } from "./calibration-images.ts";
import { compareOutputs } from "./compare-outputs.ts";
import { observeImages } from "./observe-images.ts";

/** The images by which to quantise. */
export interface QuantiseRequest {
  /** A data folder, any other folder, a text file with the paths of images, or an image. */
  readonly calibrate: string;
  /** How many images choose ranges, at most. */
  readonly limit: number;
}

/** Callbacks while a model is quantised. */
export interface QuantiseHooks {
  /** Wraps long work, which reports how many items are done. @param what  The items, in words. */
  readonly withProgress: <T>(
    what: string,
    work: (onProgress: (done: number, total: number) => void) => Promise<T>,
  ) => Promise<T>;
  /** Called for an image that is left out. */
  readonly onFailure: (error: XrayError) => void;
  /** Asks whether to stop early. */
  readonly isStopping: () => boolean;
}

/** A model with codes, and notes for its user. */
export interface QuantisedModel {
  readonly model: DenseNetModel;
  readonly quantised: CardQuantised;
  readonly notes: readonly string[];
}

/** Images from which ranges follow that other images rarely leave. */
const ENOUGH = 50;

const FLOAT32_LAYERS = ["features.conv0", "features.norm0", "features.norm5", "classifier"] as const;

const DESCRIPTION =
  "convolutions of the dense blocks and transitions: weights int8 from -64 to 64, with a scale for each output channel; " +
  "features uint8, with a range for each channel; rectified norms uint8, with a range for each layer; " +
  "ranges from the smallest to the largest number that was measured; biases make up for the mean error of rounded weights";

/** Prepares images in order, while others are computed. */
class Images {
  readonly #model: DenseNetModel;
  readonly #hooks: QuantiseHooks;

  constructor(model: DenseNetModel, hooks: QuantiseHooks) {
    this.#model = model;
    this.#hooks = hooks;
  }

  /** Use some images. Throws XrayError `evaluation/interrupted`. */
  each<T>(
    what: string,
    images: readonly CalibrationImage[],
    use: (items: AsyncIterable<PreparedItem>) => Promise<T>,
  ) {
    return this.#hooks.withProgress(what, async (onProgress) => {
      const pool = new ImagePool(images.length);
      try {
        pool.usePreparation(this.#model.card.preparation);
        const paths = images.map(({ path }) => path);
        return await use(this.#watched(new PreparedQueue(pool, paths), paths.length, onProgress));
      } finally {
        await pool.close();
      }
    });
  }

  async *#watched(
    queue: PreparedQueue,
    total: number,
    onProgress: (done: number, total: number) => void,
  ): AsyncGenerator<PreparedItem, void> {
    let done = 0;
    for await (const item of queue) {
      if (this.#hooks.isStopping())
        throw new XrayError("evaluation/interrupted", "interrupted; nothing was written");
      yield item;
      onProgress(++done, total);
    }
  }
}

/** What the ranges were measured on, in words. */
function dataInWords(
  { source, arePhantoms, labels }: CalibrationImages,
  used: readonly CalibrationImage[],
): string {
  const patients = new Set(used.map(({ patient }) => patient)).size;
  const who = labels.length === 0 ? "" : ` of ${counted(patients, "patient")}`;
  return `${counted(used.length, "image")}${who}, ${source}${arePhantoms ? ", drawn phantoms" : ""}`;
}

function notesOf({ card }: DenseNetModel, found: CalibrationImages, quantised: CardQuantised): string[] {
  const measured = [
    ...(card.operatingPoints === undefined ? [] : ["operating points"]),
    ...(card.calibration === undefined ? [] : ["calibration"]),
    ...(card.roc === undefined ? [] : ["ROC curves"]),
  ];
  return [
    ...found.notes,
    ...(quantised.images < ENOUGH
      ? [
          `ranges were measured on ${counted(quantised.images, "image")}, and numbers beyond them are cut off in other images; ${count(ENOUGH)} or more are better`,
        ]
      : []),
    ...(quantised.heldOut === undefined
      ? ["no image was left to judge the model on that took no part in choosing ranges"]
      : []),
    ...(measured.length === 0
      ? []
      : [
          `what the card says of ${new Intl.ListFormat("en-GB").format(measured)} was measured in float32 and stays as it is`,
        ]),
  ];
}

/**
 * Quantise a model.
 *
 * @throws  XrayError `convert/no-images`, `evaluation/interrupted`, or that of the only image, or as `calibrationImages`.
 */
export async function quantiseModel(
  original: DenseNetModel,
  { calibrate, limit }: QuantiseRequest,
  hooks: QuantiseHooks,
): Promise<QuantisedModel> {
  const { codes: _, ...model } = original;
  const found = await calibrationImages(calibrate, limit);
  for (const failure of found.failures) hooks.onFailure(failure);
  const images = new Images(model, hooks);
  const { seen, images: read } = await images.each("images measured", found.calibration, (items) =>
    observeImages(model, items, hooks.onFailure),
  );
  if (read.length === 0) {
    throw new XrayError(
      "convert/no-images",
      `${calibrate}: none of ${counted(found.calibration.length, "image")} can be used; nothing was written; name frontal chest X-rays`,
      { file: calibrate },
    );
  }
  const codes = quantise(model.tensors, seen);
  const used = found.calibration.filter(({ path }) => read.includes(path));
  const pair = {
    float32: await openModel(model, createSession),
    int8: await openModel({ ...model, codes }, createSession),
  };
  const compared = (known: readonly CalibrationImage[]): Promise<ComparedOutputs | undefined> =>
    images.each("images compared", known, (items) => compareOutputs(pair, known, found.labels, items));
  try {
    const calibration = await compared(used);
    const heldOut = found.heldOut.length === 0 ? undefined : await compared(found.heldOut);
    const quantised: CardQuantised = {
      description: DESCRIPTION,
      float32: FLOAT32_LAYERS,
      data: dataInWords(found, used),
      images: used.length,
      calibration: calibration!,
      ...(heldOut === undefined ? {} : { heldOut }),
    };
    return {
      model: { ...model, codes, card: { ...model.card, quantised } },
      quantised,
      notes: notesOf(model, found, quantised),
    };
  } finally {
    await pair.float32.release();
    await pair.int8.release();
  }
}
