/**
 * Chooses maps, and the levels of their regions, on the images of the choice.
 *
 * A model whose card names maps keeps them; the same arithmetic as `calibrate --choose-maps` chooses for others.
 */

import { placed, type Trial } from "../../src/app/evaluation/map-trials.ts";
import type { DenseNetModel } from "../../src/engine/read-model.ts";
import { bestKind, pointingShare } from "../../src/evaluation/choose-map.ts";
import { bestLevel, LEVELS, overlapsOf } from "../../src/evaluation/fit-level.ts";
import { MAP_CANDIDATES } from "../../src/models/map-candidates.ts";
import { chosenRecipes } from "../../src/models/map-choice.ts";
import { isSameRecipe, type MapRecipe } from "../../src/models/map-recipe.ts";
import type { Trials } from "./examine.ts";
import { type Chosen, COMPARED, nameOf } from "./rows.ts";

/** A choice, with the levels of regions. */
export interface Decision extends Chosen {
  /** The level for a finding's map by one of the compared recipes: a share of the map's maximum. */
  readonly levelOf: (label: number, recipe: MapRecipe) => number;
}

const hitsByKind = (trials: readonly Trial[]) =>
  MAP_CANDIDATES.map((_, kind) => trials.map(({ hits }) => hits[kind]!));

/** The candidate with the best pointing in the mean over findings; of equal ones the first. */
function bestForAll(trials: Trials): MapRecipe {
  const shares = MAP_CANDIDATES.map((_, kind) =>
    [...trials.values()].reduce((sum, its) => sum + pointingShare(its.map(({ hits }) => hits[kind]!)), 0),
  );
  return MAP_CANDIDATES[shares.indexOf(Math.max(...shares))]!;
}

/** The level at which a recipe's regions overlap the boxes best. */
function fittedLevel(trials: readonly Trial[], recipe: MapRecipe): number {
  const overlaps = trials.map(({ maps, region, boxes }) => {
    const found = overlapsOf(placed(maps.of(recipe), region), boxes);
    maps.forget();
    return found;
  });
  return LEVELS[bestLevel(overlaps)]!;
}

/** Choose on some trials. */
export function decide({ card }: DenseNetModel, trials: Trials): Decision {
  const own = card.maps && chosenRecipes(card, "card");
  const byFinding = new Map(
    [...trials].map(([label, its]) => [label, own?.[label] ?? MAP_CANDIDATES[bestKind(hitsByKind(its))]!]),
  );
  const chosen = { forAll: bestForAll(trials), byFinding };
  const levels = new Map<string, number>();
  const keyOf = (label: number, recipe: MapRecipe) => `${label} ${nameOf(recipe)}`;
  for (const [label, its] of trials) {
    for (const row of COMPARED) {
      const recipe = row.recipeOf(chosen, label);
      const key = keyOf(label, recipe);
      if (levels.has(key)) continue;
      const said = card.maps?.findings[card.labels[label]!];
      const known = said !== undefined && isSameRecipe(said, recipe) ? said.level : undefined;
      levels.set(key, known ?? fittedLevel(its, recipe));
    }
  }
  return { ...chosen, levelOf: (label, recipe) => levels.get(keyOf(label, recipe))! };
}
