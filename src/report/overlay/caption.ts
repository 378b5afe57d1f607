/**
 * What is said of a heatmap below its title.
 *
 * Knows: cards and recipes, in words. Not where words are written.
 */

import type { ResolvedCard } from "../../models/card.ts";
import { weaknessOf } from "../../models/card-maps.ts";
import { saidOf } from "../../models/map-choice.ts";
import type { MapRecipe } from "../../models/map-recipe.ts";
import { recipeWords } from "../words/heatmaps.ts";

/**
 * The remarks on a finding's heatmap: its method and layers, that it shows the finding's place no better than chance
 * if the card has measured this, and that the model knows only phantoms if that is so.
 */
export function remarksOn(
  card: Pick<ResolvedCard, "maps" | "trainedOn">,
  label: string,
  recipe: MapRecipe,
): string[] {
  const said = saidOf(card, label, recipe);
  const weakness = said && weaknessOf(said);
  return [
    recipeWords(recipe),
    ...(weakness === undefined ? [] : [weakness]),
    ...(card.trainedOn === "phantoms" ? ["knows drawn phantoms only"] : []),
  ];
}
