/**
 * What is said of a heatmap below its title.
 *
 * Knows: cards and recipes, in words. Not where words are written.
 */

import type { HeatmapMethod } from "../../heatmaps/methods.ts";
import type { ResolvedCard } from "../../models/card.ts";
import { isTooSmall } from "../../models/card-maps.ts";
import { saidOf } from "../../models/map-choice.ts";
import type { MapRecipe } from "../../models/map-recipe.ts";

/** How a method and its layers are named. */
const IN_WORDS: { readonly [M in HeatmapMethod]: (layers: string) => string } = {
  gradcam: (layers) => `Grad-CAM, ${layers}`,
  "gradcam++": (layers) => `Grad-CAM++, ${layers}`,
  hirescam: (layers) => `HiResCAM, ${layers}`,
  layercam: (layers) => `LayerCAM, ${layers}`,
  eigencam: (layers) => `EigenCAM, ${layers}`,
  product: (layers) => `product of ${layers}`,
  maximum: (layers) => `maximum of ${layers}`,
};

/**
 * The remarks on a finding's heatmap: its method and layers, that it cannot show the finding's place if the card has
 * measured this, and that the model knows only phantoms if that is so.
 */
export function remarksOn(
  card: Pick<ResolvedCard, "maps" | "trainedOn">,
  label: string,
  recipe: MapRecipe,
): string[] {
  const said = saidOf(card, label, recipe);
  return [
    IN_WORDS[recipe.method](recipe.layers.join(", ")),
    ...(said !== undefined && isTooSmall(said) ? ["too small to localise"] : []),
    ...(card.trainedOn === "phantoms" ? ["knows drawn phantoms only"] : []),
  ];
}
