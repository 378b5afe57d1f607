/**
 * The library's model: load once, predict and explain as often as you like.
 *
 * Knows: the tasks behind the command line. This is the same work with JavaScript values instead of files.
 */

import type { HeatmapMethod } from "../heatmaps/methods.ts";
import { NOTICE } from "../report/notice.ts";
import { DEMO_NOTICE } from "./demo-model.ts";
import type { ImageSource } from "./image-jobs.ts";
import { ImagePool, PreparedQueue } from "./image-pool.ts";
import { DEMO, type OpenModel, type OpenOptions, openModel } from "./open-model.ts";
import { type FailedPrediction, type Prediction, predictImages } from "./predict.ts";

/** How a model is loaded. */
export interface LoadOptions {
  /** `cpu` (default), `webgpu`, `cuda`, … */
  readonly device?: string;
  readonly threads?: number;
  /** The outputs' names, over whatever the file says. */
  readonly labels?: readonly string[];
}

/** What the model says of one image. Records are keyed by label. */
export interface ModelPrediction {
  /** The path, or undefined where bytes were given. */
  readonly image: string | undefined;
  /** 0 to 1, independent of one another. */
  readonly probabilities: Readonly<Record<string, number>>;
  readonly logits: Readonly<Record<string, number>>;
  /** Every step of the preparation, in words. */
  readonly preparation: readonly string[];
  readonly notice: string;
}

/** A prediction with the class activation maps of all labels. */
export interface Explanation extends ModelPrediction {
  /** labels × height × width, C order, ReLU applied, neither normalised nor resized. */
  readonly heatmaps: Float32Array;
  readonly shape: readonly [labels: number, height: number, width: number];
  readonly method: HeatmapMethod;
  /** The layer whose output, before the ReLU that follows it, was explained. */
  readonly layer: "features.norm5";
}

export interface ExplainOptions {
  readonly method?: HeatmapMethod;
}

/** A loaded DenseNet121. Calls of one model are done one after the other. */
export interface Model {
  readonly labels: readonly string[];
  /** Where the labels are from, in words. */
  readonly labelSource: string;
  /** SHA-256 of the file, in hexadecimal. */
  sha256(): Promise<string>;
  /**
   * @param images  Paths, or bytes of PNG, JPEG, TIFF or WebP files.
   * @returns       One prediction per image, in order.
   * @throws        XrayError of the first image that cannot be done.
   */
  predict(images: readonly ImageSource[]): Promise<ModelPrediction[]>;
  /** Predict one image with the heatmaps of all labels. Grad-CAM unless another method is named. */
  explain(image: ImageSource, options?: ExplainOptions): Promise<Explanation>;
  /** Free the memory. The model cannot be used afterwards. */
  release(): Promise<void>;
}

function describe(model: OpenModel, prediction: Prediction): ModelPrediction {
  const record = (values: Float32Array) =>
    Object.fromEntries(model.card.labels.map((label, i) => [label, values[i]!]));
  const { source, probabilities, logits, prepared } = prediction;
  return {
    image: typeof source === "string" ? source : undefined,
    probabilities: record(probabilities),
    logits: record(logits),
    preparation: prepared.receipt,
    notice: model.name === DEMO ? `${DEMO_NOTICE} ${NOTICE}` : NOTICE,
  };
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
  // One session per heatmap method, started when it is first asked for.
  const sessions = new Map<HeatmapMethod | undefined, Promise<OpenModel>>();
  const open = (method?: HeatmapMethod): Promise<OpenModel> => {
    const wanted: OpenOptions = { ...options, ...(method === undefined ? {} : { method }) };
    const started = sessions.get(method) ?? openModel(nameOrPath, wanted);
    sessions.set(method, started);
    return started;
  };
  const plain = await open();
  const pool = new ImagePool(Number.POSITIVE_INFINITY);
  pool.usePreparation(plain.card.preparation);
  const predictAll = async (model: OpenModel, images: readonly ImageSource[]): Promise<Prediction[]> => {
    const predictions: Prediction[] = [];
    for await (const outcome of predictImages(model, new PreparedQueue(pool, images))) {
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
    sha256: () => plain.sha256(),
    predict: (images) =>
      inTurn(async () => (await predictAll(plain, images)).map((prediction) => describe(plain, prediction))),
    explain: (image, { method = "gradcam" } = {}) =>
      inTurn(async () => {
        const model = await open(method);
        const [prediction] = await predictAll(model, [image]);
        const { data, height, width } = prediction!.heatmaps!;
        const shape = [model.card.labels.length, height, width] as const;
        const explained = { heatmaps: data, shape, method, layer: "features.norm5" as const };
        return { ...describe(model, prediction!), ...explained };
      }),
    release: () =>
      inTurn(async () => {
        for (const started of sessions.values()) await (await started).session.release();
        sessions.clear();
        await pool.close();
      }),
  };
}
