/**
 * One run of `medical-x predict`: images in, results printed, pictures and maps saved.
 *
 * Knows: what is written where, and in which order things start so that the first result comes soon. The work is
 *        done in `tasks/`.
 */

import { mkdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { XrayError } from "../errors.ts";
import type { HeatmapMethod } from "../heatmaps/methods.ts";
import type { HeatmapLayer } from "../models/densenet121.ts";
import { fileError, writeAtomically } from "../node/files.ts";
import { listImages } from "../node/image-list.ts";
import type { ColormapName } from "../report/colormap.ts";
import { NOTICE } from "../report/notice.ts";
import type { Failure, Result, Threshold } from "../report/result.ts";
import { DEMO_NOTICE } from "../tasks/demo-model.ts";
import { chooseFindings, type FindingChoice, parseFindingChoice, planOverlay } from "../tasks/explain.ts";
import { ImagePool, PreparedQueue } from "../tasks/image-pool.ts";
import { DEMO, defaultModel, type OpenModel, openModel } from "../tasks/open-model.ts";
import { type FailedPrediction, type Prediction, predictImages } from "../tasks/predict.ts";
import { detect, resolveThresholds } from "../tasks/thresholds.ts";
import { say, sayError } from "./console.ts";
import { HeatmapFile } from "./heatmap-file.ts";
import { startProgress } from "./progress.ts";
import { type Format, type ResultPrinter, resultPrinter } from "./result-printer.ts";

/** Up to so many images, starting soon matters more than running fast. */
const FEW_IMAGES = 4;

/** The overlay of one image without `--out`. */
export const SINGLE_OVERLAY = "gradcam_result.jpg";

/** What the command line says. */
export interface PredictFlags {
  readonly image: readonly string[];
  readonly model?: string;
  readonly threshold: Threshold;
  readonly labels?: readonly string[];
  readonly gradcam: boolean;
  readonly findings: readonly string[];
  readonly method: HeatmapMethod;
  readonly gradcamLayer: HeatmapLayer;
  readonly colormap: ColormapName;
  readonly out?: string;
  readonly heatmaps?: string;
  readonly format: Format;
  readonly device: string;
  readonly threads?: number;
  readonly batchSize?: number;
  readonly verbose?: boolean;
}

/** Names of overlay files: `<image>.gradcam.jpg`; images of one name in several folders keep theirs apart. */
class OverlayNames {
  readonly #out: string | undefined;
  readonly #taken = new Set<string>();

  constructor(out: string | undefined) {
    this.#out = out;
  }

  next(image: string): string {
    if (this.#out === undefined) return SINGLE_OVERLAY;
    const stem = basename(image, extname(image));
    let name = `${stem}.gradcam.jpg`;
    for (let i = 2; this.#taken.has(name); i++) name = `${stem}.${i}.gradcam.jpg`;
    this.#taken.add(name);
    return join(this.#out, name);
  }
}

/** One run of the command: what was asked for, and the open model. */
class PredictRun {
  readonly #flags: PredictFlags;
  readonly #model: OpenModel;
  readonly #pool: ImagePool;
  readonly #thresholds: Readonly<Record<string, number>>;
  readonly #choice: FindingChoice;
  readonly #names: OverlayNames;
  /** Something failed; the others are still done. */
  hasFailed = false;

  constructor(flags: PredictFlags, model: OpenModel, pool: ImagePool) {
    this.#flags = flags;
    this.#pool = pool;
    this.#model = model;
    this.#thresholds = resolveThresholds(flags.threshold, model.card);
    this.#choice = parseFindingChoice(flags.findings, model.card.labels);
    this.#names = new OverlayNames(flags.out);
  }

  fail(image: string, error: unknown): Failure {
    this.hasFailed = true;
    sayError(error, this.#flags.verbose ?? false);
    const code = error instanceof XrayError ? error.code : "internal/unexpected";
    return { image, error: { code, message: error instanceof Error ? error.message : String(error) } };
  }

  #detected(probabilities: Float32Array): readonly string[] {
    return detect(this.#model.card.labels, probabilities, this.#thresholds);
  }

  /** The findings to draw, as indices of labels. */
  drawn(probabilities: Float32Array): readonly number[] {
    const detected = this.#detected(probabilities);
    return chooseFindings(this.#choice, this.#model.card.labels, probabilities, detected);
  }

  /** Draw and save the overlay that was asked for. */
  async #explain(image: string, prediction: Prediction): Promise<Result["gradcam"]> {
    const { labels } = this.#model.card;
    const findings = this.drawn(prediction.probabilities);
    if (findings.length === 0) {
      say(`medical-x: ${image}: nothing was detected, so there is no heatmap to draw`);
      return [];
    }
    const file = this.#names.next(image);
    await writeAtomically(file, [
      await this.#pool.draw(planOverlay(prediction, labels, findings, this.#flags.colormap)),
    ]);
    const { method, gradcamLayer } = this.#flags;
    const layer = `features.${gradcamLayer}`;
    return findings.map((i) => ({ finding: labels[i]!, file, method, layer }));
  }

  async report(image: string, prediction: Prediction): Promise<Result> {
    const { card, name, sha256 } = this.#model;
    const record = (values: Float32Array) =>
      Object.fromEntries(card.labels.map((label, i) => [label, Number(values[i]!.toPrecision(9))]));
    return {
      image,
      model: {
        name,
        sha256: this.#flags.format.endsWith("json") ? await sha256() : "",
        labels: card.labels,
        labelSource: card.labelSource,
      },
      labels: card.labels,
      threshold: this.#flags.threshold,
      thresholds: this.#thresholds,
      detected: this.#detected(prediction.probabilities),
      probabilities: record(prediction.probabilities),
      logits: record(prediction.logits),
      preparation: prediction.prepared.receipt,
      gradcam: this.#flags.gradcam
        ? await this.#explain(image, prediction).catch((error) => {
            this.fail(image, error);
            return [];
          })
        : [],
      notice: name === DEMO ? `${DEMO_NOTICE} ${NOTICE}` : NOTICE,
    };
  }
}

/** Where the outcomes of a run go. */
interface Sinks {
  readonly printer: ResultPrinter;
  readonly maps: HeatmapFile | undefined;
}

async function prepareOutput(flags: PredictFlags, images: number): Promise<void> {
  if (flags.gradcam && flags.out === undefined && images > 1) {
    const message = `--gradcam with ${images} images needs a folder for the pictures: --out <folder>`;
    throw new XrayError("predict/needs-out", message, { images });
  }
  if (flags.out === undefined) return;
  await mkdir(flags.out, { recursive: true }).catch((error) => {
    throw fileError(flags.out!, error);
  });
}

async function openFor(flags: PredictFlags, images: number, pool: ImagePool): Promise<OpenModel> {
  const { device, threads, labels, method, gradcamLayer: layer } = flags;
  const model = await openModel(flags.model ?? defaultModel(), {
    device,
    onPreparation: (preparation) => pool.usePreparation(preparation),
    optimise: images <= FEW_IMAGES ? "startup" : "throughput",
    ...(threads === undefined ? {} : { threads }),
    ...(labels === undefined ? {} : { labels }),
    ...(flags.gradcam || flags.heatmaps !== undefined ? { method, layer } : {}),
  });
  // Hashed on another thread while the network runs.
  if (flags.format.endsWith("json")) void model.sha256();
  if (model.card.labelSource.startsWith("assumed")) say(`medical-x: labels ${model.card.labelSource}`);
  return model;
}

async function openSinks(flags: PredictFlags, model: OpenModel, images: number): Promise<Sinks> {
  const printer = resultPrinter(flags.format, {
    labels: model.card.labels,
    isSingle: images === 1,
    extraNotice: model.name === DEMO ? DEMO_NOTICE : undefined,
  });
  if (flags.heatmaps === undefined) return { printer, maps: undefined };
  const { height, width } = model.maps!;
  const shape = [model.card.labels.length, height, width] as const;
  return { printer, maps: await HeatmapFile.create(flags.heatmaps, images, shape) };
}

/** Write one outcome everywhere it belongs. */
async function record(
  image: string,
  outcome: Prediction | FailedPrediction,
  run: PredictRun,
  { printer, maps }: Sinks,
): Promise<void> {
  if ("error" in outcome) {
    await printer.add(run.fail(image, outcome.error));
    await maps?.add(undefined);
    return;
  }
  await printer.add(await run.report(image, outcome));
  await maps?.add(outcome.heatmaps?.data);
}

/** All images through the model. Returns how many were done before the end or an interrupt. */
async function runAll(
  flags: PredictFlags,
  images: readonly string[],
  run: PredictRun,
  model: OpenModel,
  queue: PreparedQueue,
  interrupt: Interrupt,
): Promise<number> {
  const sinks = await openSinks(flags, model, images.length);
  // Where maps are not saved, only those that are drawn are needed.
  const mapsOf = (probabilities: Float32Array) => run.drawn(probabilities);
  const options = flags.heatmaps === undefined ? { ...flags, mapsOf } : flags;
  const bar = await startProgress(images.length, "{bar} {value}/{total} images, {eta_formatted} left");
  let done = 0;
  try {
    for await (const outcome of predictImages(model, queue, options)) {
      await record(images[done]!, outcome, run, sinks);
      done += 1;
      bar.update(done);
      if (interrupt.isSet) break;
    }
    await sinks.printer.end();
    if (done === images.length) await sinks.maps?.commit();
    else await sinks.maps?.discard();
  } catch (error) {
    await sinks.maps?.discard();
    throw error;
  } finally {
    bar.stop();
  }
  return done;
}

/** Set by Ctrl-C: the images under way are finished and reported, then the run ends. A second one ends it at once. */
class Interrupt {
  isSet = false;

  constructor() {
    process.once("SIGINT", () => {
      this.isSet = true;
    });
  }
}

/** Run the command. Returns the exit code: 0 all images done, 1 some failed, 130 interrupted. */
export async function predict(flags: PredictFlags): Promise<number> {
  const interrupt = new Interrupt();
  const { images, failures } = await listImages(flags.image);
  for (const failure of failures) sayError(failure, flags.verbose ?? false);
  if (images.length === 0) return 1;
  await prepareOutput(flags, images.length);
  // The images are read and decoded on another thread while the model is opened on this one.
  const pool = new ImagePool(images.length);
  const queue = new PreparedQueue(pool, images);
  try {
    const model = await openFor(flags, images.length, pool);
    const run = new PredictRun(flags, model, pool);
    const done = await runAll(flags, images, run, model, queue, interrupt);
    if (done < images.length) {
      say(`medical-x: interrupted after ${done} of ${images.length} images`);
      return 130;
    }
    return run.hasFailed || failures.length > 0 ? 1 : 0;
  } finally {
    await pool.close();
  }
}
