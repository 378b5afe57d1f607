/**
 * What a page asks of the worker that has the engine, and what it is answered.
 *
 * Knows: types only, so that asking loads none of the code that answers.
 */

import type {
  ExplainOptions,
  Explanation,
  LoadedCard,
  LoadOptions,
  ModelPrediction,
  PredictOptions,
} from "../engine/model.ts";
import type { ErrorCode, ErrorDetails } from "../errors.ts";
import type { ModelCard } from "../models/card.ts";
import type { OverlayOptions } from "../report/overlay/overlay-of.ts";
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

/** What is told of a model once it is loaded. */
export interface ModelFacts {
  readonly name: string;
  readonly card: LoadedCard;
  readonly notes: readonly string[];
  readonly device: BrowserDevice;
  readonly threads: number;
}

/** What can be asked. `load` comes first, and once. */
export interface Calls {
  load(model: NamedSource, options: ModelOptions, files: string | undefined): ModelFacts;
  sha256(): string;
  predict(images: readonly NamedSource[], options: PredictOptions): ModelPrediction[];
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

/** A call whose caller does not want it any more. */
export interface Cancel {
  readonly id: number;
  readonly name: "cancel";
}

/** What a worker tells while it works on a call. */
export interface Progress {
  readonly id: number;
  readonly done: number;
  readonly total: number;
}

/** What a worker answers: a value or a failure. */
export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails };
}
