/**
 * What a page asks of the worker that has the engine, and what it is answered.
 *
 * Knows: types only, so that asking loads none of the code that answers.
 */

import type { ExplainOptions, Explanation, LoadOptions, ModelPrediction } from "../engine/model.ts";
import type { SentError } from "../errors.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import type { ModelCard } from "../models/card.ts";
import type { ColormapName } from "../report/overlay/colormap.ts";
import type { RgbPixels } from "../report/overlay/pixels.ts";
import type { NamedSource } from "./bytes.ts";
import type { BrowserDevice } from "./session.ts";

/** How a model is loaded. */
export interface ModelOptions extends LoadOptions {
  /** `webgpu`, or `wasm` (also called `cpu`); WebGPU where there is an adapter for it, unless given. */
  readonly device?: string;
  /** Of WebAssembly; as many as there are logical processors, at most 8, unless given. */
  readonly threads?: number;
  /** What is known of the model, over what its file says: what would stand in `<file>.json` beside it. */
  readonly card?: ModelCard;
}

/** What a picture of heatmaps shows. */
export interface OverlayOptions extends ExplainOptions {
  /** `top` (the most probable) unless given, `detected` (0.5 and over), `all`, or names of findings. */
  readonly findings?: "top" | "detected" | "all" | readonly string[];
  /** Inferno unless given. */
  readonly colormap?: ColormapName;
}

/** What is told of a model once it is loaded. */
export interface ModelFacts {
  readonly labels: readonly string[];
  readonly labelSource: string;
  readonly notes: readonly string[];
  readonly device: BrowserDevice;
  readonly threads: number;
}

/** What can be asked. `load` comes first, and once. */
export interface Calls {
  load(model: NamedSource, options: ModelOptions, files: string | undefined): ModelFacts;
  sha256(): string;
  predict(images: readonly NamedSource[], reading: ReadingOptions): ModelPrediction[];
  explain(image: NamedSource, options: ExplainOptions): Explanation;
  overlay(image: NamedSource, options: OverlayOptions): RgbPixels;
  /** Comes last. */
  release(): void;
}

export type CallName = keyof Calls;

/** A call with its arguments. */
export interface Call<N extends CallName = CallName> {
  readonly id: number;
  readonly name: N;
  readonly args: Parameters<Calls[N]>;
}

/** What a worker answers: a value or a failure. */
export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: SentError;
}
