/**
 * Faithfulness of a model's heatmaps: parts of images with a finding are removed and restored, in the order of the map.
 *
 * Pipeline:   pairs of image and finding → map, and two uninformed ones → **partial images → probabilities** → curves
 * Knows:      files and open models. The arithmetic is in `evaluation/faithfulness.ts`.
 */

import type { MapSource } from "../../engine/heatmap-source.ts";
import { readingOf } from "../../engine/model.ts";
import type { OpenModel } from "../../engine/open-model.ts";
import { OpenModels } from "../../engine/open-models.ts";
import { XrayError } from "../../errors.ts";
import { centreMap, type MapKind, randomMap } from "../../evaluation/control-maps.ts";
import {
  blurredImage,
  curvesOfMap,
  FAITHFULNESS_STEPS,
  meanCurves,
  type PairCurves,
} from "../../evaluation/faithfulness.ts";
import { viewsOf } from "../../image/preparation.ts";
import { type PreparedImage, type ReadingOptions, shownView } from "../../image/prepare.ts";
import { PORTS } from "../../models/compile.ts";
import { namesOfMaps } from "../../models/map-choice.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { createSession } from "../../node/session.ts";
import { Random } from "../../random.ts";
import type { FaithfulnessReport } from "../../results/faithfulness.ts";
import { float32 } from "../../tensor.ts";
import { count, counted } from "../../text.ts";
import type { EvaluationInput } from "./input.ts";
import { type ModelRun, sessionOptionsOf } from "./model.ts";

/** One image and a finding that is present in it, by their positions in the input. */
interface Pair {
  readonly image: number;
  readonly label: number;
}

/** A random choice of images for each finding: at most `most`, or all there are. */
function drawPairs({ labels, truths }: EvaluationInput, most: number, seed: number): Pair[] {
  return labels.flatMap((name, label) => {
    const present = [...truths[label]!.keys()].filter((image) => truths[label]![image] === 1);
    const order = Random.of(seed, "faithfulness", name).permutation(present.length);
    return Array.from(order.subarray(0, most), (i) => ({ image: present[i]!, label }));
  });
}

type Curves = Record<MapKind, PairCurves>;

/** Measures one pair after another. */
class Prober {
  /** For predictions alone. */
  readonly #plain: OpenModel;
  /** For predictions with maps. */
  readonly #mapped: OpenModel;
  readonly #maps: MapSource;
  readonly #input: EvaluationInput;
  readonly #seed: number;

  constructor(plain: OpenModel, mapped: OpenModel, input: EvaluationInput, seed: number) {
    this.#plain = plain;
    this.#mapped = mapped;
    this.#maps = mapped.maps!;
    this.#input = input;
    this.#seed = seed;
  }

  async #probabilities(images: Float32Array, output: number): Promise<Float32Array> {
    const { inChannels, input, card, forward } = this.#plain;
    const size = inChannels * input.height * input.width;
    const shape = [images.length / size, inChannels, input.height, input.width];
    const results = await forward.run(float32(shape, images));
    const { data } = results[PORTS.probabilities]!;
    const { length } = card.labels;
    return Float32Array.from({ length: data.length / length }, (_, i) => data[i * length + output]!);
  }

  /** @param output  The finding's index among the model's labels. */
  async measure(prepared: PreparedImage, pair: Pair, output: number): Promise<Curves> {
    const view = shownView(prepared);
    const { inChannels, input } = this.#mapped;
    const shape = [1, inChannels, input.height, input.width];
    const results = await this.#mapped.forward.run(float32(shape, view));
    const [map] = await this.#maps.ownMaps(results, 0, [output]);
    const { data, height, width } = map!;
    const { images, labels } = this.#input;
    const random = Random.of(this.#seed, "random map", images[pair.image]!.image, labels[pair.label]!);
    const maps = {
      model: data,
      random: randomMap(height, width, random),
      centre: centreMap(height, width),
    };
    const blurred = blurredImage(view, inChannels, input.height, input.width);
    const curvesOf = (values: ArrayLike<number>): Promise<PairCurves> =>
      curvesOfMap(blurred, { values, rows: height, columns: width }, (parts) =>
        this.#probabilities(parts, output),
      );
    return {
      model: await curvesOf(maps.model),
      random: await curvesOf(maps.random),
      centre: await curvesOf(maps.centre),
    };
  }
}

/** Callbacks while pairs are measured. */
interface FaithfulnessHooks {
  readonly onProgress?: (done: number, total: number) => void;
  /** Called after each pair to ask whether to stop early. */
  readonly isStopping?: () => boolean;
}

/** The curves of all pairs, by the label's index. */
async function curvesOf(
  pairs: readonly Pair[],
  input: EvaluationInput,
  pool: ImagePool,
  prober: Prober,
  reading: ReadingOptions,
  { onProgress, isStopping }: FaithfulnessHooks,
): Promise<ReadonlyMap<number, readonly Curves[]>> {
  const curves = new Map<number, Curves[]>();
  // Prepare the next image while the network works on this one.
  const prepare = (pair: Pair | undefined) =>
    pair && pool.prepare({ source: input.paths![pair.image]!, reading });
  let next = prepare(pairs[0]);
  for (const [i, pair] of pairs.entries()) {
    const prepared = await next!;
    next = prepare(pairs[i + 1]);
    next?.catch(() => undefined);
    const found = await prober.measure(prepared, pair, input.outputs![pair.label]!);
    curves.set(pair.label, [...(curves.get(pair.label) ?? []), found]);
    onProgress?.(i + 1, pairs.length);
    if (isStopping?.() !== true || i + 1 === pairs.length) continue;
    throw new XrayError(
      "evaluation/interrupted",
      `interrupted after ${count(i + 1)} of ${counted(pairs.length, "pair")} of image and finding; nothing was written`,
      { done: i + 1, total: pairs.length },
    );
  }
  return curves;
}

const meansOf = (all: readonly Curves[]) => ({
  model: meanCurves(all.map(({ model }) => model)),
  random: meanCurves(all.map(({ random }) => random)),
  centre: meanCurves(all.map(({ centre }) => centre)),
});

/**
 * Measure deletion and insertion curves.
 *
 * @param input  The input of the same run, from a model, with the images' paths.
 * @param most   Maximum number of images per finding.
 * @returns      The figures, and notes on them; null if no finding is present in any image.
 * @throws       XrayError `runtime/…`, that of an image that can no longer be read, and `evaluation/interrupted`.
 */
export async function measureFaithfulness(
  run: ModelRun,
  input: EvaluationInput,
  most: number,
  hooks: FaithfulnessHooks = {},
): Promise<{ report: FaithfulnessReport | null; notes: string[] }> {
  const pairs = drawPairs(input, most, run.seed);
  if (pairs.length === 0)
    return { report: null, notes: ["no finding is present, so heatmaps are not judged by deletion"] };
  const models = new OpenModels(input.model!, createSession, sessionOptionsOf(run));
  const pool = new ImagePool(pairs.length);
  try {
    const plain = await models.get();
    const mapped = await models.get(run.maps);
    pool.usePreparation(plain.card.preparation);
    const prober = new Prober(plain, mapped, input, run.seed);
    const curves = await curvesOf(pairs, input, pool, prober, readingOf(run), hooks);
    const findings = [...curves].map(([label, all]) => ({
      label: input.labels[label]!,
      pairs: all.length,
      maps: meansOf(all),
    }));
    const overall = { pairs: pairs.length, maps: meansOf([...curves.values()].flat()) };
    const isTenCrop = viewsOf(plain.card.preparation) > 1;
    const crop = "faithfulness is measured on the centre crop only, not on the mean over ten crops";
    return {
      report: { ...namesOfMaps(run.maps), steps: FAITHFULNESS_STEPS, findings, overall },
      notes: isTenCrop ? [crop] : [],
    };
  } finally {
    try {
      await models.release();
    } finally {
      await pool.close();
    }
  }
}
