import { expect, test } from "vitest";
import {
  chooseDrawn,
  chooseMaps,
  chosenRecipes,
  type MapOptions,
  namesOfMaps,
} from "../../src/models/map-choice.ts";
import { recipeOf } from "../../src/models/map-recipe.ts";

const LABELS = ["Effusion", "Mass", "Nodule"];
const MAPS = {
  description: "",
  findings: {
    Mass: { method: "product", layers: ["norm5", "denseblock3", "denseblock2"] },
    Nodule: { method: "layercam", layers: ["denseblock3"] },
  },
} as const;
const thrown = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

test("a card names each finding's recipe, and Grad-CAM at norm5 serves the others", () => {
  expect(chosenRecipes({ labels: LABELS, maps: MAPS }, "card")).toEqual([
    recipeOf("gradcam", ["norm5"]),
    recipeOf("product", ["norm5", "denseblock3", "denseblock2"]),
    recipeOf("layercam", ["denseblock3"]),
  ]);
});

test("layers that a card names in another order, or twice, are those of a caller's choice", () => {
  const findings = { Mass: { method: "product", layers: ["denseblock3", "norm5", "denseblock3"] } } as const;
  const [recipe] = chosenRecipes({ labels: ["Mass"], maps: { description: "", findings } }, "card");
  expect(recipe).toEqual(recipeOf("product", ["norm5", "denseblock3"]));
});

test("any other choice is every finding's, whatever the card names", () => {
  const recipe = recipeOf("maximum", ["denseblock4", "denseblock3"]);
  expect(chosenRecipes({ labels: LABELS, maps: MAPS }, recipe)).toEqual([recipe, recipe, recipe]);
  expect(chosenRecipes({ labels: LABELS }, recipe)).toHaveLength(3);
});

test("a card that names no heatmaps cannot be followed", () => {
  expect(() => chosenRecipes({ labels: LABELS }, "card")).toThrow(
    thrown("heatmaps/no-card", /the model's card names no heatmaps; .* or name a method/),
  );
});

test("layers do not go with the card's choice", () => {
  for (const layer of ["norm5", ["norm5", "denseblock3"]] as const)
    expect(() => chooseMaps({ method: "card", layer })).toThrow(
      thrown(
        "heatmaps/layer-count",
        /the model's card names the layers of its heatmaps; leave the layers out/,
      ),
    );
});

test.each<[MapOptions, ReturnType<typeof chooseMaps>, string, string]>([
  [{}, recipeOf("gradcam", ["norm5"]), "gradcam", "norm5"],
  [{ layer: "denseblock3" }, recipeOf("gradcam", ["denseblock3"]), "gradcam", "denseblock3"],
  [
    { method: "maximum", layer: ["denseblock3", "denseblock4"] },
    recipeOf("maximum", ["denseblock4", "denseblock3"]),
    "maximum",
    "denseblock4+denseblock3",
  ],
  [{ method: "card" }, "card", "card", "card"],
])("%j is what is made, and drawn", (options, choice, method, layer) => {
  expect(chooseMaps(options)).toEqual(choice);
  expect(chooseDrawn(options, { kind: "densenet121", card: {} })).toEqual(choice);
  expect(namesOfMaps(choice)).toEqual({ method, layer });
});

test("pictures show what the card names unless a method or a layer is chosen", () => {
  const model = { kind: "densenet121", card: { maps: MAPS } } as const;
  expect(chooseDrawn({}, model)).toBe("card");
  expect(chooseDrawn({ method: "gradcam" }, model)).toEqual(recipeOf("gradcam"));
  expect(chooseDrawn({ layer: "denseblock4" }, model)).toEqual(recipeOf("gradcam", ["denseblock4"]));
});

test("occlusion takes no layer, and is what pictures of a network that is only run show", () => {
  const recipe = { method: "occlusion", layers: [] };
  expect(chooseMaps({ method: "occlusion" })).toEqual(recipe);
  expect(namesOfMaps(chooseMaps({ method: "occlusion" }))).toEqual({ method: "occlusion", layer: "image" });
  expect(chooseDrawn({}, { kind: "network", card: {} })).toEqual(recipe);
  expect(chooseDrawn({ method: "layercam" }, { kind: "network", card: {} })).toEqual(recipeOf("layercam"));
  expect(() => chooseMaps({ method: "occlusion", layer: "norm5" })).toThrow(
    expect.objectContaining({
      code: "heatmaps/layer-count",
      message: expect.stringContaining("shows no layer"),
    }),
  );
});
