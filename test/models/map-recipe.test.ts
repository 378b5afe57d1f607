import { describe, expect, test } from "vitest";
import { HEATMAP_METHODS, type HeatmapMethod, isFused, LAYER_METHODS } from "../../src/heatmaps/methods.ts";
import type { HeatmapLayer } from "../../src/models/densenet121.ts";
import { isSameRecipe, layerMapsOf, layerNames, recipeOf } from "../../src/models/map-recipe.ts";

const thrown = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

test("without a choice it is Grad-CAM at norm5; fused methods have three layers", () => {
  expect(recipeOf()).toEqual({ method: "gradcam", layers: ["norm5"] });
  for (const method of LAYER_METHODS) expect(recipeOf(method).layers).toEqual(["norm5"]);
  const fused = HEATMAP_METHODS.filter(isFused);
  expect(fused).toEqual(["product", "maximum"]);
  for (const method of fused)
    expect(recipeOf(method).layers).toEqual(["norm5", "denseblock3", "denseblock2"]);
});

test("layers are ordered from last to first, and one that is named twice counts once", () => {
  const ordered = recipeOf("product", ["denseblock1", "norm5", "transition2", "denseblock1"]);
  expect(ordered.layers).toEqual(["norm5", "transition2", "denseblock1"]);
  expect(layerNames(ordered)).toBe("features.norm5+features.transition2+features.denseblock1");
  expect(isSameRecipe(ordered, recipeOf("product", ["transition2", "norm5", "denseblock1"]))).toBe(true);
  expect(isSameRecipe(ordered, recipeOf("maximum", ordered.layers))).toBe(false);
  expect(isSameRecipe(ordered, recipeOf("product", ["norm5", "transition2"]))).toBe(false);
  expect(recipeOf("layercam", ["norm5", "norm5"]).layers).toEqual(["norm5"]);
});

describe.each<[HeatmapMethod, RegExp]>([
  ["product", /the heatmap method product fuses the maps of several layers, so name two or more/],
  ["maximum", /the heatmap method maximum fuses the maps of several layers, so name two or more/],
])("%s", (method, message) => {
  test.each<HeatmapLayer[][]>([[[]], [["denseblock3"]], [["denseblock3", "denseblock3"]]])(
    "is refused with the layers %j",
    (layers) => {
      expect(() => recipeOf(method, layers)).toThrow(thrown("heatmaps/layer-count", message));
    },
  );
});

test.each(LAYER_METHODS)("%s is refused with no layer and with two", (method) => {
  const message = /shows one layer, so name one, or choose a method that fuses several/;
  for (const layers of [[], ["norm5", "denseblock3"]] as const)
    expect(() => recipeOf(method, layers)).toThrow(thrown("heatmaps/layer-count", message));
});

test("unknown methods and layers are refused with what there is", () => {
  expect(() => recipeOf("sum" as HeatmapMethod)).toThrow(
    thrown("heatmaps/unknown-method", /"sum"; choose one of gradcam, .*product, maximum/),
  );
  expect(() => recipeOf("product", ["norm5", "conv0" as HeatmapLayer])).toThrow(
    thrown("heatmaps/unknown-layer", /"conv0"; choose one of norm5, /),
  );
});

test("the product is of Grad-CAM at norm5 and LayerCAM elsewhere, the maximum of LayerCAM", () => {
  expect(layerMapsOf(recipeOf("product", ["denseblock4", "norm5"]))).toEqual([
    { method: "gradcam", layer: "norm5" },
    { method: "layercam", layer: "denseblock4" },
  ]);
  expect(layerMapsOf(recipeOf("maximum", ["denseblock4", "norm5"]))).toEqual([
    { method: "layercam", layer: "norm5" },
    { method: "layercam", layer: "denseblock4" },
  ]);
  expect(layerMapsOf(recipeOf("eigencam", ["transition1"]))).toEqual([
    { method: "eigencam", layer: "transition1" },
  ]);
});
