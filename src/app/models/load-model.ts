/**
 * The library's model in Node: its file, its sessions, and threads for the images.
 *
 * Knows: what `engine/model.ts` needs. Not how predictions come about.
 */

import {
  describe,
  hooksOf,
  type LoadOptions,
  libraryModel,
  type Model,
  type ModelPrediction,
  type PredictOptions,
  readingOf,
} from "../../engine/model.ts";
import type { ImageSource } from "../../engine/ports.ts";
import type { NamedModel } from "../../engine/read-model.ts";
import { RunningModel } from "../../engine/running-model.ts";
import { decide } from "../../engine/thresholds.ts";
import { quote, XrayError } from "../../errors.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { createSession } from "../../node/session.ts";
import { type OverlayOptions, overlayOf } from "../../report/overlay/overlay-of.ts";
import { forget, remember } from "./loaded-models.ts";
import { defaultModel } from "./locate-model.ts";
import { loadWhileWarmingUp } from "./open-model.ts";

/** An image that could not be predicted, in its position among the others. */
export interface FailedImage {
  /** The path; undefined if bytes were given. */
  readonly image: string | undefined;
  readonly error: XrayError;
}

/** A loaded model in Node. Calls on one model run one after the other. */
export interface NodeModel extends Model {
  /**
   * Predict many images while they are being read, in order and in constant memory. An image that fails yields an error
   * in its position, and the others are still predicted. Inside the loop, the model may be asked for more, such as a
   * heatmap.
   *
   * @param images   Paths, or bytes of PNG, JPEG, TIFF, WebP or DICOM files.
   * @param options  Threshold, how to read a file (`voi`, `frame`, `page`), `force`, progress and a signal.
   * @throws         XrayError `threshold/…`, `model/released`, `runtime/…`; the reason of an aborted signal.
   *
   * @example
   * const model = await loadModel("densenet121_model.pth");
   * const { images } = await listImages(["chestxray14/images"]);
   * for await (const outcome of model.predictEach(images, { threshold: 0.4 })) {
   *   if ("error" in outcome) console.warn(outcome.image, outcome.error.code);
   *   else console.log(outcome.image, outcome.detected);
   * }
   */
  predictEach(
    images: readonly ImageSource[],
    options?: PredictOptions,
  ): AsyncIterable<ModelPrediction | FailedImage>;
  /**
   * Draw heatmaps on their X-ray: one finding at the X-ray's own size, or a grid of several.
   *
   * @returns  The bytes of a JPEG file.
   * @throws   XrayError `findings/unknown`, `findings/none`, `heatmaps/unknown-…`, `threshold/…`, or that of the image.
   *
   * @example
   * import { writeFile } from "node:fs/promises";
   * const model = await loadModel("densenet121_model.pth");
   * const jpeg = await model.overlay("xray.png", { findings: ["Effusion", "Mass"] });
   * await writeFile("overlay.jpg", jpeg);
   */
  overlay(image: ImageSource, options?: OverlayOptions): Promise<Uint8Array>;
}

/** The library's model over a running one, with the features that only Node offers. */
function nodeModel(running: RunningModel, pool: ImagePool): NodeModel {
  const portable = libraryModel(running);
  const release = async () => {
    forget(model);
    await portable.release();
  };
  const model: NodeModel = {
    ...portable,
    predictEach(images, options = {}) {
      decide(options.threshold, portable.card);
      const request = { images, reading: readingOf(options), ...hooksOf(options) };
      return running.predictEach<ModelPrediction | FailedImage>(request, (opened, outcome) => {
        if (!("error" in outcome)) return describe(opened, outcome, options);
        const { source, error } = outcome;
        return { image: typeof source === "string" ? source : undefined, error };
      });
    },
    overlay: (image, options = {}) =>
      overlayOf(running, image, options, (source, reading, plan) => pool.draw({ source, reading, plan })),
    release,
    [Symbol.asyncDispose]: release,
  };
  return model;
}

/** For callers without type checking. */
function checkName(nameOrPath: unknown): void {
  if (typeof nameOrPath === "string" && nameOrPath.trim() !== "") return;
  throw new XrayError(
    "model/bad-name",
    `a model is given by its file's path or by its name, not by ${quote(nameOrPath)}`,
    {},
  );
}

/**
 * Load a model.
 *
 * @param nameOrPath  A model's file (`.pth`, `.pt`, `.pth.tar`, `.safetensors`, `.onnx`), the name of a public model that has
 *                    been pulled, or `demo`. Nothing in the file is executed. Without a name, the same model that the
 *                    command uses: `densenet121_model.pth` or `.safetensors` in the working directory, else
 *                    `MEDICAL_X_MODEL`.
 * @throws            XrayError naming the file, the cause and the way on.
 *
 * @example
 * const model = await loadModel("densenet121_model.pth");
 * const [result] = await model.predict(["xray.png"]);
 * console.log(result?.detected, result?.probabilities["Effusion"]);
 * await model.release();
 */
export async function loadModel(nameOrPath?: string, options: LoadOptions = {}): Promise<NodeModel> {
  const name = nameOrPath ?? defaultModel();
  checkName(name);
  const named: NamedModel = await loadWhileWarmingUp(name, options);
  const pool = new ImagePool(Number.POSITIVE_INFINITY);
  const model = nodeModel(await RunningModel.start(named, { createSession, preparer: pool }, options), pool);
  remember(model, { named, place: name, options });
  return model;
}
