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
 * What is said of a finding's heatmap: its method and layers, and that it shows the finding's place no better than chance
 * if the card has measured this.
 */
export function mapRemarksOn(card: Pick<ResolvedCard, "maps">, label: string, recipe: MapRecipe): string[] {
  const said = saidOf(card, label, recipe);
  const weakness = said && weaknessOf(said);
  return [recipeWords(recipe), ...(weakness === undefined ? [] : [weakness])];
}

/** The same for a picture that stands alone: also that the model knows only phantoms, if that is so. */
export const remarksOn = (
  card: Pick<ResolvedCard, "maps" | "trainedOn">,
  label: string,
  recipe: MapRecipe,
): string[] => [
  ...mapRemarksOn(card, label, recipe),
  ...(card.trainedOn === "phantoms" ? ["knows drawn phantoms only"] : []),
];
