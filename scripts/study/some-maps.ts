/** Which maps of layers some rows need. */

import { type LayerMap, layerMapKey, layerMapsOf } from "../../src/models/map-recipe.ts";
import type { JudgedPair } from "./judge.ts";
import type { Row } from "./rows.ts";

/** The maps of layers that rows need for some pairs, each once. */
export function mapsFor(rows: readonly Row[], pairs: readonly JudgedPair[]): LayerMap[] {
  const needed = pairs.flatMap(({ label, decision }) =>
    rows.flatMap((row) => layerMapsOf(row.recipeOf(decision, label))),
  );
  return [...new Map(needed.map((map) => [layerMapKey(map), map])).values()];
}
