import { expect, test } from "vitest";
import { CAM_METHODS } from "../../../src/heatmaps/methods.ts";
import { recipeOf } from "../../../src/models/map-recipe.ts";
import { heatmapsIn, heatmapWords, recipeWords } from "../../../src/report/words/heatmaps.ts";

test("methods and layers are named in sentences, in captions and in lines of text", () => {
  expect(heatmapWords("gradcam", "norm5")).toBe("Grad-CAM at features.norm5");
  expect(heatmapWords("product", "norm5+denseblock3+denseblock2")).toBe(
    "The product of maps at features.norm5, features.denseblock3 and features.denseblock2",
  );
  expect(heatmapWords("card", "card")).toBe("The heatmaps that the model's card names");
  expect([heatmapsIn("gradcam", "norm5"), heatmapsIn("card", "card")]).toEqual([
    "Heatmaps (gradcam, norm5)",
    "Heatmaps of the model's card",
  ]);
});

test.each(CAM_METHODS)("a caption names %s", (method) => {
  expect(recipeWords(recipeOf(method))).toMatch(
    /^[A-Z]\w+-?\w+(\+\+)?, norm5$|^\w+ of norm5, denseblock3, denseblock2$/,
  );
});

test("occlusion is named without layers, since it has none", () => {
  expect(recipeWords(recipeOf("occlusion"))).toBe("Occlusion");
  expect(heatmapWords("occlusion", "image")).toBe("Occlusion of parts of the image");
  expect(heatmapsIn("occlusion", "image")).toBe("Heatmaps (occlusion, image)");
});

test("more than three layers are counted", () => {
  const layers = ["norm5", "denseblock4", "denseblock3", "denseblock2"] as const;
  expect(recipeWords(recipeOf("product", layers))).toBe("product of 4 layers");
});
