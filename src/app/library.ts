/**
 * The library's functions for models and data. Each loads its code when called, so that programs which only predict
 * need not wait for it.
 *
 * Knows: where the work is done.
 */

import type { ReadOptions } from "../engine/read-model.ts";
import type { Inspection } from "../results/inspection.ts";
import type { DatasetView } from "./data/dataset-view.ts";
import type { DatasetOptions } from "./data/open-dataset.ts";
import type { Converted, ConvertOptions } from "./models/convert.ts";
import type { PulledModel, PullOptions } from "./models/pull.ts";
import type { PhantomOptions } from "./phantoms/draw-phantoms.ts";
import type { PhantomResult } from "./phantoms/phantoms.ts";

/**
 * Open a data folder: a label file, images, and optionally official lists and a box file, as in ChestX-ray14.
 *
 * @throws  XrayError `data/no-label-file`, `data/several-label-files`, `data/most-missing`, `labels/…`, `split/…`,
 *          `file/…`.
 *
 * @example
 * const dataset = await openDataset("chestxray14");
 * const withEffusion = dataset.images.filter(({ labels }) => labels["Effusion"] === 1);
 */
export async function openDataset(folder: string, options: DatasetOptions = {}): Promise<DatasetView> {
  const { viewDataset } = await import("./data/dataset-view.ts");
  return viewDataset(folder, options);
}

/**
 * Draw synthetic chest X-rays with findings, boxes and follow-ups, in the layout of ChestX-ray14.
 *
 * They are drawn by a program and show nobody's chest. The same seed, count and size give the same bytes.
 *
 * @throws  XrayError `phantom/…`, `file/…`; the reason of an aborted signal.
 *
 * @example
 * await drawPhantoms({ out: "phantoms", count: 20, seed: 1 });
 */
export async function drawPhantoms(options: PhantomOptions): Promise<PhantomResult> {
  return (await import("./phantoms/draw-phantoms.ts")).drawPhantoms(options);
}

/**
 * Download a public model from its publisher and check it, or check the copy on this machine. This is the only function
 * that uses the network.
 *
 * @param name  A name from `medical-x models list`.
 * @throws      XrayError `pull/unknown-model`, `pull/in-the-package`, `pull/wrong-hash`, `download/…`.
 *
 * @example
 * const { path } = await pullModel("xrv-all");
 */
export async function pullModel(name: string, options: PullOptions = {}): Promise<PulledModel> {
  return (await import("./models/pull.ts")).pullModel(name, options);
}

/**
 * Inspect a checkpoint. Nothing in it is executed, and it need not be a DenseNet121.
 *
 * @param nameOrPath  A file, the name of a public model that has been pulled, or `demo`.
 * @returns           What `medical-x models inspect --format json` prints.
 * @throws            XrayError if the file cannot be read as a checkpoint at all.
 *
 * @example
 * const { labels, preparation, unmatched } = await inspectModel("densenet121_model.pth");
 */
export async function inspectModel(nameOrPath: string, options: ReadOptions = {}): Promise<Inspection> {
  return (await import("./models/inspect.ts")).inspectModel(nameOrPath, options);
}

/**
 * Write a checkpoint in another format. Weights become float32, and what was float32 stays the same bit for bit; or
 * float16, rounded to nearest, ties to even.
 *
 * @param target  Its extension decides: `.safetensors`, `.pth` (a plain state dict), `.onnx` (with Grad-CAM maps).
 * @throws        XrayError `convert/…`, `model/…`, `checkpoint/…`, `file/…`.
 *
 * @example
 * await convertModel("densenet121_model.pth", "densenet121_model.onnx");
 */
export async function convertModel(
  nameOrPath: string,
  target: string,
  options: Omit<ConvertOptions, "change"> & ReadOptions = {},
): Promise<Converted> {
  return (await import("./models/convert.ts")).convertModel(nameOrPath, target, options);
}
