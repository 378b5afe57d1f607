/**
 * Tries all candidate heatmaps on images with boxes.
 *
 * Pipeline:   pairs of image and finding → **candidates, and what they hit** → choice
 * Knows:      files and models. Not how one is chosen.
 */

import { CandidateMaps, type MapsOfPair } from "../../engine/candidate-maps.ts";
import { readingOf } from "../../engine/model.ts";
import type { DenseNetModel } from "../../engine/read-model.ts";
import { admit } from "../../engine/refused.ts";
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
import type { Dataset } from "../data/open-dataset.ts";
import { seenRegion } from "./localise.ts";
import type { Pair } from "./map-pairs.ts";
import { type ModelRun, sessionOptionsOf } from "./model.ts";

/** How candidates are computed, and the seed of all that is drawn at random. */
export type TrialRun = Pick<ModelRun, "device" | "threads" | "voi" | "seed" | "force">;

/** Callbacks while candidates are tried. */
export interface TrialHooks {
  /** Called with the number of images that are done. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Called for an image, by its index in the table, that could not be read or is refused by a check, and is left out. */
  readonly onFailure?: (error: XrayError, image: number) => void;
  /** Called before each image and finding to ask whether to stop early. */
  readonly isStopping?: () => boolean;
}

/** A pair, looked at. */
export interface Trial {
  /** The image's index in the table. */
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
 * Look at all candidates of one image and finding.
 *
 * @param label   The finding's name.
 * @param random  Draws the random map that candidates are compared with.
 * @throws        XrayError `evaluation/bad-input` for a map with NaN, naming the finding and the candidate.
 */
function look(
  maps: MapsOfPair,
  label: string,
  { image, patient, region, boxes }: Pick<Trial, "image" | "patient" | "region" | "boxes">,
  random: Random,
): Trial {
  const hits = MAP_CANDIDATES.map((recipe) => {
    try {
      return hitOf(placed(maps.of(recipe), region), boxes);
    } catch (error) {
      if (!(error instanceof XrayError)) throw error;
      const which = `${recipe.method} at ${recipe.layers.join("+")}`;
      throw new XrayError(
        error.code,
        `its heatmap of ${label} (${which}) holds values that are not numbers, so no heatmaps can be chosen for this model; leave the choice out`,
        { finding: label, ...error.details },
        error,
      );
    }
  });
  maps.forget();
  return { image, patient, maps, region, boxes, hits, control: controlHits(region, boxes, random) };
}

/** Candidates that were tried. */
export interface Tried {
  /** By label. */
  readonly trials: ReadonlyMap<number, readonly Trial[]>;
  /** Number of images that were used, and of those that were left out. */
  readonly images: number;
  readonly failed: number;
}

/**
 * Try all candidates on some pairs. An image that cannot be read, or that a check refuses, is reported and left out.
 *
 * @param pairs  In the order of their images.
 * @returns      What was tried, or that it was interrupted.
 * @throws       XrayError `runtime/…`, or `evaluation/bad-input` for a map with NaN, naming the image.
 */
export async function tryCandidates(
  model: DenseNetModel,
  { table, paths }: Dataset,
  pairs: readonly Pair[],
  run: TrialRun,
  hooks: TrialHooks,
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
        image === undefined
          ? undefined
          : pool
              .prepare({ source: paths[image]!, reading: readingOf(run), check: true })
              .then((checked) => admit(checked, run.force ?? false));
      // Whoever waits for it sees the failure; nobody may be waiting any more.
      prepared?.catch(() => undefined);
      return prepared;
    };
    let next = prepare(images[0]);
    for (const [i, image] of images.entries()) {
      if (hooks.isStopping?.() === true) return "interrupted";
      const ready = next!;
      next = prepare(images[i + 1]);
      const prepared = await ready.catch(asXrayError);
      hooks.onProgress?.(i + 1, images.length);
      if (prepared instanceof XrayError) {
        failed += 1;
        hooks.onFailure?.(asXrayError(inFile(paths[image]!, prepared)), image);
        continue;
      }
      const its = pairs.filter((pair) => pair.image === image);
      const maps = await candidates.of(
        shownView(prepared),
        its.map(({ label }) => label),
      );
      const { image: name, patient } = table.images[image]!;
      const region = seenRegion(prepared);
      for (const [k, { label, boxes }] of its.entries()) {
        const random = Random.of(run.seed, "choose maps", name, labels[label]!);
        try {
          const trial = look(maps[k]!, labels[label]!, { image, patient, region, boxes }, random);
          trials.set(label, [...(trials.get(label) ?? []), trial]);
        } catch (error) {
          throw inFile(paths[image]!, error);
        }
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
