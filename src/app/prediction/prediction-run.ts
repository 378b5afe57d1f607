/**
 * One run over images: from files, folders and globs to a result for each, saving overlays and maps on the way.
 *
 * Pipeline:   paths → image threads, model → **results, in order; overlays and maps** → caller
 * Knows:      what to start in which order, so that the first result comes soon. Not how results are printed.
 */

import { distinctWarnings } from "../../checks/check.ts";
import { chooseFindings, type FindingChoice, parseFindingChoice } from "../../engine/choose-findings.ts";
import { hotRegionsOf } from "../../engine/hot-regions.ts";
import { readingOf } from "../../engine/model.ts";
import type { OpenModel } from "../../engine/open-model.ts";
import { type FailedPrediction, type Prediction, predictImages } from "../../engine/predict.ts";
import { PreparedQueue } from "../../engine/prepared-queue.ts";
import { resultOf } from "../../engine/result.ts";
import { type Decision, decide, detect } from "../../engine/thresholds.ts";
import { asXrayError, type XrayError } from "../../errors.ts";
import { chooseDrawn, chooseMaps } from "../../models/map-choice.ts";
import { listImages } from "../../node/image-list.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { DEFAULT_STYLE } from "../../report/overlay/style.ts";
import type { Failure, Result } from "../../results/prediction.ts";
import type { Truth } from "../data/truth.ts";
import { defaultModel } from "../models/locate-model.ts";
import { loadWhileWarmingUp, startModel } from "../models/open-model.ts";
import { DicomObjects } from "./dicom-objects.ts";
import { HeatmapFile } from "./heatmap-file.ts";
import { ImageNames } from "./naming.ts";
import { prepareOutput, savesPictures } from "./outputs.ts";
import { Overlays, stemOf } from "./overlays.ts";
import { needsHash, type PredictionRequest } from "./request.ts";

/** Up to this many images, a quick start matters more than speed. */
const FEW_IMAGES = 4;

/** Callbacks during a run. */
interface PredictionHooks {
  /** Called with a line for people. */
  readonly say: (line: string) => void;
  /** Called with a failure, after which the rest of the work continues. */
  readonly onError: (error: unknown) => void;
  /** The words for an image's failure in its outcome; the error's message unless given. */
  readonly messageOf?: (error: XrayError) => string;
}

/** The parts of a run once its model is open. */
interface Parts {
  readonly request: PredictionRequest;
  readonly hooks: PredictionHooks;
  readonly images: readonly string[];
  readonly hasFailures: boolean;
  readonly pool: ImagePool;
  readonly queue: PreparedQueue;
  readonly model: OpenModel;
  readonly truth: Truth | undefined;
}

async function openFor(request: PredictionRequest, images: number, pool: ImagePool): Promise<OpenModel> {
  const { device, threads, labels, weights, bits, method, gradcamLayer: layer } = request;
  // A wrong choice is refused before anything is loaded.
  const maps = chooseMaps({ method, layer });
  const model = await loadWhileWarmingUp(request.model ?? defaultModel(), {
    ...(labels === undefined ? {} : { labels }),
    ...(weights === undefined ? {} : { weights }),
    ...(bits === undefined ? {} : { bits }),
  });
  pool.usePreparation(model.card.preparation);
  // Hash on another thread while the network starts. Whoever asks for the hash sees the failure.
  if (needsHash(request)) model.sha256().catch(() => undefined);
  return startModel(model, {
    device,
    optimise: images <= FEW_IMAGES ? "startup" : "throughput",
    ...(threads === undefined ? {} : { threads }),
    ...(request.heatmaps === undefined ? {} : { maps }),
    ...(request.gradcam ? { drawn: chooseDrawn({ method, layer }, model) } : {}),
  });
}

/**
 * Read what is known about the images. The code for tables is loaded only on demand, so that predictions start sooner.
 */
async function openTruth(
  { truth }: PredictionRequest,
  { card }: OpenModel,
  images: readonly string[],
): Promise<Truth | undefined> {
  if (truth === undefined) return undefined;
  const { Truth } = await import("../data/truth.ts");
  return Truth.open(truth, card.labels, images);
}

/** A run in progress. The caller must close it. */
export class PredictionRun {
  /** All images to predict. */
  readonly images: readonly string[];
  readonly model: OpenModel;
  readonly #parts: Parts;
  readonly #decision: Decision;
  readonly #choice: FindingChoice;
  readonly #overlays: Overlays;
  readonly #names: ImageNames;
  readonly #objects: DicomObjects | undefined;
  /** Images about which nothing is known. */
  readonly #unknown: string[] = [];
  #hasFailed: boolean;
  /** The maps until they are saved. */
  #maps: HeatmapFile | undefined;
  #done = 0;

  private constructor(parts: Parts) {
    const { request, model, pool } = parts;
    const { threshold, findings, out, colormap, overlay: style = DEFAULT_STYLE } = request;
    this.images = parts.images;
    this.model = model;
    this.#parts = parts;
    this.#hasFailed = parts.hasFailures;
    this.#decision = decide(threshold, model.card);
    this.#choice = parseFindingChoice(findings, model.card.labels);
    this.#names = new ImageNames(request.nameBy ?? "path");
    this.#overlays = new Overlays({ out, colormap, style, reading: readingOf(request) }, pool);
    this.#objects = request.dicomOut === undefined ? undefined : new DicomObjects(request, request.dicomOut);
  }

  /**
   * Find the images, and open the model while the first of them are being read.
   *
   * @returns  Undefined if there are no images; the hooks have been told why.
   * @throws   XrayError `predict/needs-out`, `model/…`, `threshold/no-card`, `findings/unknown`, `truth/…`, `file/…`.
   */
  static async open(request: PredictionRequest, hooks: PredictionHooks): Promise<PredictionRun | undefined> {
    const { images, failures, notes } = await listImages(request.image);
    for (const note of notes) hooks.say(note);
    for (const failure of failures) hooks.onError(failure);
    if (images.length === 0) return undefined;
    await prepareOutput(request, images.length);
    // Other threads read and decode images while this one opens the model.
    const pool = new ImagePool(images.length);
    const queue = new PreparedQueue(pool, images, readingOf(request));
    let model: OpenModel | undefined;
    try {
      model = await openFor(request, images.length, pool);
      for (const note of model.notes) hooks.say(`${model.name}: ${note}`);
      const truth = await openTruth(request, model, images);
      for (const note of truth?.notes ?? []) hooks.say(`${request.truth}: ${note}`);
      const hasFailures = failures.length > 0;
      return new PredictionRun({ request, hooks, images, hasFailures, pool, queue, model, truth });
    } catch (error) {
      await model?.release();
      await pool.close();
      throw error;
    }
  }

  /** Whether anything has failed so far. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** The findings to draw, as indices of labels. */
  #drawn(probabilities: Float32Array): readonly number[] {
    const { labels } = this.model.card;
    const detected = detect(labels, probabilities, this.#decision.thresholds);
    return chooseFindings(this.#choice, labels, probabilities, detected);
  }

  #failure(path: string, error: unknown): Failure {
    this.#hasFailed = true;
    const { onError, messageOf = ({ message }) => message } = this.#parts.hooks;
    const named = this.#names.inError(path, error);
    onError(named);
    const known = asXrayError(named);
    return { image: this.#names.of(path), error: { code: known.code, message: messageOf(known) } };
  }

  /** Draw and save the requested overlay, and find where its maps are hot. */
  async #explain(path: string, prediction: Prediction): Promise<Pick<Result, "gradcam" | "regions">> {
    const { request, hooks } = this.#parts;
    const findings = this.#drawn(prediction.probabilities);
    const regions = hotRegionsOf(this.model, prediction, findings);
    if (findings.length === 0)
      hooks.say(`${this.#names.of(path)}: nothing was detected, so there is no heatmap to draw`);
    const isDrawn = findings.length > 0 && savesPictures(request, this.images.length);
    return { gradcam: isDrawn ? await this.#draw(path, prediction, findings) : [], regions };
  }

  async #draw(path: string, prediction: Prediction, findings: readonly number[]): Promise<Result["gradcam"]> {
    const image = this.#names.of(path);
    try {
      const boxes = this.#parts.truth?.of(path)?.boxes ?? [];
      const stem = image === path ? stemOf(path) : image;
      return await this.#overlays.save(stem, prediction, this.model, findings, boxes);
    } catch (error) {
      this.#failure(path, error);
      return [];
    }
  }

  /** Save the DICOM objects of a result, if they are asked for. */
  async #saveObjects(path: string, prediction: Prediction, result: Result): Promise<void> {
    const objects = this.#objects;
    if (objects === undefined) return;
    try {
      const findings = this.#parts.request.gradcam ? this.#drawn(prediction.probabilities) : [];
      await objects.save(path, result, async () =>
        findings.length === 0 ? undefined : this.#overlays.pixels(prediction, this.model, findings),
      );
    } catch (error) {
      this.#failure(path, error);
    }
  }

  async #result(path: string, prediction: Prediction): Promise<Result> {
    const { request, hooks, truth } = this.#parts;
    const known = truth?.of(path);
    if (truth !== undefined && known === undefined) this.#unknown.push(path);
    const image = this.#names.of(path);
    for (const note of prediction.prepared.notes) hooks.say(`${image}: ${note}`);
    for (const { reason } of distinctWarnings(prediction.checks)) hooks.say(`${image}: ${reason}`);
    return resultOf(this.model, prediction, this.#decision, {
      image,
      ...(known === undefined ? {} : { truth: known.labels }),
      ...(request.gradcam ? await this.#explain(path, prediction) : {}),
      ...(needsHash(request) ? { sha256: await this.model.sha256() } : {}),
    });
  }

  /** Turn one outcome into a result, and add its maps to the file of maps. */
  async #finish(
    path: string,
    outcome: Prediction | FailedPrediction,
    maps: HeatmapFile | undefined,
  ): Promise<Result | Failure> {
    await this.#names.find(path, this.#done + 1);
    if ("error" in outcome) {
      await maps?.add(undefined);
      return this.#failure(path, outcome.error);
    }
    const result = await this.#result(path, outcome);
    await this.#saveObjects(path, outcome, result);
    await maps?.add(outcome.heatmaps?.data);
    return result;
  }

  async #openMaps(): Promise<HeatmapFile | undefined> {
    const { heatmaps } = this.#parts.request;
    if (heatmaps === undefined) return undefined;
    const { height, width } = this.model.maps!;
    return HeatmapFile.create(heatmaps, this.images.length, [this.model.card.labels.length, height, width]);
  }

  /** One result or failure for each image, in order. A caller that stops iterating ends the run. */
  async *outcomes(): AsyncGenerator<Result | Failure, void> {
    const { request, queue } = this.#parts;
    const drawnOf = (probabilities: Float32Array) => this.#drawn(probabilities);
    const maps = await this.#openMaps();
    this.#maps = maps;
    for await (const outcome of predictImages(this.model, queue, {
      ...(request.batchSize === undefined ? {} : { batchSize: request.batchSize }),
      drawnOf,
      ...(request.force === undefined ? {} : { force: request.force }),
    })) {
      const finished = await this.#finish(this.images[this.#done]!, outcome, maps);
      this.#done += 1;
      yield finished;
    }
  }

  /** Save the maps if those of all images are there. Call this after all outcomes. Throws XrayError `file/…`. */
  async save(): Promise<void> {
    if (this.#done < this.images.length) return;
    const maps = this.#maps;
    this.#maps = undefined;
    await maps?.commit();
  }

  /** Notes to show after all images. */
  notes(): readonly string[] {
    const unknown = this.#parts.truth?.unknownNotes(this.#unknown, (path) => this.#names.of(path)) ?? [];
    return this.#objects === undefined ? unknown : [...unknown, this.#objects.note()];
  }

  /** @param keepSession  Leave the session to the end of the process, which frees it in no time if it is near. */
  async close({ keepSession = false } = {}): Promise<void> {
    try {
      await this.#maps?.discard();
      if (!keepSession) await this.model.release();
    } finally {
      await this.#parts.pool.close();
    }
  }
}
