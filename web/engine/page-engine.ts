/**
 * The engine as the page uses it: a model in a worker that reads images.
 *
 * Knows: the worker's calls. Not how they are answered, nor how readings are shown.
 */

import type { BrowserSource } from "../../src/browser/bytes.ts";
import type { ModelFacts, ModelOptions } from "../../src/browser/calls.ts";
import type { XrayError } from "../../src/errors.ts";
import type { ReadingOptions } from "../../src/image/prepare.ts";
import type { Threshold } from "../../src/results/prediction.ts";
import type { ErasedReading, FinerMap, ImageReading, ViewerPicture } from "./reading.ts";

/** How an engine is started. */
export interface PageEngineOptions extends ModelOptions {
  /** The folder with the WebAssembly files; `./engine/` beside the page by default. */
  readonly files?: string | URL;
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

/** A loaded model in a worker. Calls are answered one after the other. */
export class PageEngine {
  /** Name, card, notes, and where the network runs. */
  readonly facts: ModelFacts;

  private constructor(facts: ModelFacts) {
    this.facts = facts;
  }

  /**
   * Start a worker and load a model. What else the worker needs is fetched in the meantime, so pass a promise if the model
   * is still on its way.
   *
   * @param model  A checkpoint (`.pth`, `.safetensors`, …): a blob, chosen file, bytes or URL; or a promise of one.
   * @throws       XrayError `browser/not-isolated`, `browser/worker-failed`, or one that names the file.
   */
  static async load(
    _model: BrowserSource | Promise<BrowserSource>,
    _options: PageEngineOptions = {},
  ): Promise<PageEngine> {
    throw new Error("not written yet");
  }

  /** SHA-256 of the model's file, in hexadecimal. */
  sha256(): Promise<string> {
    throw new Error("not written yet");
  }

  /**
   * Read an image: predict it, with all maps and terms, and the picture for the viewer.
   *
   * @param name  The name in the result and in messages.
   * @throws      XrayError that of the image; `input/…` if a check refuses it; `browser/worker-failed`.
   */
  read(_image: Blob, _name: string, _options: ReadOptions = {}): Promise<ImageReading> {
    throw new Error("not written yet");
  }

  /** Only decode an image: one whose picture was dropped from memory, or that the server predicted. */
  look(
    _image: Blob,
    _name: string,
    _options: Pick<ReadOptions, "reading" | "signal"> = {},
  ): Promise<ViewerPicture> {
    throw new Error("not written yet");
  }

  /**
   * The map that the model's card names for one finding; Grad-CAM at norm5 if it names none. It costs about one more
   * forward pass.
   *
   * @param finding  A label of the model.
   */
  finer(
    _image: Blob,
    _name: string,
    _finding: string,
    _options: Pick<ReadOptions, "reading" | "signal"> = {},
  ): Promise<FinerMap> {
    throw new Error("not written yet");
  }

  /**
   * Predict an image of which a part is erased, that is, filled smoothly from its surroundings. No check is made.
   *
   * @param mask  width × height of the picture, row by row: 1 = erased, 0 = kept. Copied to the worker, not moved.
   */
  erase(
    _image: Blob,
    _name: string,
    _mask: Uint8Array,
    _options: Pick<ReadOptions, "reading" | "signal"> = {},
  ): Promise<ErasedReading> {
    throw new Error("not written yet");
  }

  /** End the worker and free all of its memory. */
  async release(): Promise<void> {
    throw new Error("not written yet");
  }
}
