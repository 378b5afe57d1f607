/** The examples' phantoms, changed more and more, and how far the check of known images says that they are. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import type { Model } from "../../src/index.ts";
import { decodeRaster } from "../../src/node/raster.ts";
import { Random } from "../../src/random.ts";

const FOLDER = new URL("../../examples/images/", import.meta.url);

/** The twelve phantoms that come with the package. */
export const EXAMPLES: readonly string[] = readdirSync(FOLDER)
  .sort()
  .map((name) => fileURLToPath(new URL(name, FOLDER)));

/** A grey level that was changed. `place` has 0 to 1 from left to right and from top to bottom. */
type Change = (grey: number, place: readonly [x: number, y: number], normal: () => number) => number;

/** A disc as dense as metal. */
const disc =
  (radius: number): Change =>
  (grey, [x, y]) =>
    Math.hypot(x - 0.4, y - 0.45) < radius ? 250 : grey;

const noise =
  (sigma: number): Change =>
  (grey, _, normal) =>
    grey + sigma * normal();

const brightness =
  (gain: number): Change =>
  (grey) =>
    grey * gain;

/** Each kind of change, from little to much. */
export const CHANGES: readonly (readonly [what: string, changes: readonly Change[]])[] = [
  ["noise", [8, 16, 32].map(noise)],
  ["brightness", [1.15, 1.35, 1.7].map(brightness)],
  ["darkness", [0.85, 0.7, 0.5].map(brightness)],
  ["a foreign object", [0.05, 0.1, 0.2].map(disc)],
];

/** What the check of known images says of each picture, and its distance as a multiple of the limit. */
export async function knownImages(model: Model, images: readonly (string | Uint8Array)[]) {
  const predictions = await model.predict(images, { force: true });
  return predictions.map(({ checks }) => {
    const { outcome, reason } = checks.find(({ check }) => check === "known-images")!;
    const [, distance, limit] = /training images is ([\d.]+),.* limit of ([\d.]+) that/.exec(reason)!;
    return { outcome, ratio: Number(distance) / Number(limit) };
  });
}

/** The phantom in `path` as a PNG in which every grey level was changed. */
async function changed(path: string, change: Change, random: Random): Promise<Uint8Array> {
  const { data, width, height } = await decodeRaster(new Uint8Array(readFileSync(path)));
  const normal = () => random.normal();
  const grey = Uint8ClampedArray.from(data, (one, at) =>
    change(one, [(at % width) / width, Math.floor(at / width) / height], normal),
  );
  return sharp(grey, { raw: { width, height, channels: 1 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/**
 * The mean distance of phantoms as they are, and then of the same phantoms after each change.
 *
 * @param what   Names the stream of random numbers.
 * @param paths  Some of `EXAMPLES`.
 */
export async function meanDistances(
  model: Model,
  what: string,
  changes: readonly Change[],
  paths: readonly string[],
): Promise<number[]> {
  const pictures: (string | Uint8Array)[] = [...paths];
  for (const change of changes)
    for (const [i, path] of paths.entries())
      pictures.push(await changed(path, change, Random.of(1, what, i)));
  const ratios = (await knownImages(model, pictures)).map(({ ratio }) => ratio);
  return [-1, ...changes.keys()].map((turn) => {
    const these = ratios.slice((turn + 1) * paths.length, (turn + 2) * paths.length);
    return these.reduce((sum, one) => sum + one, 0) / these.length;
  });
}
