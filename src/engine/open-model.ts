/**
 * From a model to a network that can be run.
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
import { isOcclusion, type MapRecipe } from "../models/map-recipe.ts";
import { type Forward, ForwardPass } from "./forward-pass.ts";
import { forwardMapsOf, HeatmapSource, type MapSource } from "./heatmap-source.ts";
import { loadPart } from "./load-part.ts";
import { denseNetOf, type NamedModel } from "./read-model.ts";

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
  readonly forward: Forward;
  /** Makes maps from those outputs, if any are wanted. */
  readonly maps: MapSource | undefined;
  /** Makes the maps for pictures; the same as `maps` unless others were asked for. */
  readonly drawn: MapSource | undefined;
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

/** The choice of method that is for all labels, since a card never names occlusion. */
const isByOcclusion = ([first]: readonly MapRecipe[]): boolean => first !== undefined && isOcclusion(first);

/** What cannot be had of a network that is only run, and what can. */
const NO_LAYERS = "there are no maps of its layers; choose the heatmap method occlusion";

/** Check that a model can make heatmaps of a kind. Throws XrayError `heatmaps/no-card`, `model/only-run`. */
export function checkMaps(model: NamedModel, choice: MapChoice): void {
  if (!isByOcclusion(recipesOf(model, choice))) denseNetOf(model, NO_LAYERS);
}

/** Start a model's own network. */
async function openForward(
  model: NamedModel,
  recipes: readonly (readonly MapRecipe[])[],
  createSession: SessionFactory,
  { terms, ...options }: OpenOptions,
): Promise<Forward> {
  if (model.kind === "network") {
    if (!recipes.every(isByOcclusion)) denseNetOf(model, NO_LAYERS);
    const { openNetwork } = await loadPart("network-pass.js", () => import("./network-pass.ts"));
    return openNetwork(model, createSession, options);
  }
  const needed = recipes.flatMap((some) => forwardMapsOf(some));
  // Codes depend on the last bit of the stem's float32, and so on how it is computed: always in the same way.
  const same = model.codes === undefined ? {} : { optimise: "throughput" as const };
  return new ForwardPass(await createSession(compileModel(model, needed, terms), { ...options, ...same }));
}

/** Start what makes a model's heatmaps. */
async function openMaps(
  model: NamedModel,
  recipes: readonly MapRecipe[],
  forward: Forward,
  createSession: SessionFactory,
  options: SessionOptions,
): Promise<MapSource> {
  if (!isByOcclusion(recipes))
    return HeatmapSource.open(denseNetOf(model, NO_LAYERS), recipes, createSession, options);
  const { OcclusionMaps } = await loadPart("occlusion-maps.js", () => import("./occlusion-maps.ts"));
  return new OcclusionMaps(forward, recipes, inputSizeOf(model.card.preparation));
}

/**
 * Open a model: compile it, if it is a DenseNet121, and start it.
 *
 * @param createSession  The session factory of this machine.
 * @throws               XrayError `runtime/…`, `heatmaps/no-card`; `onnx/not-runnable`, `model/only-run` for a network that
 *                       is only run.
 */
export async function openModel(
  model: NamedModel,
  createSession: SessionFactory,
  { maps, drawn, ...options }: OpenOptions = {},
): Promise<OpenModel> {
  const isShared = JSON.stringify(maps) === JSON.stringify(drawn);
  const recipes = [maps, isShared ? undefined : drawn].map((choice) => choice && recipesOf(model, choice));
  const wanted = recipes.filter((some) => some !== undefined);
  const forward = await openForward(model, wanted, createSession, options);
  const sources: (MapSource | undefined)[] = [];
  const release = async () => {
    try {
      for (const source of sources) await source?.release();
    } finally {
      await forward.release();
    }
  };
  const { terms: _, ...session } = options;
  try {
    for (const some of recipes)
      sources.push(some && (await openMaps(model, some, forward, createSession, session)));
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
