/**
 * The heatmaps among which each finding's is chosen by its boxes.
 *
 * Knows: names of methods and layers. Not how maps are judged.
 */

import type { CamMethod, LayerMethod } from "../heatmaps/methods.ts";
import type { HeatmapLayer } from "./densenet121.ts";
import { type LayerMap, layerMapKey, layerMapsOf, type MapRecipe, recipeOf } from "./map-recipe.ts";

const METHODS: readonly LayerMethod[] = ["gradcam", "gradcam++", "hirescam", "layercam"];

/** From last to first. Maps before denseblock2 cost more and were not found to point better. */
const LAYERS: readonly HeatmapLayer[] = [
  "norm5",
  "denseblock4",
  "transition3",
  "denseblock3",
  "transition2",
  "denseblock2",
];

/** Layers whose maps are multiplied with norm5's: transition3 is left out, because it shows what denseblock4 begins with. */
const FUSED_LAYERS = LAYERS.filter((layer) => layer !== "norm5" && layer !== "transition3");

/** All sets of one or more items. */
const setsOf = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: 2 ** items.length }, (_, bits) => items.filter((_, i) => (bits >> i) & 1)).slice(1);

/**
 * All candidates. Grad-CAM at norm5 is the first, and cheaper ones come before others.
 *
 * Of fused maps they are the products that contain norm5. Other products point about as often, but show less of what the model
 * used: deletion and insertion are worse. Maxima point less often (docs/heatmaps.md).
 */
export const MAP_CANDIDATES: readonly (MapRecipe & { readonly method: CamMethod })[] = [
  ...LAYERS.flatMap((layer) => METHODS.map((method) => recipeOf(method, [layer]))),
  ...setsOf(FUSED_LAYERS)
    .sort((a, b) => a.length - b.length)
    .map((layers) => recipeOf("product", ["norm5", ...layers])),
];

/** The maps of single layers that all candidates together need. */
export const CANDIDATE_MAPS: readonly LayerMap[] = MAP_CANDIDATES.flatMap(layerMapsOf).filter(
  (map, i, all) => all.findIndex((other) => layerMapKey(other) === layerMapKey(map)) === i,
);
