import { expect, test } from "vitest";
import { hotRegionsOf } from "../../src/engine/hot-regions.ts";
import type { OpenModel } from "../../src/engine/open-model.ts";
import type { Prediction } from "../../src/engine/predict.ts";
import { type MapRecipe, recipeOf } from "../../src/models/map-recipe.ts";

const LABELS = ["Effusion", "Mass", "Nodule"];
const PRODUCT = recipeOf("product");
const FINDINGS = {
  Mass: { ...PRODUCT, level: 0.25 },
  Nodule: { method: "gradcam", layers: ["norm5"] },
} as const;

/** A map from 0 to 1 between the centres of two cells, for an image of 200 × 50 pixels. */
function regionsOf(recipes: readonly MapRecipe[], findings: readonly number[]) {
  const mapped = [2, 1, 0];
  const drawn = { data: Float32Array.of(0, 1, 1, 0, 0, 1), findings: mapped, height: 1, width: 2 };
  const image = { width: 200, height: 50 };
  const prepared = { region: { x: 0, y: 0, ...image }, original: image };
  const card = { labels: LABELS, maps: { description: "", findings: FINDINGS } };
  return hotRegionsOf(
    { card, drawn: { recipes } } as unknown as OpenModel,
    { drawn, prepared } as unknown as Prediction,
    findings,
  ).map(({ finding, box, level }) => ({ finding, box, level }));
}

test("each drawn finding has the regions of its own map, at the card's level where the map is the card's", () => {
  expect(regionsOf([recipeOf(), PRODUCT, recipeOf()], [1, 0])).toEqual([
    // From 50 to 150 pixels the map falls from 1 to 0, or rises.
    { finding: "Mass", box: [0, 0, 125, 50], level: 0.25 },
    { finding: "Effusion", box: [120.59, 0, 79.41, 50], level: 180 / 255 },
  ]);
});

test("a level that the card does not name, or names for another kind of map, is 180 of 255", () => {
  const regions = regionsOf([recipeOf(), recipeOf("layercam"), recipeOf()], [1, 2]);
  expect(regions.map(({ finding, level }) => [finding, level])).toEqual([
    ["Mass", 180 / 255],
    ["Nodule", 180 / 255],
  ]);
});
