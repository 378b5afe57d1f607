/**
 * Reads one image of an archive: from the bytes of its file to DICOM objects that carry the result, or to the reason why
 * there are none.
 *
 * Pipeline:   bytes → image threads → **batches of what is ready → results, overlays → DICOM objects** → archive
 * Knows:      what to start, and what may be done at once. Not archives, states or the command line.
 *
 * No message contains an attribute of the patient or a UID.
 */

import { BatchLine } from "../../engine/batch-line.ts";
import { chooseFindings, type FindingChoice, parseFindingChoice } from "../../engine/choose-findings.ts";
import { ContainedPreparation } from "../../engine/contained-preparation.ts";
import { hotRegionsOf } from "../../engine/hot-regions.ts";
import type { OpenModel } from "../../engine/open-model.ts";
import type { CheckedImage } from "../../engine/ports.ts";
import { DEFAULT_BATCH, type Prediction, predictImages } from "../../engine/predict.ts";
import type { PreparedItem } from "../../engine/prepared-queue.ts";
import { admit } from "../../engine/refused.ts";
import { resultOf } from "../../engine/result.ts";
import { unwrap } from "../../engine/running-model.ts";
import { type Decision, decide, detect } from "../../engine/thresholds.ts";
import { asXrayError, XrayError } from "../../errors.ts";
import { readDicom } from "../../formats/dicom/read-dicom.ts";
import { identify } from "../../formats/identify.ts";
import { chooseDrawn } from "../../models/map-choice.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { planForObject } from "../../report/dicom/overlay-plan.ts";
import type { Predecessor } from "../../report/dicom/result-object.ts";
import { DEFAULT_COLORMAP } from "../../report/overlay/colormap.ts";
import type { RgbPixels } from "../../report/overlay/pixels.ts";
import { planOverlay } from "../../report/overlay/plan.ts";
import type { Result } from "../../results/prediction.ts";
import { defaultModel } from "../models/locate-model.ts";
import { loadWhileWarmingUp, startModel } from "../models/open-model.ts";
import { admitHeader } from "./admit-header.ts";
import type { ImageOutcome } from "./ports.ts";
import { identityOf, type ReaderIdentity, type ReaderRequest } from "./reader-request.ts";

/** What one call knows beside the image. */
export interface ReadCall {
  /** Reports that the new one replaces. */
  readonly predecessors?: readonly Predecessor[];
  readonly signal?: AbortSignal;
}

/** One item, as the network takes it. */
async function* each(images: readonly CheckedImage[]): AsyncGenerator<PreparedItem, void> {
  for (const result of images) yield { source: "image", result };
}

/** Whether a failure is that of the image, so that another attempt would end the same way. */
const isTheImages = ({ code }: XrayError): boolean =>
  /^(?:raster|dicom|image|input|pacs)\//.test(code) || code === "thread/ended";

/** A model that reads images for an archive. Several may be read at once; the caller must close it. */
export class InstanceReader {
  readonly identity: ReaderIdentity;
  readonly model: OpenModel;
  readonly #request: ReaderRequest;
  readonly #pool: ImagePool;
  readonly #preparation: ContainedPreparation;
  readonly #decision: Decision;
  readonly #choice: FindingChoice;
  readonly #line: BatchLine<CheckedImage, Prediction>;

  private constructor(request: ReaderRequest, model: OpenModel, pool: ImagePool, identity: ReaderIdentity) {
    this.identity = identity;
    this.model = model;
    this.#request = request;
    this.#pool = pool;
    this.#preparation = new ContainedPreparation(pool, () => {
      const lone = new ImagePool(1);
      lone.usePreparation(model.card.preparation);
      return lone;
    });
    this.#decision = decide(request.threshold, model.card);
    this.#choice = parseFindingChoice(request.findings, model.card.labels);
    this.#line = new BatchLine({
      most: DEFAULT_BATCH,
      keyOf: () => "",
      work: (images) => this.#predict(images),
      // The network has blocked this thread, so images that are ready have not been heard of.
      giveWay: () => new Promise((resolve) => setImmediate(resolve)),
    });
  }

  /**
   * Open the model.
   *
   * @param say  Called with lines for people.
   * @throws     XrayError `model/…`, `threshold/no-card`, `findings/unknown`, `heatmaps/…`, `runtime/…`, `file/…`.
   */
  static async open(request: ReaderRequest, say: (line: string) => void): Promise<InstanceReader> {
    const { model: name, device, threads, labels, weights, bits, method, gradcam } = request;
    const named = await loadWhileWarmingUp(name ?? defaultModel(), {
      ...(labels === undefined ? {} : { labels }),
      ...(weights === undefined ? {} : { weights }),
      ...(bits === undefined ? {} : { bits }),
    });
    const pool = new ImagePool(Number.POSITIVE_INFINITY);
    let model: OpenModel | undefined;
    try {
      pool.usePreparation(named.card.preparation);
      model = await startModel(named, {
        optimise: "throughput",
        ...(device === undefined ? {} : { device }),
        ...(threads === undefined ? {} : { threads }),
        ...(gradcam ? { drawn: chooseDrawn({ ...(method === undefined ? {} : { method }) }, named) } : {}),
      });
      for (const note of model.notes) say(`${model.name}: ${note}`);
      return new InstanceReader(request, model, pool, await identityOf(model, request));
    } catch (error) {
      await model?.release();
      await pool.close();
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
    try {
      if (identify(bytes) !== "dicom") throw new XrayError("pacs/no-image", "it is no DICOM file", {});
      const source = await readDicom(bytes);
      admitHeader(source, this.#request);
      const prediction = await this.#predictOne(bytes, signal);
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
      if (!isTheImages(known)) throw known;
      return { kind: "refused", code: known.code, reason: known.message };
    }
  }

  async close(): Promise<void> {
    try {
      await this.model.release();
    } finally {
      await this.#preparation.close();
    }
  }

  #drawn(probabilities: Float32Array): readonly number[] {
    const { labels } = this.model.card;
    const detected = detect(labels, probabilities, this.#decision.thresholds);
    return chooseFindings(this.#choice, labels, probabilities, detected);
  }

  async #predictOne(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<Prediction> {
    const { voi, force } = this.#request;
    const reading = voi === undefined ? {} : { voi };
    const request = { source: bytes, reading, check: true };
    const prepared = await this.#preparation.prepare(request, () => undefined, signal);
    const admitted = admit(prepared, force);
    if (admitted instanceof XrayError) throw admitted;
    return this.#line.add(admitted, signal);
  }

  async #predict(images: readonly CheckedImage[]): Promise<readonly Prediction[]> {
    const outcomes: Prediction[] = [];
    const drawnOf = (probabilities: Float32Array) => this.#drawn(probabilities);
    for await (const outcome of predictImages(this.model, each(images), { drawnOf, force: true }))
      outcomes.push(unwrap(outcome));
    return outcomes;
  }

  async #draw(
    bytes: Uint8Array,
    prediction: Prediction,
    findings: readonly number[],
  ): Promise<RgbPixels | undefined> {
    const { model } = this;
    if (model.drawn === undefined || findings.length === 0) return undefined;
    const { recipes } = model.drawn;
    const plan = planOverlay(prediction, {
      card: model.card,
      recipes,
      findings,
      colormap: DEFAULT_COLORMAP,
      boxes: [],
    });
    const { voi } = this.#request;
    const reading = voi === undefined ? {} : { voi };
    return this.#pool.drawPixels({ source: bytes, reading, plan: planForObject(plan) });
  }

  #result(prediction: Prediction, findings: readonly number[]): Result {
    const { model } = this;
    const regions = model.drawn === undefined ? undefined : hotRegionsOf(model, prediction, findings);
    return resultOf(model, prediction, this.#decision, {
      image: "image",
      sha256: this.identity.sha256,
      ...(regions === undefined ? {} : { regions }),
    });
  }
}
