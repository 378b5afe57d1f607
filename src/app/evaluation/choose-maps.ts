/**
 * Chooses the heatmap that points best at each finding, by the boxes of validation images.
 *
 * Pipeline:   images with boxes → candidates of each pair → **best recipe and level, measured on the other half** → card
 * Knows:      models and data sets. The arithmetic is in `evaluation/choose-map.ts` and `fit-level.ts`.
 */

import { setImmediate } from "node:timers/promises";
import type { DenseNetModel } from "../../engine/read-model.ts";
import { bestKind, type Halves, halvesOf, ofPairs, pointingShare } from "../../evaluation/choose-map.ts";
import { bestLevel, LEVELS, overlapShare, overlapsOf } from "../../evaluation/fit-level.ts";
import { wilsonInterval } from "../../evaluation/intervals.ts";
import type { CardMaps, FindingMaps } from "../../models/card-maps.ts";
import { MAP_CANDIDATES } from "../../models/map-candidates.ts";
import { Random } from "../../random.ts";
import { counted } from "../../text.ts";
import type { Dataset } from "../data/open-dataset.ts";
import { FEWEST_PAIRS, type MapPairs } from "./map-pairs.ts";
import { placed, type Trial, type TrialHooks, type TrialRun, tryCandidates } from "./map-trials.ts";

type Overlaps = readonly (readonly number[])[];

/** The overlaps of a candidate's regions with the boxes, by pair and level. */
const overlapsOfKind = (trials: readonly Trial[], kind: number): Overlaps =>
  trials.map(({ maps, region, boxes }) => {
    const found = overlapsOf(placed(maps.of(MAP_CANDIDATES[kind]!), region), boxes);
    maps.forget();
    return found;
  });

/** The choice for one finding, and how good it was on pairs that took no part in it. */
function chooseFor(trials: readonly Trial[], halves: Halves): FindingMaps {
  const hits = MAP_CANDIDATES.map((_, kind) => trials.map((trial) => trial.hits[kind]!));
  const known = new Map<number, Overlaps>();
  const choose = (pairs: readonly number[]) => {
    const kind = bestKind(ofPairs(hits, pairs));
    const overlaps = known.get(kind) ?? overlapsOfKind(trials, kind);
    known.set(kind, overlaps);
    return { kind, overlaps, level: bestLevel(pairs.map((i) => overlaps[i]!)) };
  };
  let [pointing, overlapping] = [0, 0];
  for (const [chosenOn, judgedOn] of [halves, [halves[1], halves[0]]] as const) {
    const { kind, overlaps, level } = choose(chosenOn);
    pointing += pointingShare(judgedOn.map((i) => hits[kind]![i]!)) * judgedOn.length;
    overlapping +=
      overlapShare(
        judgedOn.map((i) => overlaps[i]!),
        level,
      ) * judgedOn.length;
  }
  const { kind, level } = choose([...trials.keys()]);
  const { method, layers } = MAP_CANDIDATES[kind]!;
  const pairs = trials.length;
  const { low, high } = wilsonInterval(Math.round(pointing), pairs);
  const areas = trials.map(
    ({ boxes }) => boxes.reduce((sum, { width, height }) => sum + width * height, 0) / boxes.length,
  );
  const share = (which: "random" | "centre") => trials.filter(({ control }) => control[which]).length / pairs;
  return {
    method,
    layers: [...layers],
    level: LEVELS[level]!,
    measured: {
      pairs,
      boxArea: areas.reduce((sum, area) => sum + area, 0) / pairs,
      pointing: Math.round(pointing) / pairs,
      pointingLow: low,
      pointingHigh: high,
      control: Math.max(share("random"), share("centre")),
      overlap: Math.round(overlapping) / pairs,
    },
  };
}

/** The outcome: what the card gets, with notes, or that the work was interrupted. */
export type ChosenMaps =
  | { readonly maps?: CardMaps; readonly notes: readonly string[]; readonly failed: number }
  | { readonly isInterrupted: true };

/**
 * Choose the heatmaps of a model's findings.
 *
 * @throws  XrayError `runtime/…`, or `evaluation/bad-input` for a map with NaN.
 */
export async function chooseMapsFor(
  model: DenseNetModel,
  dataset: Dataset,
  { pairs, file, notes }: MapPairs,
  run: TrialRun,
  hooks: TrialHooks = {},
): Promise<ChosenMaps> {
  const { labels } = model.card;
  const found = await tryCandidates(model, dataset, pairs, run, hooks);
  if (found === "interrupted") return { isInterrupted: true };
  const { trials, images, failed } = found;
  const findings: Record<string, FindingMaps> = {};
  const skipped: string[] = [];
  const wanted = new Set(pairs.map(({ label }) => label));
  for (const label of [...wanted].sort((a, b) => a - b)) {
    // Signals are only seen between two turns of the event loop.
    await setImmediate();
    if (hooks.isStopping?.() === true) return { isInterrupted: true };
    const [name, its] = [labels[label]!, trials.get(label) ?? []];
    const halves = halvesOf(
      its.map(({ patient }) => patient),
      Random.of(run.seed, "halves", name),
    );
    if (its.length < FEWEST_PAIRS || halves.some((half) => half.length === 0)) skipped.push(name);
    else findings[name] = chooseFor(its, halves);
  }
  const said = [
    ...notes,
    ...(skipped.length === 0
      ? []
      : [`too few images or patients could be used to choose a heatmap for ${skipped.join(", ")}`]),
  ];
  if (Object.keys(findings).length === 0) return { notes: [...said, "no heatmaps were chosen"], failed };
  const description = `chosen from ${MAP_CANDIDATES.length} candidates by the boxes of ${file} in ${counted(images, "image")}; each half of the patients was measured with the choice made on the other half`;
  return { maps: { description, findings }, notes: said, failed };
}
