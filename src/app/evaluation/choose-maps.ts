/**
 * Chooses the heatmap that points best at each finding, by the boxes of validation images.
 *
 * Pipeline:   images with boxes → candidates of each pair → **best recipe and level, measured on the other half** → card
 * Knows:      files, data folders and models. The arithmetic is in `evaluation/choose-map.ts` and `fit-level.ts`.
 */

import { basename } from "node:path";
import { CandidateMaps, type MapsOfPair } from "../../engine/candidate-maps.ts";
import { readingOf } from "../../engine/model.ts";
import type { NamedModel } from "../../engine/read-model.ts";
import { asXrayError, inFile } from "../../errors.ts";
import {
  bestKind,
  controlHits,
  type Halves,
  type Hit,
  halvesOf,
  hitOf,
  ofPairs,
  pointingShare,
} from "../../evaluation/choose-map.ts";
import { bestLevel, LEVELS, overlapShare, overlapsOf } from "../../evaluation/fit-level.ts";
import { wilsonInterval } from "../../evaluation/intervals.ts";
import type { PlacedMap, Rectangle } from "../../evaluation/localisation.ts";
import { matchLabel } from "../../findings.ts";
import type { Grid } from "../../heatmaps/grid.ts";
import { inputSizeOf } from "../../image/preparation.ts";
import { CENTER_VIEW } from "../../image/prepare.ts";
import type { CardMaps, FindingMaps } from "../../models/card-maps.ts";
import { MAP_CANDIDATES } from "../../models/map-candidates.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { createSession } from "../../node/session.ts";
import { Random } from "../../random.ts";
import { counted } from "../../text.ts";
import { assignBoxes, openBoxes } from "../data/known-boxes.ts";
import type { Dataset } from "../data/open-dataset.ts";
import { seenRegion } from "./localise.ts";
import { type ModelRun, sessionOptionsOf } from "./model.ts";
import type { FolderHooks } from "./predict-folder.ts";

/** With fewer pairs of an image and a finding, a choice would be luck. */
const FEWEST_PAIRS = 20;

/** Enough pairs of a finding; more take longer and change little. */
const MOST_PAIRS = 300;

/** One image and a finding that is marked in it. */
interface Pair {
  readonly image: number;
  readonly label: number;
  readonly boxes: readonly Rectangle[];
}

/** A pair, looked at. */
interface Trial {
  readonly patient: string;
  readonly maps: MapsOfPair;
  readonly region: Rectangle;
  readonly boxes: readonly Rectangle[];
  /** By candidate. */
  readonly hits: readonly Hit[];
  readonly control: { readonly random: boolean; readonly centre: boolean };
}

const placed = ({ data, height, width }: Grid, region: Rectangle): PlacedMap => ({
  values: data,
  height,
  width,
  region,
});

/** At most `MOST_PAIRS` of each finding that has `FEWEST_PAIRS`, drawn at random, in the order of images. */
function drawPairs(pairs: readonly Pair[], labels: readonly string[], seed: number): Pair[] {
  return labels
    .flatMap((name, label) => {
      const its = pairs.filter((pair) => pair.label === label);
      if (its.length < FEWEST_PAIRS) return [];
      const order = Random.of(seed, "choose maps", name).permutation(its.length);
      return Array.from(order.subarray(0, MOST_PAIRS), (i) => its[i]!);
    })
    .sort((a, b) => a.image - b.image || a.label - b.label);
}

/** The pairs of chosen images, by the index of the image in the table. */
function pairsOf(
  boxes: ReturnType<typeof assignBoxes>,
  images: readonly { readonly image: string }[],
  chosen: readonly number[],
  labels: readonly string[],
): Pair[] {
  return chosen.flatMap((image) => {
    const places = new Map<number, Rectangle[]>();
    for (const { finding, place } of boxes.of.get(images[image]!.image) ?? []) {
      const name = matchLabel(finding, labels);
      if (name === undefined) continue;
      const label = labels.indexOf(name);
      places.set(label, [...(places.get(label) ?? []), place]);
    }
    return [...places].map(([label, known]) => ({ image, label, boxes: known }));
  });
}

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
  { table, paths, boxFiles }: Dataset,
  chosen: readonly number[],
  run: ModelRun,
  hooks: FolderHooks = {},
): Promise<ChosenMaps> {
  const { labels, preparation } = model.card;
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
  const images = [...new Set(pairs.map(({ image }) => image))];
  const pool = new ImagePool(images.length);
  const candidates = await CandidateMaps.open(
    model,
    inputSizeOf(preparation),
    createSession,
    sessionOptionsOf(run),
  );
  const trials = new Map<number, Trial[]>();
  let used = 0;
  try {
    pool.usePreparation(preparation);
    const prepare = (image: number | undefined) =>
      image === undefined ? undefined : pool.prepare({ source: paths[image]!, reading: readingOf(run) });
    let next = prepare(images[0]);
    for (const [i, image] of images.entries()) {
      if (hooks.isStopping?.() === true) return { isInterrupted: true };
      const ready = next!;
      next = prepare(images[i + 1]);
      next?.catch(() => undefined);
      hooks.onProgress?.(i, images.length);
      try {
        const prepared = await ready;
        const its = pairs.filter((pair) => pair.image === image);
        const length = prepared.input.length / prepared.views;
        const at = prepared.views > 1 ? CENTER_VIEW : 0;
        const view = prepared.input.slice(at * length, (at + 1) * length);
        const maps = await candidates.of(
          view,
          its.map(({ label }) => label),
        );
        const { image: name, patient } = table.images[image]!;
        for (const [k, pair] of its.entries()) {
          const region = seenRegion(prepared);
          const random = Random.of(run.seed, "localisation", name, labels[pair.label]!);
          const trial = {
            patient,
            maps: maps[k]!,
            region,
            boxes: pair.boxes,
            hits: MAP_CANDIDATES.map((recipe) => hitOf(placed(maps[k]!.of(recipe), region), pair.boxes)),
            control: controlHits(region, pair.boxes, random),
          };
          trial.maps.forget();
          trials.set(pair.label, [...(trials.get(pair.label) ?? []), trial]);
        }
        used += 1;
      } catch (error) {
        hooks.onFailure?.(asXrayError(inFile(paths[image]!, error)));
      }
    }
  } finally {
    try {
      await candidates.release();
    } finally {
      await pool.close();
    }
  }
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
      description: `chosen among ${MAP_CANDIDATES.length} kinds of heatmaps by ${basename(file.path)} (sha256 ${file.sha256.slice(0, 12)}…) on ${counted(used, "image")}; measured on the half of the patients that took no part in the choice`,
      findings,
    },
  };
}
