/**
 * The images and boxes by which heatmaps are chosen.
 *
 * Pipeline:   box file, images that may be used → **pairs of an image and a finding** → trials of candidates
 * Knows:      data folders and boxes. Not maps, nor why an image may be used.
 */

import { basename } from "node:path";
import type { Rectangle } from "../../evaluation/localisation.ts";
import { inputSizeOf } from "../../image/preparation.ts";
import type { ResolvedCard } from "../../models/card.ts";
import { Random } from "../../random.ts";
import { assignBoxes, type BoxesOfImages, type BoxFile } from "../data/known-boxes.ts";
import type { Dataset } from "../data/open-dataset.ts";
import { placesByLabel } from "./localise.ts";
import { unusedBoxNotes } from "./unused-boxes.ts";

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
  /** Its index in the table. */
  readonly image: number;
  readonly label: number;
  readonly boxes: readonly Rectangle[];
}

/** The pairs among which the choice is made, and how they came about. */
export interface MapPairs {
  /** In the order of images; none if no finding has enough of them. */
  readonly pairs: readonly Pair[];
  /** The box file: `BBox_List_2017.csv (sha256 205bb572b7ce…)`. */
  readonly file: string;
  /** Number of images with boxes that there are but that may not be used. */
  readonly barred: number;
  /** Notes on boxes that are not used. */
  readonly notes: readonly string[];
}

/** The pairs of chosen images. */
export const pairsOf = (
  boxes: BoxesOfImages,
  names: readonly string[],
  chosen: readonly number[],
  labels: readonly string[],
): Pair[] =>
  chosen.flatMap((image) =>
    [...placesByLabel(boxes.of.get(names[image]!) ?? [], labels)].map(([label, places]) => ({
      image,
      label,
      boxes: places,
    })),
  );

/**
 * At most `MOST_PAIRS` of each finding that has `FEWEST_PAIRS`, drawn at random, in the order of images.
 *
 * @param input  Size of the network's input: of larger maps, fewer can be kept.
 */
function drawPairs(
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

/**
 * Find the pairs by which a model's heatmaps are chosen.
 *
 * @param isAllowed  Whether an image, by its index in the table, may be used. Images without a file, and lateral ones
 *                   that are left out, are never used.
 * @param seed       Random seed of the sample, if there are more pairs than are needed.
 */
export function findMapPairs(
  { labels, preparation }: Pick<ResolvedCard, "labels" | "preparation">,
  { table, paths, leftOut }: Dataset,
  file: BoxFile,
  isAllowed: (index: number) => boolean,
  seed: number,
): MapPairs {
  const names = table.images.map(({ image }) => image);
  const boxes = assignBoxes(file, names);
  const boxed = [...names.keys()].filter(
    (i) => paths[i] !== undefined && !leftOut.has(i) && boxes.of.has(names[i]!),
  );
  const chosen = boxed.filter(isAllowed);
  const all = pairsOf(boxes, names, chosen, labels);
  const few = labels.flatMap((name, label) => {
    const n = all.filter((pair) => pair.label === label).length;
    return n === 0 || n >= FEWEST_PAIRS ? [] : [`${name} (${n})`];
  });
  const there = new Set(boxed.map((i) => names[i]!));
  return {
    pairs: drawPairs(all, labels, inputSizeOf(preparation), seed),
    file: `${basename(file.path)} (sha256 ${file.sha256.slice(0, 12)}…)`,
    barred: boxed.length - chosen.length,
    notes: [
      ...unusedBoxNotes(
        boxes,
        labels,
        (image) => there.has(image),
        "images that are missing or have a lateral view",
      ),
      ...(few.length === 0
        ? []
        : [`too few boxes to choose a heatmap, which stays Grad-CAM at norm5: ${few.join(", ")}`]),
    ],
  };
}
