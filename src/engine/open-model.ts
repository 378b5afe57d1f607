/**
 * From a model's weights to a network that can be run.
 *
 * Pipeline:   model → **graph → session** → predictions
 * Knows:      models and sessions, which it wires together. Not files.
 */

import { KnownImagesRule } from "../checks/known-images.ts";
import { inFile } from "../errors.ts";
import type { SessionFactory, SessionOptions } from "../graph/session.ts";
import { inputSizeOf } from "../image/preparation.ts";
import type { ResolvedCard } from "../models/card.ts";
import type { WeightKind } from "../models/choose-weights.ts";
import { compileModel } from "../models/compile.ts";
import { chosenRecipes, type MapChoice } from "../models/map-choice.ts";
import type { MapRecipe } from "../models/map-recipe.ts";
import { ForwardPass } from "./forward-pass.ts";
import { forwardMapsOf, HeatmapSource } from "./heatmap-source.ts";
import type { NamedModel } from "./read-model.ts";

/** How a model is opened. */
export interface OpenOptions extends SessionOptions {
  /** The heatmaps to compute; none by default. */
  readonly maps?: MapChoice | undefined;
  /** The heatmaps for pictures, if they differ from those. */
  readonly drawn?: MapChoice | undefined;
  /** Whether to give the terms of the logits, too. */
  readonly terms?: boolean;
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
  /** Computes the outputs of images. */
  readonly forward: ForwardPass;
  /** Makes maps from those outputs, if any are wanted. */
  readonly maps: HeatmapSource | undefined;
  /** Makes the maps for pictures; the same as `maps` unless others were asked for. */
  readonly drawn: HeatmapSource | undefined;
  /** Measures images by their embedding, if the card has figures to compare it with. */
  readonly knownImages: KnownImagesRule | undefined;
  release(): Promise<void>;
}

/** Each label's recipe. Throws XrayError `heatmaps/no-card`, naming the model. */
function recipesOf({ name, card }: NamedModel, choice: MapChoice): MapRecipe[] {
  try {
    return chosenRecipes(card, choice);
  } catch (error) {
    throw inFile(name, error);
  }
}

/**
 * Open a model: compile it and start it.
 *
 * @param createSession  The session factory of this machine.
 * @throws               XrayError `runtime/…`, `heatmaps/no-card`.
 */
export async function openModel(
  model: NamedModel,
  createSession: SessionFactory,
  { maps, drawn, terms, ...options }: OpenOptions = {},
): Promise<OpenModel> {
  const isShared = JSON.stringify(maps) === JSON.stringify(drawn);
  const recipes = [maps, isShared ? undefined : drawn].map((choice) => choice && recipesOf(model, choice));
  const needed = recipes.flatMap((some) => (some === undefined ? [] : forwardMapsOf(some)));
  // Codes depend on the last bit of the stem's float32, and so on how it is computed: always in the same way.
  const forPass = model.codes === undefined ? options : { ...options, optimise: "throughput" as const };
  const forward = new ForwardPass(await createSession(compileModel(model, needed, terms), forPass));
  const sources: (HeatmapSource | undefined)[] = [];
  const release = async () => {
    try {
      for (const source of sources) await source?.release();
    } finally {
      await forward.release();
    }
  };
  try {
    for (const some of recipes)
      sources.push(some && (await HeatmapSource.open(model, some, createSession, options)));
  } catch (error) {
    await release();
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
    forward,
    maps: sources[0],
    drawn: sources[1] ?? sources[0],
    knownImages: card.knownImages && new KnownImagesRule(card.knownImages),
    release,
  };
}
