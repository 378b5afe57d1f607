/**
 * The calls that a page makes to the worker with the engine, and the replies.
 *
 * Knows: types only, so that making calls loads none of the code that answers them.
 */

import type {
  ExplainOptions,
  Explanation,
  LoadedCard,
  LoadOptions,
  ModelPrediction,
  PredictOptions,
} from "../engine/model.ts";
import type { SentError } from "../errors.ts";
import type { ModelCard } from "../models/card.ts";
import type { OverlayOptions } from "../report/overlay/overlay-of.ts";
import type { RgbPixels } from "../report/overlay/pixels.ts";
import type { NamedSource } from "./bytes.ts";
import type { BrowserDevice } from "./session.ts";

/** Options for loading a model. */
export interface ModelOptions extends LoadOptions {
  /** `webgpu`, or `wasm` (also called `cpu`). By default, WebGPU if there is an adapter for it. */
  readonly device?: string;
  /** Threads of WebAssembly; by default one per logical processor, at most 8. */
  readonly threads?: number;
  /** The model's card, which takes precedence over its file: what would be in `<file>.json` beside it. */
  readonly card?: ModelCard;
}

/** What the page learns about a model once it is loaded. */
export interface ModelFacts {
  /** Whether it is a DenseNet121, or a network that is run and not understood. */
  readonly kind: "densenet121" | "network";
  readonly name: string;
  readonly card: LoadedCard;
  readonly notes: readonly string[];
  readonly device: BrowserDevice;
  readonly threads: number;
}

/** The calls. `load` comes first, and only once. */
export interface Calls {
  load(model: NamedSource, options: ModelOptions, files: string | undefined): ModelFacts;
  sha256(): string;
  predict(images: readonly NamedSource[], options: PredictOptions): ModelPrediction[];
  explain(image: NamedSource, options: ExplainOptions): Explanation;
  overlay(image: NamedSource, options: OverlayOptions): RgbPixels;
  /** Comes last. */
  release(): void;
}

/** Calls by name: what each takes, and what it returns in the end. */
// biome-ignore lint/suspicious/noExplicitAny: any arguments and results
export type CallTable<C> = { readonly [N in keyof C]: (...args: any[]) => unknown };

/** A call with its arguments. */
export interface Call<C extends CallTable<C>, N extends keyof C = keyof C> {
  readonly id: number;
  readonly name: N;
  readonly args: Parameters<C[N]>;
}

/** Cancels a call that its caller no longer wants. */
export interface Cancel {
  readonly id: number;
  readonly name: "cancel";
}

/** What a worker reports while it works on a call. */
export interface Progress {
  readonly id: number;
  readonly done: number;
  readonly total: number;
}

/** The reply of a worker: a value or a failure. */
export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: SentError;
}
