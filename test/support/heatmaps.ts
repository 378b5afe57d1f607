/** Heatmaps of made-up images, from a session and a heatmap source that are opened for them. */

import { forwardMapsOf, HeatmapSource, type Heatmaps, type OwnMap } from "../../src/engine/heatmap-source.ts";
import { runFloat32, type SessionFactory } from "../../src/graph/session.ts";
import { compileModel, PORTS } from "../../src/models/compile.ts";
import type { LoadedModel } from "../../src/models/load.ts";
import type { MapRecipe } from "../../src/models/map-recipe.ts";
import { createSession } from "../../src/node/session.ts";
import type { Tensor } from "../../src/tensor.ts";

const THREADS = { threads: 1, optimise: "startup" } as const;

/** Which maps of a batch are wanted. */
export interface Wanted {
  /** Index of the image in the batch; the first by default. */
  readonly view?: number;
  /** Lists of labels, each of which gives maps of its own; one list with all labels by default. */
  readonly findings?: readonly number[][];
}

/** Maps of one image of a batch, with a recipe for each label, also in their own sizes; and the logits of the batch. */
export async function heatmapsOf(
  model: LoadedModel,
  image: Tensor<"float32">,
  recipes: readonly MapRecipe[],
  { view = 0, findings = [[...recipes.keys()]] }: Wanted = {},
  start: SessionFactory = createSession,
): Promise<{ maps: Heatmaps[]; own: OwnMap[][]; logits: Float32Array }> {
  const session = await start(compileModel(model, forwardMapsOf(recipes)), THREADS);
  const source = await HeatmapSource.open(model, recipes, start, THREADS);
  const results = await runFloat32(session, { [PORTS.image]: image });
  const maps: Heatmaps[] = [];
  const own: OwnMap[][] = [];
  for (const some of findings) {
    maps.push(await source.of(results, view, some));
    own.push(await source.ownMaps(results, view, some));
  }
  await source.release();
  await session.release();
  return { maps, own, logits: results[PORTS.logits]!.data };
}

/** One map of several. */
export const part = (data: Float32Array, size: number, index: number): Float32Array =>
  data.subarray(index * size, (index + 1) * size);
