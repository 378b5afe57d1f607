/**
 * Which heatmaps a model makes: one recipe for all findings, or for each finding the one that its card names.
 *
 * Knows: cards and recipes.
 */

import { XrayError } from "../errors.ts";
import type { HeatmapMethod } from "../heatmaps/methods.ts";
import { HEAT_LEVEL } from "../heatmaps/regions.ts";
import type { ResolvedCard } from "./card.ts";
import type { FindingMaps } from "./card-maps.ts";
import type { HeatmapLayer } from "./densenet121.ts";
import { isSameRecipe, type MapRecipe, PLAIN_RECIPE, recipeOf } from "./map-recipe.ts";

/** One recipe for all findings, or the card's for each. */
export type MapChoice = MapRecipe | "card";

/** Heatmaps as callers ask for them. */
export interface MapOptions {
  /** Grad-CAM by default; or `card` for the method and layers that the model's card names for each finding. */
  readonly method?: HeatmapMethod | "card" | undefined;
  /**
   * norm5 by default, which costs next to nothing; for fused methods norm5, denseblock3 and denseblock2. Any layer but
   * norm5 needs a backward pass.
   */
  readonly layer?: HeatmapLayer | readonly HeatmapLayer[] | undefined;
}

/**
 * The requested heatmaps, by default Grad-CAM at norm5.
 *
 * @throws  XrayError `heatmaps/unknown-method`, `heatmaps/unknown-layer`, `heatmaps/layer-count`.
 */
export function chooseMaps({ method, layer }: MapOptions): MapChoice {
  const layers = typeof layer === "string" ? [layer] : layer;
  if (method !== "card") return recipeOf(method, layers);
  if (layers === undefined) return method;
  throw new XrayError(
    "heatmaps/layer-count",
    "the model's card names the layers of its heatmaps; leave the layers out, or choose a method",
    { method, layers },
  );
}

/** What decides about a model's heatmaps for pictures. */
interface Drawable {
  readonly kind: "densenet121" | "network";
  readonly card: Pick<ResolvedCard, "maps">;
}

/**
 * The requested heatmaps for pictures: by default the card's, if it names any, or those by occlusion of a network that is run
 * and not understood. Throws as `chooseMaps` does.
 */
export function chooseDrawn(options: MapOptions, { kind, card }: Drawable): MapChoice {
  if (options.method !== undefined || options.layer !== undefined) return chooseMaps(options);
  if (kind === "network") return chooseMaps({ method: "occlusion" });
  return card.maps === undefined ? chooseMaps(options) : "card";
}

/**
 * Each label's recipe. For labels of which the card names none it is Grad-CAM at norm5.
 *
 * @throws  XrayError `heatmaps/no-card` if the card names none at all.
 */
export function chosenRecipes(
  { labels, maps }: Pick<ResolvedCard, "labels" | "maps">,
  choice: MapChoice,
): MapRecipe[] {
  if (choice === "card" && maps === undefined) {
    const message =
      "the model's card names no heatmaps; choose them by boxes when calibrating the model, or name a method";
    throw new XrayError("heatmaps/no-card", message, {});
  }
  return labels.map((label) => {
    const { method, layers } = choice === "card" ? (maps?.findings[label] ?? PLAIN_RECIPE) : choice;
    return recipeOf(method, layers);
  });
}

/** What a card says about a label's heatmap, if the heatmap is made as the card says. */
export function saidOf(
  { maps }: Pick<ResolvedCard, "maps">,
  label: string,
  recipe: MapRecipe,
): FindingMaps | undefined {
  const said = maps?.findings[label];
  return said !== undefined && isSameRecipe(said, recipe) ? said : undefined;
}

/** The level at which regions of a label's heatmap are cut: the card's, if the heatmap is made as it says, or 180/255. */
export const regionLevel = (card: Pick<ResolvedCard, "maps">, label: string, recipe: MapRecipe): number =>
  saidOf(card, label, recipe)?.level ?? HEAT_LEVEL;

/** A choice of heatmaps as reports name it. */
export const namesOfMaps = (choice: MapChoice): { method: string; layer: string } =>
  choice === "card"
    ? { method: "card", layer: "card" }
    : { method: choice.method, layer: choice.layers.join("+") || "image" };
