import { expect, test } from "vitest";
import type { CardMaps } from "../../../src/models/card-maps.ts";
import { recipeOf } from "../../../src/models/map-recipe.ts";
import { remarksOn } from "../../../src/report/overlay/caption.ts";

const measured = {
  boxArea: 0.004,
  pairs: 40,
  pointing: 0.2,
  pointingLow: 0.1,
  pointingHigh: 0.3,
  control: 0.12,
  overlap: 0.1,
};
const MAPS: CardMaps = {
  description: "boxes",
  findings: {
    Nodule: { method: "gradcam", layers: ["norm5"], measured },
    Mass: { method: "gradcam", layers: ["norm5"], measured: { ...measured, pointingLow: 0.13 } },
  },
};

test.each([
  [recipeOf(), "Grad-CAM, norm5"],
  [recipeOf("gradcam++", ["denseblock4"]), "Grad-CAM++, denseblock4"],
  [recipeOf("hirescam"), "HiResCAM, norm5"],
  [recipeOf("layercam", ["denseblock3"]), "LayerCAM, denseblock3"],
  [recipeOf("eigencam"), "EigenCAM, norm5"],
  [recipeOf("product"), "product of norm5, denseblock3, denseblock2"],
  [recipeOf("maximum", ["norm5", "denseblock3"]), "maximum of norm5, denseblock3"],
])("the remark on a heatmap names its method and layers: %j", (recipe, words) => {
  expect(remarksOn({}, "Mass", recipe)).toEqual([words]);
});

test("a map that the card has measured to point no better than a control is too small to localise", () => {
  expect(remarksOn({ maps: MAPS }, "Nodule", recipeOf())).toEqual([
    "Grad-CAM, norm5",
    "too small to localise",
  ]);
  expect(remarksOn({ maps: MAPS }, "Mass", recipeOf())).toEqual(["Grad-CAM, norm5"]);
});

test("what the card has measured says nothing about maps that are made in another way", () => {
  const other = recipeOf("layercam", ["denseblock2"]);
  expect(remarksOn({ maps: MAPS, trainedOn: "phantoms" }, "Nodule", other)).toEqual([
    "LayerCAM, denseblock2",
    "knows drawn phantoms only",
  ]);
});
