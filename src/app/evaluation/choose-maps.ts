/**
 * Chooses the heatmap that points best at each finding, by the boxes of validation images.
 *
 * Pipeline:   images with boxes → candidates of each pair → **best recipe and level, measured on the other half** → card
 * Knows:      files, data folders and models. The arithmetic is in `evaluation/choose-map.ts` and `fit-level.ts`.
 */

import { basename } from "node:path";
import type { NamedModel } from "../../engine/read-model.ts";
import {
  bestKind,
  type Halves,
  type Hit,
  halvesOf,
  ofPairs,
  pointingShare,
} from "../../evaluation/choose-map.ts";
import { bestLevel, LEVELS, overlapShare, overlapsOf } from "../../evaluation/fit-level.ts";
import { wilsonInterval } from "../../evaluation/intervals.ts";
import type { CardMaps, FindingMaps } from "../../models/card-maps.ts";
import { MAP_CANDIDATES } from "../../models/map-candidates.ts";
import { Random } from "../../random.ts";
import { counted } from "../../text.ts";
import { assignBoxes, openBoxes } from "../data/known-boxes.ts";
import type { Dataset } from "../data/open-dataset.ts";
import { drawPairs, FEWEST_PAIRS, pairsOf, placed, type Trial, tryCandidates } from "./map-trials.ts";
import type { ModelRun } from "./model.ts";
import type { FolderHooks } from "./predict-folder.ts";

/** What was chosen on some pairs: candidate and level. */
function chooseOn(trials: readonly Trial[], hits: readonly (readonly Hit[])[], pairs: readonly number[]) {
  const kind = bestKind(ofPairs(hits, pairs));
  const overlaps = trials.map(({ maps, region, boxes }) => {
    const found = overlapsOf(placed(maps.of(MAP_CANDIDATES[kind]!), region), boxes);
    maps.forget();
    return found;
  });
  return { kind, overlaps, level: bestLevel(pairs.map((i) => overlaps[i]!)) };
}

/** The choice for one finding, and how good it was on pairs that took no part in it. */
function chooseFor(trials: readonly Trial[], halves: Halves): FindingMaps {
  const hits = MAP_CANDIDATES.map((_, kind) => trials.map((trial) => trial.hits[kind]!));
  const all = [...trials.keys()];
  let [pointing, overlapping] = [0, 0];
  for (const [chosenOn, judgedOn] of [halves, [halves[1], halves[0]]] as const) {
    const { kind, overlaps, level } = chooseOn(trials, hits, chosenOn);
    pointing += pointingShare(judgedOn.map((i) => hits[kind]![i]!)) * judgedOn.length;
    overlapping +=
      overlapShare(
        judgedOn.map((i) => overlaps[i]!),
        level,
      ) * judgedOn.length;
  }
  const { kind, level } = chooseOn(trials, hits, all);
  const { method, layers } = MAP_CANDIDATES[kind]!;
  const pairs = trials.length;
  const { low, high } = wilsonInterval(Math.round(pointing), pairs);
  const share = (which: "random" | "centre") => trials.filter(({ control }) => control[which]).length / pairs;
  return {
    method,
    layers: [...layers],
    level: LEVELS[level]!,
    measured: {
      pairs,
      pointing: Math.round(pointing) / pairs,
      pointingLow: low,
      pointingHigh: high,
      control: Math.max(share("random"), share("centre")),
      overlap: Math.round(overlapping) / pairs,
    },
  };
}

/** The outcome: what the card gets, or the reason why it gets nothing. */
export type ChosenMaps =
  | { readonly maps?: CardMaps; readonly without?: string }
  | { readonly isInterrupted: true };

/**
 * Choose the heatmaps of a model's findings.
 *
 * @param chosen  Indices of the validation images in the data set's table.
 * @throws        XrayError `data/several-box-files`, `labels/…`, `runtime/…`.
 */
export async function chooseMapsFor(
  model: NamedModel,
  dataset: Dataset,
  chosen: readonly number[],
  run: ModelRun,
  hooks: FolderHooks = {},
): Promise<ChosenMaps> {
  const { labels } = model.card;
  const { table, boxFiles } = dataset;
  const file = await openBoxes(run.data, boxFiles, { named: run.boxes });
  if (file === undefined)
    return { without: "the folder has no box file, so the heatmap of each finding could not be chosen" };
  const boxes = assignBoxes(
    file,
    table.images.map(({ image }) => image),
  );
  const pairs = drawPairs(pairsOf(boxes, table.images, chosen, labels), labels, run.seed);
  if (pairs.length === 0)
    return {
      without: `no finding has boxes in ${FEWEST_PAIRS} of the images, so the heatmap of each finding could not be chosen`,
    };
  const found = await tryCandidates(model, dataset, pairs, run, hooks);
  if (found === "interrupted") return { isInterrupted: true };
  const { trials, images } = found;
  const findings: Record<string, FindingMaps> = {};
  for (const [label, its] of [...trials].sort(([a], [b]) => a - b)) {
    if (hooks.isStopping?.() === true) return { isInterrupted: true };
    if (its.length < FEWEST_PAIRS) continue;
    const halves = halvesOf(
      its.map(({ patient }) => patient),
      Random.of(run.seed, "halves", labels[label]!),
    );
    if (halves.some((half) => half.length === 0)) continue;
    findings[labels[label]!] = chooseFor(its, halves);
  }
  return {
    maps: {
      description: `chosen among ${MAP_CANDIDATES.length} kinds of heatmaps by ${basename(file.path)} (sha256 ${file.sha256.slice(0, 12)}…) on ${counted(images, "image")}; measured on the half of the patients that took no part in the choice`,
      findings,
    },
  };
}
