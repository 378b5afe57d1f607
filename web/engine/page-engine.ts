/**
 * The engine as the page uses it: a model in a worker that reads images.
 *
 * Knows: the worker's calls. Not how they are answered, nor how readings are shown.
 */

import { type BrowserSource, type NamedSource, nameSource } from "../../src/browser/bytes.ts";
import type { ModelFacts, ModelOptions } from "../../src/browser/calls.ts";
import { type AskHooks, EngineThread } from "../../src/browser/engine-thread.ts";
import { checkIsolated } from "../../src/browser/isolation.ts";
import { XrayError } from "../../src/errors.ts";
import type { ReadingOptions } from "../../src/image/prepare.ts";
import type { Threshold } from "../../src/results/prediction.ts";
import type { PageCalls, SentImage } from "./page-calls.ts";
import type { ErasedReading, FinerMap, ImageReading, ViewerPicture } from "./reading.ts";

/** How an engine is started. */
export interface PageEngineOptions extends ModelOptions {
  /** The folder with the WebAssembly files; `./engine/` beside the page by default. */
  readonly files?: string | URL;
  /** The model's name in results; by default that of the chosen file, or the last part of the URL. */
  readonly name?: string;
  /** Called when the worker had died, for example because memory ran out, and another was started for the next call. */
  readonly onRestart?: (reason: XrayError) => void;
  /** Ends the loading. */
  readonly signal?: AbortSignal;
}

/** How an image is read. */
export interface ReadOptions {
  /** Which page, frame and grey levels to read of a file that leaves a choice. */
  readonly reading?: ReadingOptions;
  /** The probability from which a finding counts as detected, 0.5 by default, or `card` for the model's own. */
  readonly threshold?: Threshold;
  /** Whether to predict an image that a check refuses, and only warn about it. */
  readonly force?: boolean;
  /** Ends the work early. The call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How an image is decoded. */
export type LookOptions = Pick<ReadOptions, "reading" | "signal">;

/** How a worker is started, and started again. */
interface Start {
  readonly model: NamedSource;
  readonly options: ModelOptions;
  readonly files: string;
}

function startThread(): EngineThread<PageCalls> {
  const worker = new Worker(new URL("./page-worker.ts", import.meta.url), {
    type: "module",
    name: "medical-x",
  });
  return new EngineThread<PageCalls>(worker, "page-worker.js");
}

/** Whether an error ends a worker. */
const isCrash = (error: unknown): error is XrayError =>
  error instanceof XrayError && error.code === "browser/worker-failed";

/** A loaded model in a worker. Calls are answered one after the other. */
export class PageEngine {
  /** Name, card, notes, and where the network runs. */
  readonly facts: ModelFacts;
  readonly #start: Start;
  readonly #onRestart: PageEngineOptions["onRestart"];
  /** The same blob always has the same key. */
  readonly #keys = new WeakMap<Blob, number>();
  #nextKey = 0;
  #thread: Promise<EngineThread<PageCalls>>;
  /** Threads that crashed. All calls that were open then say so. */
  readonly #ended = new WeakSet<EngineThread<PageCalls>>();
  /** Why the last worker ended, until another one is started. */
  #crash: XrayError | undefined;

  private constructor(
    facts: ModelFacts,
    start: Start,
    thread: EngineThread<PageCalls>,
    onRestart: PageEngineOptions["onRestart"],
  ) {
    this.facts = facts;
    this.#start = start;
    this.#thread = Promise.resolve(thread);
    this.#onRestart = onRestart;
  }

  /**
   * Start a worker and load a model. What else the worker needs is fetched in the meantime, so pass a promise if the model
   * is still on its way.
   *
   * @param model    A checkpoint (`.pth`, `.safetensors`, …): a blob, chosen file, bytes or URL; or a promise of one.
   * @param options  By default, the network runs as WebAssembly, whose numbers are those of the command line.
   * @throws         XrayError `browser/not-isolated`, `browser/worker-failed`, or one that names the file; the reason of an
   *                 aborted signal.
   */
  static async load(
    model: BrowserSource | Promise<BrowserSource>,
    { files = "./engine/", name, onRestart, signal, ...options }: PageEngineOptions = {},
  ): Promise<PageEngine> {
    checkIsolated();
    const folder = new URL(files, document.baseURI).href;
    const thread = startThread();
    try {
      const [source] = await Promise.all([model, thread.askWith({ signal }, "warm", options, folder)]);
      const named = nameSource(source);
      const start = { model: { ...named, name: name ?? named.name }, options, files: folder };
      const facts = await thread.askWith({ signal }, "load", start.model, options);
      return new PageEngine(facts, start, thread, onRestart);
    } catch (error) {
      thread.end();
      throw error;
    }
  }

  /** SHA-256 of the model's file, in hexadecimal. */
  sha256(): Promise<string> {
    return this.#ask({}, "sha256");
  }

  /**
   * Read an image: predict it, with all maps and terms, and the picture for the viewer.
   *
   * @param name  The name in the result and in messages.
   * @throws      XrayError that of the image; `input/…` if a check refuses it; `browser/worker-failed` if the engine broke on
   *              it, after which the next call starts another worker.
   */
  async read(image: Blob, name: string, options: ReadOptions = {}): Promise<ImageReading> {
    const { threshold, force = false, signal } = options;
    const sent = { force, ...(threshold === undefined ? {} : { threshold }) };
    return this.#ask({ signal }, "read", this.#sent(image, name, options), sent);
  }

  /** Only decode an image: one whose picture was dropped from memory, or that the server predicted. */
  async look(image: Blob, name: string, options: LookOptions = {}): Promise<ViewerPicture> {
    return this.#ask(options, "look", this.#sent(image, name, options));
  }

  /**
   * The map that the model's card names for one finding; Grad-CAM at norm5 if it names none. It costs about one more
   * forward pass.
   *
   * @param finding  A label of the model.
   * @throws         XrayError `findings/unknown`, or that of the image.
   */
  async finer(image: Blob, name: string, finding: string, options: LookOptions = {}): Promise<FinerMap> {
    return this.#ask(options, "finer", this.#sent(image, name, options), finding);
  }

  /**
   * Predict an image of which a part is erased, that is, filled smoothly from its surroundings. No check is made.
   *
   * @param mask  width × height of the picture, row by row: 0 = kept, anything else = erased. Copied to the worker.
   */
  async erase(
    image: Blob,
    name: string,
    mask: Uint8Array,
    options: LookOptions = {},
  ): Promise<ErasedReading> {
    return this.#ask(options, "erase", this.#sent(image, name, options), mask);
  }

  /** End the worker at once, which frees all of its memory. Calls that are not answered yet fail with `model/released`. */
  async release(): Promise<void> {
    const thread = await this.#thread.catch(() => undefined);
    thread?.end();
  }

  #sent(blob: Blob, name: string, { reading = {} }: LookOptions): SentImage {
    let key = this.#keys.get(blob);
    if (key === undefined) {
      key = this.#nextKey++;
      this.#keys.set(blob, key);
    }
    return { key, name, blob, reading };
  }

  async #ask<N extends keyof PageCalls>(
    { signal }: AskHooks,
    call: N,
    ...args: Parameters<PageCalls[N]>
  ): Promise<ReturnType<PageCalls[N]>> {
    if (this.#crash !== undefined) this.#startAgain(this.#crash);
    const thread = await this.#thread;
    try {
      return await thread.askWith({ signal }, call, ...args);
    } catch (error) {
      if (isCrash(error) && !this.#ended.has(thread)) {
        this.#ended.add(thread);
        this.#crash = error;
        thread.end();
      }
      throw error;
    }
  }

  #startAgain(reason: XrayError): void {
    this.#crash = undefined;
    const { model, options, files } = this.#start;
    const start = async () => {
      const thread = startThread();
      try {
        await thread.ask("warm", options, files);
        await thread.ask("load", model, options);
        return thread;
      } catch (error) {
        thread.end();
        // The next call tries again.
        this.#crash = isCrash(error) ? error : reason;
        throw error;
      }
    };
    this.#thread = start();
    this.#onRestart?.(reason);
  }
}
