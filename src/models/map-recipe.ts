/**
 * How a heatmap is made: a method at one layer, or a fusion of several layers' maps.
 *
 * Knows: methods and the network's layers. Not how maps are computed.
 */

import { type ErrorCode, quote, XrayError } from "../errors.ts";
import {
  FUSED_FORMS,
  HEATMAP_METHODS,
  type HeatmapMethod,
  isFused,
  type LayerMethod,
} from "../heatmaps/methods.ts";
import { HEATMAP_LAYERS, type HeatmapLayer } from "./densenet121.ts";

/** How a heatmap is made. */
export interface MapRecipe {
  readonly method: HeatmapMethod;
  /** One layer, or for a fused method two or more, from last to first; none for occlusion, which hides parts of the input. */
  readonly layers: readonly HeatmapLayer[];
}

/** A map of one layer, of which a heatmap consists or is fused. */
export interface LayerMap {
  readonly method: LayerMethod;
  readonly layer: HeatmapLayer;
}

/** What heatmaps are unless another choice is made: Grad-CAM at norm5. */
export const PLAIN_RECIPE: MapRecipe = { method: "gradcam", layers: ["norm5"] };

/** The layers that a fused method uses unless others are named. */
const FUSED_LAYERS: readonly HeatmapLayer[] = ["norm5", "denseblock3", "denseblock2"];

function checkKnown(code: ErrorCode, what: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  const message = `there is no heatmap ${what} ${quote(value)}; choose one of ${known.join(", ")}`;
  throw new XrayError(code, message, { value, known });
}

/**
 * A recipe from a caller's choice.
 *
 * @param method  Grad-CAM by default.
 * @param layers  By default norm5, or for a fused method norm5, denseblock3 and denseblock2. Any order.
 * @throws        XrayError `heatmaps/unknown-method`, `heatmaps/unknown-layer`, `heatmaps/layer-count`.
 */
export function recipeOf<M extends HeatmapMethod = "gradcam">(
  method: M = "gradcam" as M,
  layers?: readonly HeatmapLayer[],
): MapRecipe & { readonly method: M } {
  checkKnown("heatmaps/unknown-method", "method", method, HEATMAP_METHODS);
  if (method === "occlusion") {
    if (layers === undefined || layers.length === 0) return { method, layers: [] };
    const message = "the heatmap method occlusion hides parts of the image and shows no layer; name none";
    throw new XrayError("heatmaps/layer-count", message, { method, layers });
  }
  const wanted = layers ?? (isFused(method) ? FUSED_LAYERS : PLAIN_RECIPE.layers);
  for (const layer of wanted) checkKnown("heatmaps/unknown-layer", "layer", layer, HEATMAP_LAYERS);
  const ordered = HEATMAP_LAYERS.filter((layer) => wanted.includes(layer));
  if (isFused(method) ? ordered.length >= 2 : ordered.length === 1) return { method, layers: ordered };
  const takes = isFused(method)
    ? "fuses the maps of several layers, so name two or more"
    : "shows one layer, so name one, or choose a method that fuses several";
  throw new XrayError("heatmaps/layer-count", `the heatmap method ${method} ${takes}`, {
    method,
    layers: wanted,
  });
}

/** Whether a recipe's maps come from hiding parts of the image instead of from a layer. */
export const isOcclusion = ({ method }: Pick<MapRecipe, "method">): boolean => method === "occlusion";

/** Tells maps of layers apart: `layercam denseblock3`. */
export const layerMapKey = ({ method, layer }: LayerMap): string => `${method} ${layer}`;

/** The maps that a recipe needs, from the last layer to the first. */
export function layerMapsOf({ method, layers }: MapRecipe): LayerMap[] {
  if (method === "occlusion") return [];
  return layers.map((layer) => ({
    layer,
    method: isFused(method) ? FUSED_FORMS[method].mapOf(layer === "norm5") : method,
  }));
}

/**
 * The layers of a recipe as results name them: `features.norm5`, or `features.norm5+features.denseblock3`; `image` for
 * occlusion.
 */
export const layerNames = ({ layers }: MapRecipe): string =>
  layers.length === 0 ? "image" : layers.map((layer) => `features.${layer}`).join("+");

/** Whether two recipes are the same. */
export const isSameRecipe = (a: MapRecipe, b: MapRecipe): boolean =>
  a.method === b.method && layerNames(a) === layerNames(b);
