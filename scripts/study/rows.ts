/** The heatmaps that the study's tables compare. */

import { type HeatmapMethod, isFused } from "../../src/heatmaps/methods.ts";
import type { HeatmapLayer } from "../../src/models/densenet121.ts";
import { MAP_CANDIDATES } from "../../src/models/map-candidates.ts";
import { type MapRecipe, PLAIN_RECIPE, recipeOf } from "../../src/models/map-recipe.ts";
import { METHOD_NAMES } from "../../src/report/words/heatmaps.ts";

/** A recipe in words: `Grad-CAM at norm5`, `product of norm5, denseblock3`. */
export const titleOf = ({ method, layers }: MapRecipe): string =>
  `${METHOD_NAMES[method]} ${isFused(method) ? "of" : "at"} ${layers.join(", ")}`;

/** What was chosen on the images of the choice. */
export interface Chosen {
  /** The one map that points best at all findings, in the mean over findings. */
  readonly forAll: MapRecipe;
  /** Each finding's map, by the index of its label. */
  readonly byFinding: ReadonlyMap<number, MapRecipe>;
}

/** A row of a table: one way to make heatmaps. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly recipeOf: (chosen: Chosen, label: number) => MapRecipe;
}

const fixed = (id: string, recipe: MapRecipe): Row => ({
  id,
  title: titleOf(recipe),
  recipeOf: () => recipe,
});

export const PLAIN: Row = fixed("plain", PLAIN_RECIPE);
export const PLUS_PLUS: Row = fixed("plus-plus", recipeOf("gradcam++", ["norm5"]));
export const LAYERCAM_3: Row = fixed("layercam-3", recipeOf("layercam", ["denseblock3"]));
export const LAYERCAM_2: Row = fixed("layercam-2", recipeOf("layercam", ["denseblock2"]));
export const PRODUCT: Row = fixed("product", recipeOf("product"));
/** A product that the choice does not consider, because norm5 is not among its layers. */
const WITHOUT_NORM5: Row = fixed("without-norm5", recipeOf("product", ["denseblock4", "denseblock2"]));
const MAXIMUM: Row = fixed("maximum", recipeOf("maximum"));
const FOR_ALL: Row = {
  id: "for-all",
  title: "the best candidate for all findings together",
  recipeOf: ({ forAll }) => forAll,
};
export const CHOSEN: Row = {
  id: "chosen",
  title: "each finding's own choice",
  recipeOf: ({ byFinding }, label) => byFinding.get(label) ?? PLAIN_RECIPE,
};

/** By pointing and overlap. */
export const COMPARED: readonly Row[] = [
  PLAIN,
  PLUS_PLUS,
  fixed("hirescam", recipeOf("hirescam", ["norm5"])),
  LAYERCAM_3,
  LAYERCAM_2,
  WITHOUT_NORM5,
  PRODUCT,
  MAXIMUM,
  FOR_ALL,
  CHOSEN,
];

/** By deletion and insertion; the first is what the others are compared with. */
export const DELETED: readonly Row[] = [PLAIN, PLUS_PLUS, LAYERCAM_2, WITHOUT_NORM5, PRODUCT, CHOSEN];

/** By the sanity check. */
export const CHECKED: readonly Row[] = [PLAIN, LAYERCAM_3, LAYERCAM_2, CHOSEN];

/** At several input sizes. */
export const SIZED: readonly Row[] = [PLAIN, LAYERCAM_2, PRODUCT, CHOSEN];

/** By what they cost. */
export const TIMED: readonly Row[] = [PLAIN, LAYERCAM_3, LAYERCAM_2, PRODUCT];

/** A recipe as the record names it: `product norm5+denseblock3`. */
export const nameOf = ({ method, layers }: MapRecipe): string => `${method} ${layers.join("+")}`;

/** A recipe by that name. */
export function recipeNamed(name: string): MapRecipe {
  const [method, layers] = name.split(" ") as [HeatmapMethod, string];
  return recipeOf(method, layers.split("+") as HeatmapLayer[]);
}

/** The candidates' names, in their order. */
export const CANDIDATE_NAMES: readonly string[] = MAP_CANDIDATES.map(nameOf);
