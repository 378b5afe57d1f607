/**
 * The library's model in a browser: its file, and a worker that does the computing.
 *
 * Knows: the sources that a page passes. Not how predictions come about.
 */

import type { ExplainOptions, Explanation, Model, ModelPrediction, PredictOptions } from "../engine/model.ts";
import type { OverlayOptions } from "../report/overlay/overlay-of.ts";
import type { RgbPixels } from "../report/overlay/pixels.ts";
import { type BrowserSource, nameSource } from "./bytes.ts";
import type { Calls, ModelOptions } from "./calls.ts";
import { EngineThread } from "./engine-thread.ts";
import { checkIsolated } from "./isolation.ts";
import type { BrowserDevice } from "./session.ts";

/** Options for loading a model. */
export interface BrowserLoadOptions extends ModelOptions {
  /** The URL of the folder with the WebAssembly files; beside the bundle by default. */
  readonly files?: string | URL;
}

/** A loaded DenseNet121. Calls on one model run one after the other, in a worker. */
export interface BrowserModel extends Omit<Model, "predict" | "explain"> {
  /** Where the network runs. */
  readonly device: BrowserDevice;
  /** Number of processor threads that it uses. */
  readonly threads: number;
  /**
   * Predict images.
   *
   * @param images   Bytes of PNG, JPEG, TIFF, WebP or DICOM files, blobs, chosen files, or URLs.
   * @param options  Threshold, what to read of a file (`page`, `frame`, `voi`), `force`, progress and a signal.
   * @returns        One prediction per image, in order.
   * @throws         XrayError for the first image that cannot be predicted, `threshold/…`; the reason of an aborted
   *                 signal.
   *
   * @example
   * const model = await loadModel("/models/densenet121_model.safetensors");
   * const [first] = await model.predict(["/images/xray.png"], { threshold: 0.4 });
   * console.log(first?.detected, first?.probabilities["Effusion"]);
   */
  predict(images: readonly BrowserSource[], options?: PredictOptions): Promise<ModelPrediction[]>;
  /**
   * Predict one image with the heatmaps of all labels, by default Grad-CAM at norm5.
   *
   * @throws  XrayError `heatmaps/unknown-method`, `heatmaps/unknown-layer`, or that of the image.
   *
   * @example
   * const model = await loadModel("/models/densenet121_model.safetensors");
   * const { heatmaps, shape } = await model.explain("/images/xray.png", { method: "layercam" });
   * const [, height, width] = shape;
   * const start = model.labels.indexOf("Effusion") * height * width;
   * const effusion = heatmaps.subarray(start, start + height * width); // row by row
   */
  explain(image: BrowserSource, options?: ExplainOptions): Promise<Explanation>;
  /**
   * Draw heatmaps on their X-ray: one finding at the X-ray's own size, or a grid of several.
   *
   * @returns  RGB samples, row by row, interleaved.
   * @throws   XrayError `findings/unknown`, `findings/none`, `heatmaps/unknown-…`, or that of the image.
   */
  overlay(image: BrowserSource, options?: OverlayOptions): Promise<RgbPixels>;
}

/**
 * Load a model.
 *
 * @param source  A checkpoint (`.pth`, `.pt`, `.pth.tar`, `.safetensors`): its bytes, a blob or chosen file, or its
 *                URL. Nothing in it is executed, and no part of it is sent anywhere.
 * @throws        XrayError `browser/not-isolated`, `browser/worker-failed`, or one naming the file, the cause and the
 *                way on.
 *
 * @example
 * const model = await loadModel("/models/densenet121_model.safetensors");
 * const chosen = document.querySelector<HTMLInputElement>("input[type=file]")?.files ?? [];
 * for (const { detected, probabilities } of await model.predict([...chosen])) {
 *   console.log(detected, probabilities["Effusion"]);
 * }
 */
export async function loadModel(
  source: BrowserSource,
  { files, ...options }: BrowserLoadOptions = {},
): Promise<BrowserModel> {
  checkIsolated();
  const folder = files === undefined ? undefined : new URL(files, globalThis.location.href).href;
  const model = nameSource(source);
  const script = "engine-worker.js";
  // Bundlers recognise exactly this form of a worker.
  const worker = new Worker(new URL("./engine-worker.js", import.meta.url), {
    type: "module",
    name: "medical-x",
  });
  const thread = new EngineThread<Calls>(worker, script);
  try {
    const facts = await thread.ask("load", model, options, folder);
    const release = async () => {
      await thread.ask("release").catch(() => undefined);
      thread.end();
    };
    return {
      ...facts,
      labels: facts.card.labels,
      labelSource: facts.card.labelSource,
      sha256: () => thread.ask("sha256"),
      predict: async (images, { signal, onProgress, ...wanted } = {}) =>
        thread.askWith({ signal, onProgress }, "predict", images.map(nameSource), wanted),
      explain: async (image, { signal, ...wanted } = {}) =>
        thread.askWith({ signal }, "explain", nameSource(image), wanted),
      overlay: async (image, { signal, ...wanted } = {}) =>
        thread.askWith({ signal }, "overlay", nameSource(image), wanted),
      release,
      [Symbol.asyncDispose]: release,
    };
  } catch (error) {
    thread.end();
    throw error;
  }
}
