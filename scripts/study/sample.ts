/** Some of the judged pairs, and their images as the network takes them. */

import type { Preparation } from "../../src/image/preparation.ts";
import { type PreparedImage, shownView } from "../../src/image/prepare.ts";
import { ImagePool } from "../../src/node/image-pool.ts";
import { Random } from "../../src/random.ts";
import type { JudgedPair } from "./judge.ts";
import type { Material } from "./material.ts";

/** At most so many pairs of each finding, and in all, drawn at random, in the order of images. */
export function samplePairs(
  pairs: readonly JudgedPair[],
  most: number,
  inAll: number,
  seed: number,
): JudgedPair[] {
  const labels = [...new Set(pairs.map(({ label }) => label))];
  return labels
    .flatMap((label) => {
      const its = pairs.filter((pair) => pair.label === label);
      const order = Random.of(seed, "study sample", label).permutation(its.length);
      return Array.from(order.subarray(0, most), (i) => its[i]!);
    })
    .slice(0, inAll)
    .sort((a, b) => a.trial.image - b.trial.image || a.label - b.label);
}

/** Pairs by their image. */
export function byImage(pairs: readonly JudgedPair[]): ReadonlyMap<number, readonly JudgedPair[]> {
  const groups = new Map<number, JudgedPair[]>();
  for (const pair of pairs) groups.set(pair.trial.image, [...(groups.get(pair.trial.image) ?? []), pair]);
  return groups;
}

/** Prepare images one after another; the next is prepared while the last one is looked at. */
export async function forEachImage(
  { dataset: { paths } }: Material,
  images: readonly number[],
  preparation: Preparation,
  visit: (image: number, view: Float32Array, prepared: PreparedImage) => Promise<void>,
): Promise<void> {
  const pool = new ImagePool(images.length);
  try {
    pool.usePreparation(preparation);
    const prepare = (image: number | undefined) => {
      const prepared = image === undefined ? undefined : pool.prepare({ source: paths[image]!, reading: {} });
      prepared?.catch(() => undefined);
      return prepared;
    };
    let next = prepare(images[0]);
    for (const [i, image] of images.entries()) {
      const prepared = await next!;
      next = prepare(images[i + 1]);
      await visit(image, shownView(prepared), prepared);
    }
  } finally {
    await pool.close();
  }
}
