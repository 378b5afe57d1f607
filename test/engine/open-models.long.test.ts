/** A model that gives many kinds of heatmaps opens few sessions at a time, releases all, and gives the same maps. */

import { expect, test } from "vitest";
import { OpenModels } from "../../src/engine/open-models.ts";
import type { NamedModel } from "../../src/engine/read-model.ts";
import type { SessionFactory } from "../../src/graph/session.ts";
import { CAM_METHODS, isFused } from "../../src/heatmaps/methods.ts";
import { HEATMAP_LAYERS } from "../../src/models/densenet121.ts";
import { recipeOf } from "../../src/models/map-recipe.ts";
import { createSession } from "../../src/node/session.ts";
import { LAYERS_CASES, seededBatch, seededModel } from "../support/densenet-fixtures.ts";

const [, network] = LAYERS_CASES[0]!;
const model: NamedModel = {
  kind: "densenet121",
  ...seededModel(network),
  name: "seeded",
  sha256: async () => "",
};
const OPTIONS = { threads: 1, optimise: "startup" } as const;

/** Three models, and two of them may have a second session for gradients. */
const MOST_SESSIONS = 6;

/** Sessions of this process, counted while they live. */
function counting() {
  const count = { alive: 0, most: 0, started: 0 };
  const factory: SessionFactory = async (...args) => {
    const session = await createSession(...args);
    count.started += 1;
    count.alive += 1;
    count.most = Math.max(count.most, count.alive);
    return {
      ...session,
      release: async () => {
        count.alive -= 1;
        await session.release();
      },
    };
  };
  return { count, factory };
}

test("every method that shows layers, at every layer, keeps a bounded number of sessions, and all are given back", async () => {
  const { count, factory } = counting();
  const models = new OpenModels(model, factory, OPTIONS);
  for (const layer of HEATMAP_LAYERS) {
    for (const method of CAM_METHODS) {
      const opened = await models.get(recipeOf(method, isFused(method) ? undefined : [layer]));
      expect(opened.maps!.recipes[0]!.method).toBe(method);
    }
  }
  expect(HEATMAP_LAYERS.length * CAM_METHODS.length).toBeGreaterThan(MOST_SESSIONS);
  expect(models.size).toBe(3);
  expect(count.most).toBeLessThanOrEqual(MOST_SESSIONS);
  await models.release();
  expect([models.size, count.alive]).toEqual([0, 0]);
});

test("what is asked for again is not started again, and what was asked for longest ago goes first", async () => {
  const { count, factory } = counting();
  const models = new OpenModels(model, factory, OPTIONS);
  const plain = await models.get();
  const gradcam = await models.get(recipeOf("gradcam"));
  expect(await models.get()).toBe(plain);
  expect(await models.get(recipeOf("gradcam", ["norm5"]))).toBe(gradcam);
  expect(count.started).toBe(2);
  await models.get(recipeOf("hirescam"));
  await models.get();
  // This is a fourth model. Grad-CAM was used least recently.
  await models.get(recipeOf("layercam"));
  expect(await models.get()).toBe(plain);
  expect(count.started).toBe(4);
  expect(await models.get(recipeOf("gradcam"))).not.toBe(gradcam);
  expect(count.started).toBe(5);
  await models.release();
});

test("a model that was closed and opened again gives the same numbers", async () => {
  const models = new OpenModels(model, createSession, OPTIONS);
  const image = seededBatch(network, [network.image]);
  const run = async () => {
    const { forward } = await models.get(recipeOf("gradcam"));
    return (await forward.run(image))["heatmaps.gradcam"]!.data;
  };
  const before = await run();
  for (const method of ["hirescam", "layercam", "eigencam"] as const) await models.get(recipeOf(method));
  expect(await run()).toEqual(before);
  expect(before.some((value) => value > 0)).toBe(true);
  await models.release();
});
