/**
 * A loaded model in the worker with the engine, and the answers to calls about it.
 *
 * Pipeline:   source → bytes → model → **session and decoder → predictions, maps, pictures**
 * Knows:      the engine, and the adapters of this folder to its ports. Not messages.
 */

import { chooseFindings, parseFindingChoice } from "../engine/choose-findings.ts";
import { MAX_MODEL_BYTES } from "../engine/limits.ts";
import { chooseMaps, type ExplainOptions, libraryModel, type Model } from "../engine/model.ts";
import type { ImageSource } from "../engine/ports.ts";
import { readModel, weightsOf } from "../engine/read-model.ts";
import { RunningModel, unwrap } from "../engine/running-model.ts";
import { DEFAULT_THRESHOLD, detect, resolveThresholds } from "../engine/thresholds.ts";
import { inFile, XrayError } from "../errors.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import { DEFAULT_COLORMAP } from "../report/overlay/colormap.ts";
import type { RgbPixels } from "../report/overlay/pixels.ts";
import { planOverlay } from "../report/overlay/plan.ts";
import { type NamedSource, readSource } from "./bytes.ts";
import type { ModelFacts, ModelOptions, OverlayOptions } from "./calls.ts";
import { placesIn } from "./places.ts";
import { BrowserPreparer } from "./preparer.ts";
import { openDecoder } from "./raster.ts";
import { openRuntime, type Runtime } from "./session.ts";

const lastPart = (name: string): string =>
  name
    .replace(/[?#].*$/, "")
    .split("/")
    .at(-1) || name;

/** Answers the calls of a worker. */
export class EngineModel {
  readonly #model: Model;
  readonly #running: RunningModel;
  readonly #preparer: BrowserPreparer;
  readonly #runtime: Runtime;

  private constructor(running: RunningModel, preparer: BrowserPreparer, runtime: Runtime) {
    this.#model = libraryModel(running);
    this.#running = running;
    this.#preparer = preparer;
    this.#runtime = runtime;
  }

  /**
   * Load a model. Everything that it needs is fetched concurrently.
   *
   * @param files  The folder of the WebAssembly files; beside the bundle by default.
   * @throws       XrayError `file/…`, `checkpoint/…`, `card/…`, `preparation/…`, `runtime/…`.
   */
  static async load(
    source: NamedSource,
    { device, threads, bits, card, ...reading }: ModelOptions,
    files: string | undefined,
  ): Promise<EngineModel> {
    const places = placesIn(files);
    const preparer = new BrowserPreparer(openDecoder(places));
    const wanted = {
      ...(device === undefined ? {} : { device }),
      ...(threads === undefined ? {} : { threads }),
    };
    const [bytes, runtime] = await Promise.all([
      readSource(source, MAX_MODEL_BYTES),
      openRuntime(wanted, places),
    ]);
    const file = source.name ?? "model";
    try {
      const named = { name: lastPart(file), bytes, ...(card === undefined ? {} : { card }) };
      const model = weightsOf(await readModel(named, reading), bits);
      const { createSession } = runtime;
      return new EngineModel(await RunningModel.start(model, { createSession, preparer }), preparer, runtime);
    } catch (error) {
      throw inFile(file, error);
    }
  }

  facts(): ModelFacts {
    const { labels, labelSource, notes } = this.#model;
    const { device, threads } = this.#runtime;
    return { labels, labelSource, notes, device, threads };
  }

  release = () => this.#model.release();

  sha256 = () => this.#model.sha256();

  predict = (images: readonly NamedSource[], reading: ReadingOptions) =>
    this.#preparer.withSources(images, (sources) => this.#model.predict(sources, reading));

  explain = (image: NamedSource, options: ExplainOptions) =>
    this.#preparer.withSources([image], ([source]) => this.#model.explain(source!, options));

  overlay = (image: NamedSource, options: OverlayOptions) =>
    this.#preparer.withSources([image], ([source]) => this.#draw(source!, options));

  async #draw(
    source: ImageSource,
    { findings = "top", colormap = DEFAULT_COLORMAP, ...options }: OverlayOptions,
  ): Promise<RgbPixels> {
    const maps = chooseMaps(options);
    const { method: _, layer: __, ...reading } = options;
    return this.#running.predict({ images: [source], reading, maps }, async ({ card }, [outcome]) => {
      const prediction = unwrap(outcome!);
      const { labels } = card;
      const { probabilities } = prediction;
      const detected = detect(labels, probabilities, resolveThresholds(DEFAULT_THRESHOLD, card));
      const choice = parseFindingChoice(typeof findings === "string" ? [findings] : findings, labels);
      const chosen = chooseFindings(choice, labels, probabilities, detected);
      if (chosen.length === 0) {
        throw new XrayError("findings/none", "no finding was detected, so there is nothing to draw", {});
      }
      const plan = planOverlay(prediction, { card, findings: chosen, colormap, boxes: [] });
      return this.#preparer.draw(source, reading, plan);
    });
  }
}
