/** Other input sizes: how well maps point, and how good the probabilities still are. */

import { seenRegion } from "../../src/app/evaluation/localise.ts";
import { placed } from "../../src/app/evaluation/map-trials.ts";
import { CandidateMaps } from "../../src/engine/candidate-maps.ts";
import type { DenseNetModel } from "../../src/engine/read-model.ts";
import { hitOf } from "../../src/evaluation/choose-map.ts";
import { brierScore } from "../../src/evaluation/reliability.ts";
import { auroc } from "../../src/evaluation/roc.ts";
import { matchLabel } from "../../src/findings.ts";
import { runFloat32 } from "../../src/graph/session.ts";
import { inputSizeOf, type Preparation, type PreparationStep } from "../../src/image/preparation.ts";
import { compileModel, PORTS } from "../../src/models/compile.ts";
import { createSession } from "../../src/node/session.ts";
import { Random } from "../../src/random.ts";
import { float32 } from "../../src/tensor.ts";
import { meanOverFindings } from "./figures.ts";
import type { JudgedPair } from "./judge.ts";
import type { Material } from "./material.ts";
import { progressOf } from "./progress.ts";
import { SIZED } from "./rows.ts";
import { byImage, forEachImage } from "./sample.ts";
import { mapsFor } from "./some-maps.ts";

/** Figures at one input size. */
export interface SizeFigures {
  readonly width: number;
  readonly height: number;
  /** Means over findings of raw probabilities. */
  readonly auroc: number;
  readonly brier: number;
  /** Pointing in the mean over findings, by the row's id. */
  readonly pointing: Readonly<Record<string, number>>;
}

/** All sizes, on the same images. */
export interface SizesFigures {
  readonly images: number;
  readonly pairs: number;
  readonly sizes: readonly SizeFigures[];
}

/** A model that takes its images larger or smaller: every size of its preparation by the same factor. */
function scaled(model: DenseNetModel, scale: number): DenseNetModel {
  const to = (pixels: number) => 32 * Math.max(2, Math.round((pixels * scale) / 32));
  const step = (one: PreparationStep): PreparationStep => {
    if (one.step === "resize") return { ...one, width: to(one.width), height: to(one.height) };
    return "size" in one ? { ...one, size: to(one.size) } : one;
  };
  const preparation: Preparation = model.card.preparation.map(step);
  return { ...model, card: { ...model.card, preparation } };
}

/** Truths by label of the images in a table; NaN where nothing is known. */
function truthsOf(model: DenseNetModel, { dataset: { table } }: Material, images: readonly number[]) {
  return model.card.labels.map((name) => {
    const column = table.labels.findIndex((label) => matchLabel(label, [name]) !== undefined);
    return Float64Array.from(images, (i) => table.images[i]!.labels[column] ?? Number.NaN);
  });
}

const mean = (values: readonly (number | null)[]): number => {
  const known = values.filter((value) => value !== null);
  return known.reduce((sum, one) => sum + one, 0) / known.length;
};

async function measureSize(
  model: DenseNetModel,
  material: Material,
  images: readonly number[],
  groups: ReadonlyMap<number, readonly JudgedPair[]>,
): Promise<SizeFigures> {
  const { card, inChannels, numLabels } = model;
  const input = inputSizeOf(card.preparation);
  const pairs = [...groups.values()].flat();
  const session = await createSession(compileModel(model));
  const candidates = await CandidateMaps.open(model, input, createSession, { maps: mapsFor(SIZED, pairs) });
  const probabilities = Array.from({ length: numLabels }, () => [] as number[]);
  const hits: { label: number; isPointing: Record<string, boolean> }[] = [];
  try {
    await forEachImage(material, images, card.preparation, async (image, view, prepared) => {
      const shape = [1, inChannels, input.height, input.width];
      const results = await runFloat32(session, { [PORTS.image]: float32(shape, view) });
      for (const [i, its] of probabilities.entries()) its.push(results[PORTS.probabilities]!.data[i]!);
      const its = groups.get(image) ?? [];
      if (its.length === 0) return;
      const maps = await candidates.of(
        view,
        its.map(({ label }) => label),
      );
      for (const [i, { label, trial, decision }] of its.entries()) {
        const isPointing = SIZED.map((row) => {
          const map = placed(maps[i]!.of(row.recipeOf(decision, label)), seenRegion(prepared));
          return [row.id, hitOf(map, trial.boxes).isPointing] as const;
        });
        hits.push({ label, isPointing: Object.fromEntries(isPointing) });
      }
    });
  } finally {
    await candidates.release();
    await session.release();
  }
  const truths = truthsOf(model, material, images);
  const pointing = SIZED.map(({ id }) => [
    id,
    meanOverFindings(hits, ({ isPointing }) => Number(isPointing[id])),
  ]);
  return {
    ...input,
    auroc: mean(probabilities.map((its, i) => auroc(its, truths[i]!))),
    brier: mean(probabilities.map((its, i) => brierScore(its, truths[i]!))),
    pointing: Object.fromEntries(pointing),
  };
}

/** Measure all sizes on the same random choice of images. */
export async function measureSizes(
  model: DenseNetModel,
  material: Material,
  pairs: readonly JudgedPair[],
  most: number,
  scales: readonly number[],
): Promise<SizesFigures> {
  const order = Random.of(material.seed, "study sizes").permutation(material.images.length);
  const images = [...order.subarray(0, most)].map((i) => material.images[i]!).sort((a, b) => a - b);
  const groups = byImage(pairs.filter(({ trial }) => images.includes(trial.image)));
  const progress = progressOf(`input sizes: ${images.length} images`);
  const sizes: SizeFigures[] = [];
  for (const scale of scales) {
    sizes.push(await measureSize(scaled(model, scale), material, images, groups));
    progress(sizes.length, scales.length);
  }
  return { images: images.length, pairs: [...groups.values()].flat().length, sizes };
}
