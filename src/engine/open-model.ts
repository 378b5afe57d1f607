/**
 * From a model's weights to a network that runs.
 *
 * Pipeline:   model → **graph → session** → predictions
 * Knows:      models and sessions, which it wires together. Not files.
 */

import type { Session, SessionFactory, SessionOptions } from "../graph/session.ts";
import type { HeatmapMethod } from "../heatmaps/methods.ts";
import { inputSizeOf } from "../image/preparation.ts";
import type { ResolvedCard } from "../models/card.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import { compileModel } from "../models/compile.ts";
import type { HeatmapLayer } from "../models/densenet121.ts";
import { HeatmapSource } from "./heatmap-source.ts";
import type { NamedModel } from "./read-model.ts";

/** Which heatmaps a model shall give. */
export interface MapChoice {
  readonly method: HeatmapMethod;
  /** The layer that they are of; norm5 unless given. */
  readonly layer?: HeatmapLayer;
}

/** How a model is opened. */
export interface OpenOptions extends SessionOptions {
  /** The heatmaps that are wanted; none unless given. */
  readonly maps?: MapChoice | undefined;
}

/** A model that runs. */
export interface OpenModel {
  /** The file's name, or `demo`. */
  readonly name: string;
  /** SHA-256 of the file, in hexadecimal; computed when first asked for, on a thread of its own. */
  sha256(): Promise<string>;
  readonly card: ResolvedCard;
  /** Which of the file's outputs the card's labels are of. */
  readonly outputs: readonly number[];
  /** Which of its file's weights it has. */
  readonly weightKind: WeightKind;
  /** What is to be said of how its file was read: what was found in it, assumed of it, left out. */
  readonly notes: readonly string[];
  readonly inChannels: number;
  /** Extents of the network's input. */
  readonly input: { readonly width: number; readonly height: number };
  /** Its outputs are named as `PORTS` says. */
  readonly session: Session;
  /** What makes maps of those outputs, where any are wanted. */
  readonly maps: HeatmapSource | undefined;
  release(): Promise<void>;
}

/**
 * Open a model: compile it and start it.
 *
 * @param createSession  This machine's.
 * @throws               XrayError `runtime/…`.
 */
export async function openModel(
  model: NamedModel,
  createSession: SessionFactory,
  { maps: choice, ...options }: OpenOptions = {},
): Promise<OpenModel> {
  const { method, layer = "norm5" } = choice ?? {};
  const session = await createSession(compileModel(model, method, layer), options);
  let maps: HeatmapSource | undefined;
  try {
    maps = method && (await HeatmapSource.open(model, { method, layer }, createSession, options));
  } catch (error) {
    await session.release();
    throw error;
  }
  const { name, card, outputs, weightKind, notes, inChannels } = model;
  return {
    name,
    sha256: model.sha256,
    card,
    outputs,
    weightKind,
    notes,
    inChannels,
    input: inputSizeOf(card.preparation),
    session,
    maps,
    async release() {
      try {
        await maps?.release();
      } finally {
        await session.release();
      }
    },
  };
}
