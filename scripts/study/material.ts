/** The images of a study: phantoms of two seeds, or one data folder with boxes. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assignBoxes, openBoxes } from "../../src/app/data/known-boxes.ts";
import { type Dataset, openDataset } from "../../src/app/data/open-dataset.ts";
import { rememberedImages } from "../../src/app/data/seen-names.ts";
import { chosenImages } from "../../src/app/evaluation/chosen-images.ts";
import { type Pair, pairsOf } from "../../src/app/evaluation/map-pairs.ts";
import { PackedNames } from "../../src/dataset/image-hashes.ts";
import type { DenseNetModel } from "../../src/engine/read-model.ts";
import { inputSizeOf } from "../../src/image/preparation.ts";
import { Random } from "../../src/random.ts";
import type { Study } from "./options.ts";

/** Seeds of the phantoms to choose on and to judge on: none on which the demo model was trained. */
const SEEDS = [501, 502] as const;

/** Images with boxes. */
export interface Material {
  readonly dataset: Dataset;
  /** Indices of all images that may be used, with boxes or without. */
  readonly images: readonly number[];
  /** Pairs of an image and a finding that has boxes in it, in the order of images. */
  readonly pairs: readonly Pair[];
  readonly seed: number;
  /** What the images are, in words: `1,000 phantoms of seed 502`. */
  readonly description: string;
}

/** At most so many pairs of each finding; fewer of a model with a larger input, whose maps take more memory. */
function drawPairs(pairs: readonly Pair[], { card }: DenseNetModel, { extent, seed }: Study): Pair[] {
  const { width, height } = inputSizeOf(card.preparation);
  const most = Math.max(
    20,
    Math.min(extent.pairs, Math.floor((extent.pairs * 224 * 224) / (width * height))),
  );
  return card.labels
    .flatMap((name, label) => {
      const its = pairs.filter((pair) => pair.label === label);
      const order = Random.of(seed, "study", name).permutation(its.length);
      return Array.from(order.subarray(0, most), (i) => its[i]!);
    })
    .sort((a, b) => a.image - b.image || a.label - b.label);
}

/** Open a folder: all its images with boxes that the model was not trained on. */
async function openFolder(folder: string, model: DenseNetModel, study: Study): Promise<Material> {
  const dataset = await openDataset(folder);
  const { table, phantom, boxFiles } = dataset;
  const names = table.images.map(({ image }) => image);
  const file = await openBoxes(folder, boxFiles, { named: study.boxes, canName: true });
  if (file === undefined) throw new Error(`${folder}: it has no box file; name one with --boxes`);
  const packed = model.card.learnedFrom?.at(-1)?.training;
  const trained = rememberedImages(
    packed === undefined ? undefined : new PackedNames(packed),
    names,
    phantom,
  );
  const choice = study.list !== undefined ? { list: study.list } : phantom ? { chosen: new Set(names) } : {};
  const { indices } = await chosenImages(dataset, choice);
  const images = indices.filter((i) => !trained.has(names[i]!));
  const pairs = drawPairs(pairsOf(assignBoxes(file, names), names, images, model.card.labels), model, study);
  if (pairs.length === 0)
    throw new Error(`${folder}: none of its boxes is of an image and a finding to be used`);
  const count = images.length.toLocaleString("en-US");
  const description = phantom
    ? `${count} phantoms of seed ${phantom.seed}`
    : `${count} images of ${dataset.labelFile.path.split("/").at(-1)}`;
  return { dataset, images, pairs, seed: study.seed, description };
}

/** Draw phantoms with the package's own command. */
function drawPhantoms(folder: string, count: number, seed: number): void {
  const args = ["data", "phantom", "--out", folder, "--count", `${count}`, "--seed", `${seed}`];
  const { status } = spawnSync(process.execPath, ["dist/bin/medical-x.js", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error(`medical-x ${args.join(" ")} ended with ${status}`);
}

/**
 * Work with a study's images; phantoms that were drawn are removed afterwards.
 *
 * @param work  Gets the images to choose on and those to judge on: the same if both are halves of one folder.
 */
export async function withMaterial<T>(
  study: Study,
  model: DenseNetModel,
  work: (choice: Material, judging: Material) => Promise<T>,
): Promise<T> {
  if (study.data !== undefined) {
    const material = await openFolder(study.data, model, study);
    return work(material, material);
  }
  const scratch = mkdtempSync(join(tmpdir(), "medical-x-study-"));
  try {
    const folders = study.drawn.map((given, i) => {
      const folder = given ?? join(scratch, `${SEEDS[i]}`);
      if (given === undefined) drawPhantoms(folder, study.extent.phantoms[i]!, SEEDS[i]!);
      return folder;
    });
    const [choice, judging] = [folders[0]!, folders[1]!];
    return await work(await openFolder(choice, model, study), await openFolder(judging, model, study));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
