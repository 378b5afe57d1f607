/**
 * The engine as the page uses it: a model in a worker that reads images, and in a second one that computes finer maps.
 *
 * Knows: the workers' calls. Not how they are answered, nor how readings are shown.
 */

import { type BrowserSource, type NamedSource, nameSource } from "../../src/browser/bytes.ts";
import type { ModelFacts, ModelOptions } from "../../src/browser/calls.ts";
import { EngineThread } from "../../src/browser/engine-thread.ts";
import { checkIsolated } from "../../src/browser/isolation.ts";
import { quote, XrayError } from "../../src/errors.ts";
import type { ReadingOptions } from "../../src/image/prepare.ts";
import { PLAIN_RECIPE } from "../../src/models/map-recipe.ts";
import type { Threshold } from "../../src/results/prediction.ts";
import { BusyCount } from "./giving-way.ts";
import type { MapCalls } from "./map-calls.ts";
import type { PageCalls, SentImage } from "./page-calls.ts";
import type { ErasedReading, FinerMap, ImageReading, PreparedView, ViewerPicture } from "./reading.ts";
import { StandingThread, type StartedThread } from "./standing-thread.ts";

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

/** What workers are started with. */
interface Start {
  readonly model: NamedSource;
  readonly options: ModelOptions;
  readonly files: string;
}

function readingThread(): EngineThread<PageCalls> {
  const worker = new Worker(new URL("./page-worker.ts", import.meta.url), {
    type: "module",
    name: "medical-x",
  });
  return new EngineThread<PageCalls>(worker, "page-worker.js");
}

/** Start another worker that reads images. */
function startReading({ model, options, files }: Start): StartedThread<PageCalls> {
  const thread = readingThread();
  const ready = Promise.all([thread.ask("warm", options, files), thread.ask("load", model, options)]);
  return { thread, ready };
}

/**
 * Start the worker that computes finer maps, on the same device. It has one thread fewer and gives way to the one that reads
 * images, which thus keeps its share of the processor.
 */
function startMapping(
  { model, options, files }: Start,
  { device, threads }: ModelFacts,
  { memory }: BusyCount,
): StartedThread<MapCalls> {
  const worker = new Worker(new URL("./map-worker.ts", import.meta.url), {
    type: "module",
    name: "medical-x maps",
  });
  const thread = new EngineThread<MapCalls>(worker, "map-worker.js");
  const fewer = { ...options, device, threads: Math.max(1, threads - 1) };
  return { thread, ready: thread.ask("load", model, fewer, files, memory) };
}

/** A loaded model in workers. Each answers its calls one after the other. */
export class PageEngine {
  /** Name, card, notes, and where the network runs. */
  readonly facts: ModelFacts;
  readonly #reading: StandingThread<PageCalls>;
  /** Started for the first finer map. */
  readonly #mapping: StandingThread<MapCalls>;
  /** The calls to which finer maps give way. */
  readonly #busy: BusyCount;
  /** The same blob always has the same key. */
  readonly #keys = new WeakMap<Blob, number>();
  #nextKey = 0;
  /** The image of the last finer map, as the network takes it. */
  #last: { readonly key: string; readonly view: PreparedView } | undefined;

  private constructor(
    facts: ModelFacts,
    reading: StandingThread<PageCalls>,
    mapping: StandingThread<MapCalls>,
    busy: BusyCount,
  ) {
    this.facts = facts;
    this.#reading = reading;
    this.#mapping = mapping;
    this.#busy = busy;
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
    const thread = readingThread();
    try {
      const [source] = await Promise.all([model, thread.askWith({ signal }, "warm", options, folder)]);
      const named = nameSource(source);
      const start = { model: { ...named, name: name ?? named.name }, options, files: folder };
      const facts = await thread.askWith({ signal }, "load", start.model, options);
      const first = { thread, ready: Promise.resolve() };
      const busy = new BusyCount();
      return new PageEngine(
        facts,
        new StandingThread(() => startReading(start), first, onRestart),
        new StandingThread(() => startMapping(start, facts, busy)),
        busy,
      );
    } catch (error) {
      thread.end();
      throw error;
    }
  }

  /** SHA-256 of the model's file, in hexadecimal. */
  sha256(): Promise<string> {
    return this.#reading.ask({}, "sha256");
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
    return this.#busy.during(this.#reading.ask({ signal }, "read", this.#sent(image, name, options), sent));
  }

  /** Only decode an image: one whose picture was dropped from memory, or that the server predicted. */
  async look(image: Blob, name: string, options: LookOptions = {}): Promise<ViewerPicture> {
    return this.#busy.during(this.#reading.ask(options, "look", this.#sent(image, name, options)));
  }

  /**
   * The map that the model's card names for one finding, or by occlusion for a network that is run and not understood. It costs
   * more than one further forward pass, on the worker for maps, which is started for the first one. Images are read meanwhile.
   * Where the card names none, it is Grad-CAM at norm5 of another reading.
   *
   * @param finding  A label of the model.
   * @throws         XrayError `findings/unknown`, or that of the image; `browser/worker-failed` if that worker broke, after
   *                 which the next map starts another one.
   */
  async finer(image: Blob, name: string, finding: string, options: LookOptions = {}): Promise<FinerMap> {
    const { kind, card } = this.facts;
    const { labels, maps } = card;
    const index = labels.indexOf(finding);
    if (index < 0) {
      const message = `the model has no finding ${quote(finding)}; it has ${labels.join(", ")}`;
      throw new XrayError("findings/unknown", message, { finding });
    }
    if (kind !== "network" && maps?.findings[finding] === undefined) {
      const { heatmaps, shape, region } = await this.read(image, name, { ...options, force: true });
      const [, height, width] = shape;
      const data = heatmaps.slice(index * height * width, (index + 1) * height * width);
      return { data, height, width, recipe: PLAIN_RECIPE, region };
    }
    const { values, region } = await this.#prepared(this.#sent(image, name, options), options);
    const map = await this.#mapping.ask(options, "map", name, values, index);
    return { ...map, region };
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
    return this.#busy.during(this.#reading.ask(options, "erase", this.#sent(image, name, options), mask));
  }

  /** End the workers at once, which frees all of their memory. Calls that are not answered yet fail with `model/released`. */
  async release(): Promise<void> {
    this.#reading.release();
    this.#mapping.release();
  }

  /** The image as the network takes it: kept from the last call if that was about the same one. */
  async #prepared(sent: SentImage, options: LookOptions): Promise<PreparedView> {
    const key = JSON.stringify([sent.key, sent.reading]);
    if (this.#last?.key !== key) {
      const view = await this.#reading.ask(options, "prepare", sent);
      this.#last = { key, view };
    }
    return this.#last.view;
  }

  #sent(blob: Blob, name: string, { reading = {} }: LookOptions): SentImage {
    let key = this.#keys.get(blob);
    if (key === undefined) {
      key = this.#nextKey++;
      this.#keys.set(blob, key);
    }
    return { key, name, blob, reading };
  }
}
