import { expect, test } from "vitest";
import { ForwardPass } from "../../src/engine/forward-pass.ts";
import { HeatmapSource } from "../../src/engine/heatmap-source.ts";
import { compileModel } from "../../src/models/compile.ts";
import { recipeOf } from "../../src/models/map-recipe.ts";
import { createSession } from "../../src/node/session.ts";
import { LAYERS_CASES, seededBatch, seededModel } from "../support/densenet-fixtures.ts";

const [, network] = LAYERS_CASES[0]!;
const model = seededModel(network);
const recipe = recipeOf("layercam", ["denseblock3"]);
const layers = [{ method: "layercam", layer: "denseblock3" }] as const;
const OPTIONS = { threads: 1 };
const open = async () => new ForwardPass(await createSession(compileModel(model, layers), OPTIONS));

test("batches of any size, one after another, give what each gives alone", async () => {
  const recipes = Array.from({ length: model.numLabels }, () => recipe);
  const source = await HeatmapSource.open(model, recipes, createSession, OPTIONS);
  const batches = [[1, 2], [3, 4], [5], [6, 7], [8, 9]].map((images) => seededBatch(network, images));
  const outcome = async (forward: ForwardPass, batch: (typeof batches)[number]) => {
    const results = await forward.run(batch);
    const { data } = await source.of(results, batch.shape[0]! - 1);
    return { logits: results["logits"]!.data.slice(), data };
  };
  const kept = await open();
  for (const batch of batches) {
    const alone = await open();
    expect(await outcome(kept, batch)).toEqual(await outcome(alone, batch));
    await alone.release();
  }
  await kept.release();
  await source.release();
});

test("features are written to the same memory while batches have one size; what is predicted is not", async () => {
  const forward = await open();
  const [first, second, third] = [[1, 2], [3, 4], [5]].map((images) => seededBatch(network, images));
  const before = await forward.run(first!);
  const [logits, features] = ["logits", "features.denseblock3"].map((port) => before[port]!.data.slice());
  const after = await forward.run(second!);
  expect(after["features.denseblock3"]!.data).not.toEqual(features);
  expect(before["features.denseblock3"]!.data).toEqual(after["features.denseblock3"]!.data);
  expect(before["logits"]!.data).toEqual(logits);
  const written = after["features.denseblock3"]!.data.slice();
  await forward.run(third!);
  expect(after["features.denseblock3"]!.data, "a batch of another size has memory of its own").toEqual(
    written,
  );
  await forward.release();
});
