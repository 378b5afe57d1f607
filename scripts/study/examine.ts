/** Tries all candidate heatmaps on the images of a study. */

import { type Trial, tryCandidates } from "../../src/app/evaluation/map-trials.ts";
import type { ModelRun } from "../../src/app/evaluation/model.ts";
import type { DenseNetModel } from "../../src/engine/read-model.ts";
import { PLAIN_RECIPE } from "../../src/models/map-recipe.ts";
import type { Material } from "./material.ts";
import { progressOf } from "./progress.ts";

/** Trials by the index of the label. */
export type Trials = ReadonlyMap<number, readonly Trial[]>;

/** Try all candidates. Images that cannot be read are named on stderr and left out. */
export async function examine(model: DenseNetModel, material: Material, what: string): Promise<Trials> {
  const { dataset, pairs, seed } = material;
  const run: ModelRun = { model: model.name, data: dataset.folder, maps: PLAIN_RECIPE, seed };
  const found = await tryCandidates(model, dataset, pairs, run, {
    onProgress: progressOf(`${what}: ${material.description}`),
    onFailure: (error) => process.stderr.write(`${error.message}\n`),
  });
  if (found === "interrupted") throw new Error("interrupted");
  return new Map([...found.trials].sort(([a], [b]) => a - b));
}
