/**
 * Chooses the heatmap that points best at each finding, by the boxes of validation images.
 *
 * Pipeline:   images with boxes → candidates of each pair → **best recipe and level, measured on the other half** → card
 * Knows:      files, data folders and models. The arithmetic is in `evaluation/choose-map.ts` and `fit-level.ts`.
 */

import { basename } from "node:path";
import type { NamedModel } from "../../engine/read-model.ts";
import { bestKind, type Halves, halvesOf, ofPairs, pointingShare } from "../../evaluation/choose-map.ts";
import { bestLevel, LEVELS, overlapShare, overlapsOf } from "../../evaluation/fit-level.ts";
import { wilsonInterval } from "../../evaluation/intervals.ts";
import { inputSizeOf } from "../../image/preparation.ts";
import type { CardMaps, FindingMaps } from "../../models/card-maps.ts";
import { MAP_CANDIDATES } from "../../models/map-candidates.ts";
import { Random } from "../../random.ts";
import { counted } from "../../text.ts";
import { assignBoxes, openBoxes } from "../data/known-boxes.ts";
import type { Dataset } from "../data/open-dataset.ts";
import {
  drawPairs,
  FEWEST_PAIRS,
  type Pair,
  pairsOf,
  placed,
  type Trial,
  tryCandidates,
} from "./map-trials.ts";
import type { ModelRun } from "./model.ts";
import type { FolderHooks } from "./predict-folder.ts";

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

/** The pairs among which the choice is made, and how they came about. */
export interface MapPairs {
  readonly pairs: readonly Pair[];
  /** The box file: `BBox_List_2017.csv (sha256 205bb572b7ce…)`. */
  readonly file: string;
  readonly notes: readonly string[];
}

/**
 * The images with boxes that a model was not trained on.
 *
 * @param trained  Names of images that it was trained on.
 * @returns        The pairs, or a note that says why there are none.
 * @throws         XrayError `data/several-box-files`, `truth/bad-note`, `labels/…`, `file/…`.
 */
export async function findMapPairs(
  { card }: NamedModel,
  { table, paths, boxFiles }: Dataset,
  trained: ReadonlySet<string>,
  run: ModelRun,
): Promise<MapPairs | string> {
  const file = await openBoxes(run.data, boxFiles, { named: run.boxes, canName: true });
  if (file === undefined) return `${run.data} has no box file, so no heatmaps were chosen; name one`;
  const names = table.images.map(({ image }) => image);
  const boxes = assignBoxes(file, names);
  const isUsed = (i: number) => paths[i] !== undefined && !trained.has(names[i]!);
  const boxed = [...names.keys()].filter((i) => paths[i] !== undefined && boxes.of.has(names[i]!));
  const chosen = boxed.filter(isUsed);
  const all = pairsOf(boxes, table.images, chosen, card.labels);
  const pairs = drawPairs(all, card.labels, inputSizeOf(card.preparation), run.seed);
  if (pairs.length === 0)
    return `${file.path}: no finding has boxes in ${FEWEST_PAIRS} of the images that the model was not trained on, so no heatmaps were chosen; name a file with more boxes`;
  const few = card.labels.flatMap((name, label) => {
    const n = all.filter((pair) => pair.label === label).length;
    return n === 0 || n >= FEWEST_PAIRS ? [] : [`${name} (${n})`];
  });
  const seen = boxed.length - chosen.length;
  return {
    pairs,
    file: `${basename(file.path)} (sha256 ${file.sha256.slice(0, 12)}…)`,
    notes: [
      ...(seen === 0
        ? []
        : [`heatmaps were not chosen on ${counted(seen, "image")} with boxes that the model was trained on`]),
      ...(few.length === 0
        ? []
        : [`too few boxes to choose a heatmap, which stays Grad-CAM at norm5: ${few.join(", ")}`]),
    ],
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
  model: NamedModel,
  dataset: Dataset,
  { pairs, file, notes }: MapPairs,
  run: ModelRun,
  hooks: FolderHooks = {},
): Promise<ChosenMaps> {
  const { labels } = model.card;
  const found = await tryCandidates(model, dataset, pairs, run, hooks);
  if (found === "interrupted") return { isInterrupted: true };
  const { trials, images, failed } = found;
  const findings: Record<string, FindingMaps> = {};
  const skipped: string[] = [];
  for (const [label, its] of [...trials].sort(([a], [b]) => a - b)) {
    if (hooks.isStopping?.() === true) return { isInterrupted: true };
    const name = labels[label]!;
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
