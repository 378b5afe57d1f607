/**
 * Reads one image of an archive: from the bytes of its file to DICOM objects that carry the result, or to the reason why
 * there are none.
 *
 * Pipeline:   bytes → image threads → **batches of what is ready** → engine threads → **results, overlays → DICOM objects** → archive
 * Knows:      what to start, and what may be done at once. Not archives, states or the command line.
 *
 * No message contains an attribute of the patient or a UID.
 */

import { BatchLine } from "../../engine/batch-line.ts";
import { chooseFindings, type FindingChoice, parseFindingChoice } from "../../engine/choose-findings.ts";
import { ContainedPreparation } from "../../engine/contained-preparation.ts";
import { hotRegionsOf } from "../../engine/hot-regions.ts";
import { checkMaps } from "../../engine/open-model.ts";
import type { CheckedImage } from "../../engine/ports.ts";
import { DEFAULT_BATCH } from "../../engine/predict.ts";
import type { NamedModel } from "../../engine/read-model.ts";
import { admit } from "../../engine/refused.ts";
import { resultOf } from "../../engine/result.ts";
import { type Decision, decide, detect } from "../../engine/thresholds.ts";
import { asXrayError, XrayError } from "../../errors.ts";
import { readDicom } from "../../formats/dicom/read-dicom.ts";
import { identify } from "../../formats/identify.ts";
import type { SessionOptions } from "../../graph/session.ts";
import { chooseDrawn, chosenRecipes, type MapChoice } from "../../models/map-choice.ts";
import type { MapRecipe } from "../../models/map-recipe.ts";
import { usableCores } from "../../node/cores.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { planForObject } from "../../report/dicom/overlay-plan.ts";
import type { Predecessor } from "../../report/dicom/result-object.ts";
import { DEFAULT_COLORMAP } from "../../report/overlay/colormap.ts";
import type { RgbPixels } from "../../report/overlay/pixels.ts";
import { planOverlay } from "../../report/overlay/plan.ts";
import type { Result } from "../../results/prediction.ts";
import { Engine } from "../engine-threads/engine.ts";
import type { EnginePrediction } from "../engine-threads/engine-jobs.ts";
import { shareCores } from "../engine-threads/share-cores.ts";
import { defaultModel } from "../models/locate-model.ts";
import { loadModelFile } from "../models/open-model.ts";
import { admitHeader } from "./admit-header.ts";
import type { ImageOutcome } from "./ports.ts";
import { identityOf, type ReaderIdentity, type ReaderRequest } from "./reader-request.ts";

/** What one call knows beside the image. */
export interface ReadCall {
  /** Reports that the new one replaces. */
  readonly predecessors?: readonly Predecessor[];
  readonly signal?: AbortSignal;
}

/** Whether a failure is that of the image, so that another attempt would end the same way. */
const isTheImages = ({ code }: XrayError): boolean => /^(?:raster|dicom|image|input|pacs)\//.test(code);

/** What an open reader is made of. */
interface Parts {
  readonly request: ReaderRequest;
  readonly model: NamedModel;
  /** The maps of overlays, if these are wanted. */
  readonly maps: MapChoice | undefined;
  readonly pool: ImagePool;
  readonly engine: Engine;
  readonly shares: { readonly sessions: number; readonly threads: number | undefined };
  readonly identity: ReaderIdentity;
}

/** Threads that prepare images for a model. The main thread comes first, because the archive waits for it. */
function openPool(model: NamedModel, images: number): ImagePool {
  const pool = new ImagePool(images, { inBackground: true });
  pool.usePreparation(model.card.preparation);
  return pool;
}

/** A model that reads images for an archive. Several may be read at once; the caller must close it. */
export class InstanceReader {
  readonly identity: ReaderIdentity;
  readonly model: NamedModel;
  readonly #request: ReaderRequest;
  readonly #maps: MapChoice | undefined;
  /** Each label's, if overlays are wanted. */
  readonly #recipes: readonly MapRecipe[] | undefined;
  readonly #pool: ImagePool;
  readonly #engine: Engine;
  readonly #preparation: ContainedPreparation;
  readonly #decision: Decision;
  readonly #choice: FindingChoice;
  readonly #line: BatchLine<CheckedImage, EnginePrediction>;

  private constructor({ request, model, maps, pool, engine, shares, identity }: Parts) {
    this.identity = identity;
    this.model = model;
    this.#request = request;
    this.#maps = maps;
    this.#recipes = maps && chosenRecipes(model.card, maps);
    this.#pool = pool;
    this.#engine = engine;
    this.#preparation = new ContainedPreparation(pool, () => openPool(model, 1));
    this.#decision = decide(request.threshold, model.card);
    this.#choice = parseFindingChoice(request.findings, model.card.labels);
    this.#line = new BatchLine({
      // On one thread, a batch is no faster than its images one by one.
      most: shares.threads === 1 ? 1 : DEFAULT_BATCH,
      atOnce: shares.sessions,
      keyOf: () => "",
      work: (images) => this.#predict(images),
    });
  }

  /**
   * Open the model.
   *
   * @param say  Called with lines for people.
   * @throws     XrayError `model/…`, `threshold/no-card`, `findings/unknown`, `heatmaps/…`, `runtime/…`, `file/…`.
   */
  static async open(request: ReaderRequest, say: (line: string) => void): Promise<InstanceReader> {
    const { model: name, device = "cpu", threads, labels, weights, bits, method, gradcam } = request;
    const model = await loadModelFile(name ?? defaultModel(), {
      ...(labels === undefined ? {} : { labels }),
      ...(weights === undefined ? {} : { weights }),
      ...(bits === undefined ? {} : { bits }),
    });
    const maps = gradcam ? chooseDrawn({ ...(method === undefined ? {} : { method }) }, model) : undefined;
    if (maps !== undefined) checkMaps(model, maps);
    const shares = device === "cpu" ? shareCores(threads ?? usableCores()) : { sessions: 1, threads };
    const options: SessionOptions = {
      device,
      optimise: "throughput",
      ...(shares.threads === undefined ? {} : { threads: shares.threads }),
    };
    const engine = new Engine(model, options, shares.sessions);
    const pool = openPool(model, Number.POSITIVE_INFINITY);
    try {
      const [identity] = await Promise.all([identityOf(model, request), engine.start(maps)]);
      for (const note of model.notes) say(`${model.name}: ${note}`);
      return new InstanceReader({ request, model, maps, pool, engine, shares, identity });
    } catch (error) {
      await Promise.all([engine.close(), pool.close()]);
      throw error;
    }
  }

  /**
   * Read an image.
   *
   * @param bytes  Of its DICOM file.
   * @returns      Its objects; or why there are none, if that is the image's doing and another attempt would end the same.
   * @throws       XrayError otherwise, such as `runtime/…`; the reason of an aborted signal.
   */
  async read(bytes: Uint8Array, { predecessors, signal }: ReadCall = {}): Promise<ImageOutcome> {
    let isPrepared = false;
    try {
      if (identify(bytes) !== "dicom") throw new XrayError("pacs/no-image", "it is no DICOM file", {});
      const source = await readDicom(bytes);
      admitHeader(source, this.#request);
      const prepared = await this.#prepare(bytes, signal);
      isPrepared = true;
      const prediction = await this.#line.add(prepared, signal);
      const findings = this.#drawn(prediction.probabilities);
      const overlay = await this.#draw(bytes, prediction, findings);
      const { makeResultObjects } = await import("../../report/dicom/make-objects.ts");
      const objects = await makeResultObjects({
        source,
        result: this.#result(prediction, findings),
        style: this.#request.style,
        options: this.identity.options,
        ...(overlay === undefined ? {} : { overlay }),
        ...(predecessors === undefined ? {} : { predecessors }),
        madeAt: new Date(),
      });
      return { kind: "made", objects };
    } catch (error) {
      signal?.throwIfAborted();
      const known = asXrayError(error);
      // An image that was prepared alone, and ended the thread, would do so again. Other threads end for other reasons.
      const hasEndedThread = known.code === "thread/ended" && !isPrepared;
      if (!isTheImages(known) && !hasEndedThread) throw known;
      return { kind: "refused", code: known.code, reason: known.message };
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#engine.close(), this.#preparation.close()]);
  }

  #drawn(probabilities: Float32Array): readonly number[] {
    const { labels } = this.model.card;
    const detected = detect(labels, probabilities, this.#decision.thresholds);
    return chooseFindings(this.#choice, labels, probabilities, detected);
  }

  async #prepare(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<CheckedImage> {
    const { voi, force } = this.#request;
    const reading = voi === undefined ? {} : { voi };
    const request = { source: bytes, reading, check: true };
    const prepared = await this.#preparation.prepare(request, () => undefined, signal);
    const admitted = admit(prepared, force);
    if (admitted instanceof XrayError) throw admitted;
    return admitted;
  }

  #predict(images: readonly CheckedImage[]): Promise<readonly EnginePrediction[]> {
    const wanted = { choice: this.#choice, thresholds: this.#decision.thresholds };
    return this.#engine.predict(
      images.map((image) => ({ image, wanted })),
      this.#maps,
    );
  }

  async #draw(
    bytes: Uint8Array,
    { heatmaps, ...prediction }: EnginePrediction,
    findings: readonly number[],
  ): Promise<RgbPixels | undefined> {
    const recipes = this.#recipes;
    if (recipes === undefined || findings.length === 0) return undefined;
    const { card } = this.model;
    const wish = { card, recipes, findings, colormap: DEFAULT_COLORMAP, boxes: [] };
    const plan = planOverlay({ ...prediction, drawn: heatmaps }, wish);
    const { voi } = this.#request;
    const reading = voi === undefined ? {} : { voi };
    return this.#pool.drawPixels({ source: bytes, reading, plan: planForObject(plan) });
  }

  #result(prediction: EnginePrediction, findings: readonly number[]): Result {
    const { card } = this.model;
    const { heatmaps: drawn, prepared } = prediction;
    const recipes = this.#recipes;
    const regions = recipes && hotRegionsOf({ card, drawn: { recipes } }, { drawn, prepared }, findings);
    return resultOf(this.model, prediction, this.#decision, {
      image: "image",
      sha256: this.identity.sha256,
      ...(regions === undefined ? {} : { regions }),
    });
  }
}
