/**
 * Heatmap methods and layers as people write them.
 *
 * Knows: names.
 */

import { type HeatmapMethod, isFused } from "../../heatmaps/methods.ts";
import type { MapRecipe } from "../../models/map-recipe.ts";

/** The methods. */
export const METHOD_NAMES: { readonly [M in HeatmapMethod]: string } = {
  gradcam: "Grad-CAM",
  "gradcam++": "Grad-CAM++",
  hirescam: "HiResCAM",
  layercam: "LayerCAM",
  eigencam: "EigenCAM",
  product: "product",
  maximum: "maximum",
  occlusion: "Occlusion",
};

/** More layers than this are counted in a caption instead of named. */
const MOST_NAMED = 3;

/** For a caption: `Grad-CAM, norm5`, `product of norm5, denseblock2`, `product of 5 layers`. */
export function recipeWords({ method, layers }: MapRecipe): string {
  if (layers.length === 0) return METHOD_NAMES[method];
  if (!isFused(method)) return `${METHOD_NAMES[method]}, ${layers.join()}`;
  return `${METHOD_NAMES[method]} of ${layers.length > MOST_NAMED ? `${layers.length} layers` : layers.join(", ")}`;
}

/**
 * For a sentence, of a report's `method` and `layer`: `Grad-CAM at features.norm5`, `The product of maps at features.norm5
 * and features.denseblock2`, `The heatmaps that the model's card names`.
 */
export function heatmapWords(method: string, layer: string): string {
  if (method === "card") return "The heatmaps that the model's card names";
  const name = Object.hasOwn(METHOD_NAMES, method) ? METHOD_NAMES[method as HeatmapMethod] : method;
  if (method === "occlusion") return `${name} of parts of the image`;
  const layers = layer.split("+").map((one) => `features.${one}`);
  if (layers.length === 1) return `${name} at ${layers[0]}`;
  return `The ${name} of maps at ${layers.slice(0, -1).join(", ")} and ${layers.at(-1)}`;
}

/** For a line of a text report: `Heatmaps (gradcam, norm5)`, `Heatmaps of the model's card`. */
export const heatmapsIn = (method: string, layer: string): string =>
  method === "card" ? "Heatmaps of the model's card" : `Heatmaps (${method}, ${layer})`;
