/**
 * Tries all candidate heatmaps on images with boxes.
 *
 * Pipeline:   images with boxes → **pairs of image and finding → candidates, and what they hit** → choice
 * Knows:      files and models. Not how one is chosen.
 */

import { CandidateMaps, type MapsOfPair } from "../../engine/candidate-maps.ts";
import { readingOf } from "../../engine/model.ts";
import type { NamedModel } from "../../engine/read-model.ts";
import { asXrayError, inFile, XrayError } from "../../errors.ts";
import { controlHits, type Hit, hitOf } from "../../evaluation/choose-map.ts";
import type { PlacedMap, Rectangle } from "../../evaluation/localisation.ts";
import type { Grid } from "../../heatmaps/grid.ts";
import { inputSizeOf } from "../../image/preparation.ts";
import { shownView } from "../../image/prepare.ts";
import { MAP_CANDIDATES } from "../../models/map-candidates.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { createSession } from "../../node/session.ts";
import { Random } from "../../random.ts";
import type { BoxesOfImages } from "../data/known-boxes.ts";
import type { Dataset } from "../data/open-dataset.ts";
import { placesByLabel, seenRegion } from "./localise.ts";
import { type ModelRun, sessionOptionsOf } from "./model.ts";
import type { FolderHooks } from "./predict-folder.ts";
/** With fewer pairs of an image and a finding, a choice would be luck. */
export const FEWEST_PAIRS = 20;

/** Enough pairs of a finding; more take longer and change little. */
const MOST_PAIRS = 300;

/** Bytes for the maps of all pairs. They are kept until the choice is made. */
const MOST_BYTES = 256 * 2 ** 20;

/** Pairs of each of some findings whose maps may be kept. */
function mostPairs(
  findings: number,
  { width, height }: { readonly width: number; readonly height: number },
): number {
  // Each of four methods has three maps of 1/32, two of 1/16 and one of 1/8 of the input's sides, in float32.
  const bytes = 4 * 4 * width * height * (3 / 32 ** 2 + 2 / 16 ** 2 + 1 / 8 ** 2);
  return Math.max(FEWEST_PAIRS, Math.min(MOST_PAIRS, Math.floor(MOST_BYTES / (bytes * findings))));
}

/** One image and a finding that is marked in it. */
export interface Pair {
  readonly image: number;
  readonly label: number;
  readonly boxes: readonly Rectangle[];
}

/** A pair, looked at. */
export interface Trial {
  /** Its index in the table. */
  readonly image: number;
  readonly patient: string;
  readonly maps: MapsOfPair;
  readonly region: Rectangle;
  readonly boxes: readonly Rectangle[];
  /** By candidate. */
  readonly hits: readonly Hit[];
  readonly control: { readonly random: boolean; readonly centre: boolean };
}

export const placed = ({ data, height, width }: Grid, region: Rectangle): PlacedMap => ({
  values: data,
  height,
  width,
  region,
});

/**
 * At most `MOST_PAIRS` of each finding that has `FEWEST_PAIRS`, drawn at random, in the order of images.
 *
 * @param input  Size of the network's input: of larger maps, fewer can be kept.
 */
export function drawPairs(
  pairs: readonly Pair[],
  labels: readonly string[],
  input: { readonly width: number; readonly height: number },
  seed: number,
): Pair[] {
  const most = mostPairs(labels.length, input);
  return labels
    .flatMap((name, label) => {
      const its = pairs.filter((pair) => pair.label === label);
      if (its.length < FEWEST_PAIRS) return [];
      const order = Random.of(seed, "choose maps", name).permutation(its.length);
      return Array.from(order.subarray(0, most), (i) => its[i]!);
    })
    .sort((a, b) => a.image - b.image || a.label - b.label);
}

/** The pairs of chosen images, by the index of the image in the table. */
export function pairsOf(
  boxes: BoxesOfImages,
  images: readonly { readonly image: string }[],
  chosen: readonly number[],
  labels: readonly string[],
): Pair[] {
  return chosen.flatMap((image) => {
    const known = boxes.of.get(images[image]!.image) ?? [];
    return [...placesByLabel(known, labels)].map(([label, places]) => ({ image, label, boxes: places }));
  });
}

/** Candidates that were tried. */
export interface Tried {
  /** By label. */
  readonly trials: ReadonlyMap<number, readonly Trial[]>;
  /** Number of images that were used, and of those that could not be read. */
  readonly images: number;
  readonly failed: number;
}

/**
 * Try all candidates on some pairs. An image that cannot be read is reported and left out.
 *
 * @param pairs  In the order of their images.
 * @returns      What was tried, or that it was interrupted.
 * @throws       XrayError `runtime/…`, or `evaluation/bad-input` for a map with NaN.
 */
export async function tryCandidates(
  model: NamedModel,
  { table, paths }: Dataset,
  pairs: readonly Pair[],
  run: ModelRun,
  hooks: FolderHooks,
): Promise<Tried | "interrupted"> {
  const { labels, preparation } = model.card;
  const images = [...new Set(pairs.map(({ image }) => image))];
  const trials = new Map<number, Trial[]>();
  let [used, failed] = [0, 0];
  const pool = new ImagePool(images.length);
  let candidates: CandidateMaps | undefined;
  try {
    pool.usePreparation(preparation);
    candidates = await CandidateMaps.open(
      model,
      inputSizeOf(preparation),
      createSession,
      sessionOptionsOf(run),
    );
    const prepare = (image: number | undefined) => {
      const prepared =
        image === undefined ? undefined : pool.prepare({ source: paths[image]!, reading: readingOf(run) });
      // Whoever waits for it sees the failure; nobody may be waiting any more.
      prepared?.catch(() => undefined);
      return prepared;
    };
    let next = prepare(images[0]);
    for (const [i, image] of images.entries()) {
      if (hooks.isStopping?.() === true) return "interrupted";
      const ready = next!;
      next = prepare(images[i + 1]);
      const prepared = await ready.catch((error: unknown) => asXrayError(inFile(paths[image]!, error)));
      hooks.onProgress?.(i + 1, images.length);
      if (prepared instanceof XrayError) {
        failed += 1;
        hooks.onFailure?.(prepared);
        continue;
      }
      const its = pairs.filter((pair) => pair.image === image);
      const maps = await candidates.of(
        shownView(prepared),
        its.map(({ label }) => label),
      );
      const region = seenRegion(prepared);
      const { image: name, patient } = table.images[image]!;
      for (const [k, pair] of its.entries()) {
        const random = Random.of(run.seed, "choose maps", name, labels[pair.label]!);
        const trial = {
          image,
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
    }
  } finally {
    try {
      await candidates?.release();
    } finally {
      await pool.close();
    }
  }
  return { trials, images: used, failed };
}
