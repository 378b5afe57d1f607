/**
 * From a model's weights to a network that can be run.
 *
 * Pipeline:   model → **graph → session** → predictions
 * Knows:      models and sessions, which it wires together. Not files.
 */

import { KnownImagesRule } from "../checks/known-images.ts";
import type { Session, SessionFactory, SessionOptions } from "../graph/session.ts";
import type { HeatmapMethod } from "../heatmaps/methods.ts";
import { inputSizeOf } from "../image/preparation.ts";
import type { ResolvedCard } from "../models/card.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import { compileModel } from "../models/compile.ts";
import type { HeatmapLayer } from "../models/densenet121.ts";
import { HeatmapSource } from "./heatmap-source.ts";
import type { NamedModel } from "./read-model.ts";

/** Which heatmaps a model should compute. */
export interface MapChoice {
  readonly method: HeatmapMethod;
  /** The layer to compute them at; norm5 by default. */
  readonly layer?: HeatmapLayer;
}

/** How a model is opened. */
export interface OpenOptions extends SessionOptions {
  /** The heatmaps to compute; none by default. */
  readonly maps?: MapChoice | undefined;
}

/** A model that can be run. */
export interface OpenModel {
  /** The file's name, or `demo`. */
  readonly name: string;
  /** SHA-256 of the file, in hexadecimal. Computed on first use, on a thread of its own. */
  sha256(): Promise<string>;
  readonly card: ResolvedCard;
  /** Indices of the file's outputs that the card's labels belong to. */
  readonly outputs: readonly number[];
  /** Which of the file's weights are in use. */
  readonly weightKind: WeightKind;
  /** Notes on how the file was read: what was found in it, assumed about it, or left out. */
  readonly notes: readonly string[];
  readonly inChannels: number;
  /** Size of the network's input. */
  readonly input: { readonly width: number; readonly height: number };
  /** Its outputs have the names in `PORTS`. */
  readonly session: Session;
  /** Makes maps from those outputs, if any are wanted. */
  readonly maps: HeatmapSource | undefined;
  /** Measures images by their embedding, if the card has figures to compare it with. */
  readonly knownImages: KnownImagesRule | undefined;
  release(): Promise<void>;
}

/**
 * Open a model: compile it and start it.
 *
 * @param createSession  The session factory of this machine.
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
    knownImages: card.knownImages && new KnownImagesRule(card.knownImages),
    async release() {
      try {
        await maps?.release();
      } finally {
        await session.release();
      }
    },
  };
}
