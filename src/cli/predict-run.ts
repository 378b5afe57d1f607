/**
 * One run of `medical-x predict`: images in, results printed, pictures and maps saved.
 *
 * Knows: what is written where, and in which order things start so that the first result comes soon. The work is
 *        done in `tasks/`.
 */

import { mkdir } from "node:fs/promises";
import { printable, XrayError } from "../errors.ts";
import { fileError } from "../node/files.ts";
import { listImages } from "../node/image-list.ts";
import { noticesOf } from "../report/notice.ts";
import { ImagePool, PreparedQueue } from "../tasks/image-pool.ts";
import { defaultModel } from "../tasks/locate-model.ts";
import { type OpenModel, openModel } from "../tasks/open-model.ts";
import { type FailedPrediction, type Prediction, predictImages } from "../tasks/predict.ts";
import { Truth } from "../tasks/truth.ts";
import { count, counted } from "../text.ts";
import { say, sayError } from "./console.ts";
import { HeatmapFile } from "./heatmap-file.ts";
import { INTERRUPTED, Interrupt } from "./interrupt.ts";
import { type PredictFlags, PredictReporter, readingOf } from "./predict-report.ts";
import { startProgress } from "./progress.ts";
import { type ResultPrinter, resultPrinter } from "./result-printer.ts";

/** Up to so many images, starting soon matters more than running fast. */
const FEW_IMAGES = 4;

/** Where the outcomes of a run go. */
interface Sinks {
  readonly printer: ResultPrinter;
  readonly maps: HeatmapFile | undefined;
}

async function prepareOutput(flags: PredictFlags, images: number): Promise<void> {
  if (flags.gradcam && flags.out === undefined && images > 1) {
    const message = `--gradcam with ${counted(images, "image")} needs a folder for the pictures: --out <folder>`;
    throw new XrayError("predict/needs-out", message, { images });
  }
  if (flags.out === undefined) return;
  await mkdir(flags.out, { recursive: true }).catch((error) => {
    throw fileError(flags.out!, error);
  });
}

async function openFor(flags: PredictFlags, images: number, pool: ImagePool): Promise<OpenModel> {
  const { device, threads, labels, weights, method, gradcamLayer: layer } = flags;
  const model = await openModel(flags.model ?? defaultModel(), {
    device,
    onPreparation: (preparation) => pool.usePreparation(preparation),
    optimise: images <= FEW_IMAGES ? "startup" : "throughput",
    ...(threads === undefined ? {} : { threads }),
    ...(labels === undefined ? {} : { labels }),
    ...(weights === undefined ? {} : { weights }),
    ...(flags.bits === undefined ? {} : { bits: flags.bits }),
    ...(flags.gradcam || flags.heatmaps !== undefined ? { method, layer } : {}),
  });
  // Hashed on another thread while the network runs.
  if (flags.format.endsWith("json")) void model.sha256();
  for (const note of model.notes) say(`medical-x: ${printable(`${model.name}: ${note}`)}`);
  return model;
}

async function openSinks(flags: PredictFlags, model: OpenModel, images: readonly string[]): Promise<Sinks> {
  const printer = resultPrinter(flags.format, {
    labels: model.card.labels,
    calibrated: model.card.labels.filter((label) => model.card.calibration?.findings[label] !== undefined),
    images,
    notices: noticesOf(model.card),
  });
  if (flags.heatmaps === undefined) return { printer, maps: undefined };
  const { height, width } = model.maps!;
  const shape = [model.card.labels.length, height, width] as const;
  return { printer, maps: await HeatmapFile.create(flags.heatmaps, images.length, shape) };
}

/** Write one outcome everywhere it belongs. */
async function record(
  image: string,
  outcome: Prediction | FailedPrediction,
  run: PredictReporter,
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
  run: PredictReporter,
  model: OpenModel,
  queue: PreparedQueue,
  interrupt: Interrupt,
): Promise<number> {
  const sinks = await openSinks(flags, model, images);
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

/** Run the command. Returns the exit code: 0 all images done, 1 some failed, 130 interrupted. */
export function predict(flags: PredictFlags): Promise<number> {
  const interrupt = new Interrupt();
  // The images under way are finished and reported.
  return interrupt.during(() => predictUntil(flags, interrupt));
}

async function predictUntil(flags: PredictFlags, interrupt: Interrupt): Promise<number> {
  const { images, failures, notes } = await listImages(flags.image);
  for (const note of notes) say(`medical-x: ${printable(note)}`);
  for (const failure of failures) sayError(failure, flags.verbose ?? false);
  if (images.length === 0) return 1;
  await prepareOutput(flags, images.length);
  // The images are read and decoded on another thread while the model is opened on this one.
  const pool = new ImagePool(images.length);
  const queue = new PreparedQueue(pool, images, readingOf(flags));
  try {
    const model = await openFor(flags, images.length, pool);
    const truth = flags.truth === undefined ? undefined : await Truth.open(flags.truth, model.card.labels);
    for (const note of truth?.notes ?? []) say(`medical-x: ${flags.truth}: ${note}`);
    const run = new PredictReporter(flags, model, pool, truth);
    const done = await runAll(flags, images, run, model, queue, interrupt);
    const truthNote = run.truthNote();
    if (truthNote !== undefined) say(`medical-x: ${truthNote}`);
    if (done < images.length) {
      say(`medical-x: interrupted after ${count(done)} of ${counted(images.length, "image")}`);
      return INTERRUPTED;
    }
    return run.hasFailed || failures.length > 0 ? 1 : 0;
  } finally {
    await pool.close();
  }
}
