/**
 * A loaded model in the page's worker, and the answers to calls about it.
 *
 * Knows: the engine, and the adapters to a browser. Not messages.
 */

import type { NamedSource } from "../../src/browser/bytes.ts";
import type { ModelFacts, ModelOptions } from "../../src/browser/calls.ts";
import type { Runtime } from "../../src/browser/session.ts";
import { FullReader } from "../../src/engine/full-reading.ts";
import { describe } from "../../src/engine/model.ts";
import type { NamedModel } from "../../src/engine/read-model.ts";
import { resultOf } from "../../src/engine/result.ts";
import { decide } from "../../src/engine/thresholds.ts";
import type { ViewerDecoder } from "../../src/engine/viewer-picture.ts";
import { inFile } from "../../src/errors.ts";
import { noticesOf } from "../../src/models/notice.ts";
import { jsonObject } from "../../src/report/prediction/json.ts";
import type { SentImage, SentOptions } from "./page-calls.ts";
import { PageImages } from "./page-images.ts";
import type { ErasedReading, ImageReading, PreparedView, ViewerPicture } from "./reading.ts";
import { nameOfSent, readSentModel } from "./sent-model.ts";

/** What a model runs on. */
export interface PageMachine {
  readonly runtime: Promise<Runtime>;
  readonly decode: ViewerDecoder;
}

export class PageModel {
  readonly #model: NamedModel;
  readonly #reader: FullReader;
  readonly #images: PageImages;
  readonly #runtime: Runtime;

  private constructor(model: NamedModel, reader: FullReader, images: PageImages, runtime: Runtime) {
    this.#model = model;
    this.#reader = reader;
    this.#images = images;
    this.#runtime = runtime;
  }

  /** Load a model. Throws XrayError `file/…`, `checkpoint/…`, `card/…`, `preparation/…`, `runtime/…`. */
  static async load(
    source: NamedSource,
    options: ModelOptions,
    { runtime, decode }: PageMachine,
  ): Promise<PageModel> {
    try {
      const model = await readSentModel(source, options);
      const started = await runtime;
      const reader = await FullReader.open(model, started.createSession);
      return new PageModel(model, reader, new PageImages(decode, model.card.preparation), started);
    } catch (error) {
      throw inFile(nameOfSent(source), error);
    }
  }

  facts(): ModelFacts {
    const { kind, name, card, notes } = this.#model;
    const { device, threads } = this.#runtime;
    return { kind, name, card: { ...card, notices: noticesOf(card) }, notes, device, threads };
  }

  sha256 = (): Promise<string> => this.#model.sha256();

  async read(sent: SentImage, { threshold, force }: SentOptions, signal: AbortSignal): Promise<ImageReading> {
    const decision = decide(threshold, this.#model.card);
    const { image, picture } = await this.#images.fresh(sent);
    signal.throwIfAborted();
    const { prediction, reading } = await this.#reader.read(sent.name, image, force);
    const { opened } = this.#reader;
    const details = { image: sent.name, sha256: await this.sha256() };
    return {
      ...reading,
      // Without a resize, this would be the image that stays here.
      seen: { ...reading.seen, data: reading.seen.data.slice() },
      prediction: describe(opened, prediction, threshold === undefined ? {} : { threshold }),
      json: jsonObject(resultOf(opened, prediction, decision, details)),
      picture,
    };
  }

  async look(sent: SentImage): Promise<ViewerPicture> {
    return (await this.#images.fresh(sent)).picture;
  }

  async prepare(sent: SentImage): Promise<PreparedView> {
    const image = await this.#images.again(sent);
    try {
      return this.#reader.prepared(image);
    } catch (error) {
      throw inFile(sent.name, error);
    }
  }

  async erase(sent: SentImage, mask: Uint8Array): Promise<ErasedReading> {
    return this.#reader.erased(sent.name, await this.#images.again(sent), mask);
  }
}
