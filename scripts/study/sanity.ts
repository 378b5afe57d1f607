/**
 * The sanity check: maps of a network with random weights must not look like those of the trained one.
 *
 * Reference:  Adebayo et al., Sanity Checks for Saliency Maps, NeurIPS 2018 (cascading and independent randomisation).
 */

import { placed } from "../../src/app/evaluation/map-trials.ts";
import { CandidateMaps } from "../../src/engine/candidate-maps.ts";
import type { DenseNetModel } from "../../src/engine/read-model.ts";
import { hitOf } from "../../src/evaluation/choose-map.ts";
import { inputSizeOf } from "../../src/image/preparation.ts";
import { createSession } from "../../src/node/session.ts";
import { meanOverFindings } from "./figures.ts";
import type { JudgedPair } from "./judge.ts";
import type { Material } from "./material.ts";
import { progressOf } from "./progress.ts";
import { PART_NAMES, type Part, randomised } from "./randomise.ts";
import { CHECKED } from "./rows.ts";
import { byImage, forEachImage } from "./sample.ts";
import { rankCorrelation, sharedTenth } from "./similarity.ts";
import { mapsFor } from "./some-maps.ts";

/** How like the trained network's maps those of a randomised one are: means over pairs and draws of weights. */
export interface Likeness {
  /** Spearman's correlation of cells, −1 to 1. */
  readonly correlation: number;
  /** Share of the hottest tenth of cells that stays hottest; 0.1 by chance. */
  readonly shared: number;
  /** Pointing of the randomised network's maps, in the mean over findings. */
  readonly pointing: number;
}

/** One stage of the check. */
interface Stage {
  /** `cascade`: this part and all after it are random; `alone`: this part only. */
  readonly kind: "cascade" | "alone";
  readonly part: Part;
  /** By the row's id. */
  readonly rows: Readonly<Record<string, Likeness>>;
}

export interface SanityFigures {
  readonly pairs: number;
  readonly draws: number;
  /** Pointing of the trained network's maps on these pairs, by the row's id. */
  readonly trained: Readonly<Record<string, number>>;
  /** Pointing of the better of a random map and one that is highest in the middle. */
  readonly control: number;
  readonly stages: readonly Stage[];
}

/** A map passes if, with all weights random, none of its figures is beyond these. */
export const LIMITS = { correlation: 0.3, shared: 0.3, pointingAboveControl: 0.05 } as const;

/** Whether a row's maps pass. */
export function passes({ stages, control }: SanityFigures, id: string): boolean {
  const { correlation, shared, pointing } = stages.findLast(({ kind }) => kind === "cascade")!.rows[id]!;
  return (
    Math.abs(correlation) <= LIMITS.correlation &&
    shared <= LIMITS.shared &&
    pointing <= control + LIMITS.pointingAboveControl
  );
}

/** What is compared of one pair, for one row. */
interface Compared {
  readonly label: number;
  readonly correlation: number;
  readonly shared: number;
  readonly isPointing: boolean;
}

/** Compare the maps of one randomised network with those of the trained one, by the row's id. */
async function compare(
  model: DenseNetModel,
  views: ReadonlyMap<number, Float32Array>,
  groups: ReadonlyMap<number, readonly JudgedPair[]>,
): Promise<Map<string, Compared[]>> {
  const pairs = [...groups.values()].flat();
  const candidates = await CandidateMaps.open(model, inputSizeOf(model.card.preparation), createSession, {
    maps: mapsFor(CHECKED, pairs),
  });
  const found = new Map(CHECKED.map(({ id }) => [id, [] as Compared[]]));
  try {
    for (const [image, its] of groups) {
      const maps = await candidates.of(
        views.get(image)!,
        its.map(({ label }) => label),
      );
      for (const [i, { label, trial, decision }] of its.entries()) {
        for (const row of CHECKED) {
          const recipe = row.recipeOf(decision, label);
          const [before, after] = [trial.maps.of(recipe), maps[i]!.of(recipe)];
          found.get(row.id)!.push({
            label,
            correlation: rankCorrelation(before.data, after.data),
            shared: sharedTenth(before.data, after.data),
            isPointing: hitOf(placed(after, trial.region), trial.boxes).isPointing,
          });
        }
        trial.maps.forget();
      }
    }
  } finally {
    await candidates.release();
  }
  return found;
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

const likenessOf = (compared: readonly Compared[]): Likeness => ({
  correlation: mean(compared.map(({ correlation }) => correlation)),
  shared: mean(compared.map(({ shared }) => shared)),
  pointing: meanOverFindings(compared, ({ isPointing }) => Number(isPointing)),
});

/**
 * Run the check on some judged pairs.
 *
 * @param control  Pointing of the better of two maps that have seen nothing of the image.
 * @param draws    How often weights are drawn.
 */
export async function checkSanity(
  model: DenseNetModel,
  material: Material,
  pairs: readonly JudgedPair[],
  control: number,
  draws: number,
): Promise<SanityFigures> {
  const groups = byImage(pairs);
  const views = new Map<number, Float32Array>();
  await forEachImage(material, [...groups.keys()], model.card.preparation, async (image, view) => {
    views.set(image, view);
  });
  const steps = (["cascade", "alone"] as const).flatMap((kind) =>
    PART_NAMES.map((part, i) => ({
      kind,
      part,
      parts: kind === "cascade" ? PART_NAMES.slice(0, i + 1) : [part],
    })),
  );
  const progress = progressOf(`sanity check: ${pairs.length} pairs, ${steps.length} stages`);
  const stages: Stage[] = [];
  for (const { kind, part, parts } of steps) {
    const all = new Map(CHECKED.map(({ id }) => [id, [] as Compared[]]));
    for (let draw = 0; draw < draws; draw++) {
      const found = await compare(randomised(model, parts, material.seed + draw), views, groups);
      for (const [id, its] of found) all.get(id)!.push(...its);
    }
    stages.push({ kind, part, rows: Object.fromEntries([...all].map(([id, its]) => [id, likenessOf(its)])) });
    progress(stages.length, steps.length);
  }
  const trained = CHECKED.map(({ id }) => [
    id,
    meanOverFindings(pairs, ({ scores }) => Number(scores[id]!.isPointing)),
  ]);
  return {
    pairs: pairs.length,
    draws,
    trained: Object.fromEntries(trained),
    control,
    stages,
  };
}
