/**
 * Chooses and draws examples for a report: the worst misses, the worst false alarms and the best hits of each finding.
 *
 * Pipeline:   probabilities and labels → **chosen images → maps over X-rays** → report
 * Knows:      files and open models. Not how a report is laid out.
 */

import { readingOf } from "../../engine/model.ts";
import type { OpenModel } from "../../engine/open-model.ts";
import { type Prediction, predictImages } from "../../engine/predict.ts";
import { PreparedQueue } from "../../engine/prepared-queue.ts";
import { asXrayError, type XrayError } from "../../errors.ts";
import { chooseMaps } from "../../models/map-choice.ts";
import { isSameRecipe } from "../../models/map-recipe.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { mapRemarksOn } from "../../report/overlay/caption.ts";
import { DEFAULT_COLORMAP } from "../../report/overlay/colormap.ts";
import { planOverlay } from "../../report/overlay/plan.ts";
import type { EvaluationReport } from "../../results/evaluation.ts";
import type { Example, ExampleKind, ExamplePicture, FindingExamples } from "../../results/examples.ts";
import { EXAMPLE_KINDS } from "../../results/examples.ts";
import { startModel } from "../models/open-model.ts";
import type { EvaluationInput } from "./input.ts";
import { type ModelRun, sessionOptionsOf } from "./model.ts";

/** The longer side is in pixels: two pictures fit side by side on a telephone. */
const PICTURE = { maxSize: 360, isLabelled: false };

/** What makes an image an example of each kind. */
const KINDS: Readonly<
  Record<ExampleKind, { readonly truth: 0 | 1; readonly isCalled: boolean; readonly sign: 1 | -1 }>
> = {
  misses: { truth: 1, isCalled: false, sign: 1 },
  falseAlarms: { truth: 0, isCalled: true, sign: -1 },
  hits: { truth: 1, isCalled: true, sign: -1 },
};

/** The examples of one finding, most interesting first; ties stay in order. */
function chosen(
  { images, probabilities, truths }: EvaluationInput,
  label: number,
  kind: ExampleKind,
  { threshold, most }: { readonly threshold: number; readonly most: number },
) {
  const { truth, isCalled, sign } = KINDS[kind];
  const values = probabilities[label]!;
  const limit = values instanceof Float32Array ? Math.fround(threshold) : threshold;
  return [...values.keys()]
    .filter((i) => truths[label]![i] === truth && values[i]! >= limit === isCalled)
    .sort((a, b) => sign * (values[a]! - values[b]!) || a - b)
    .slice(0, most)
    .map((index): Example => ({ image: images[index]!.image, index, probability: values[index]! }));
}

/** A finding's operating point. Where there is only the default, which may be far from all scores, Youden's instead. */
function thresholdOf(
  { evaluation, thresholds }: EvaluationReport,
  { labels, operatingPoints }: EvaluationInput,
  label: number,
): Pick<FindingExamples, "threshold" | "isFitted"> | undefined {
  const { figures } = evaluation.findings[label]!;
  if (figures === null) return undefined;
  const isKnown = thresholds === "given" || operatingPoints[labels[label]!] !== undefined;
  const youden = figures.fitted.find(({ criterion }) => criterion.kind === "youden")?.figures;
  return isKnown || !youden
    ? { threshold: figures.given.threshold, isFitted: false }
    : { threshold: youden.threshold, isFitted: true };
}

/** Choose up to `most` examples of each kind, for each finding with figures. */
export function chooseExamples(
  input: EvaluationInput,
  report: EvaluationReport,
  most: number,
): FindingExamples[] {
  if (most === 0) return [];
  return input.labels.flatMap((label, k) => {
    const point = thresholdOf(report, input, k);
    if (point === undefined) return [];
    const wish = { threshold: point.threshold, most };
    const lists = EXAMPLE_KINDS.map((kind) => [kind, chosen(input, k, kind, wish)]);
    return [{ label, ...point, ...Object.fromEntries(lists) } as FindingExamples];
  });
}

/** The outputs whose maps are needed, for each image by its position. */
function wantedOutputs(
  examples: readonly FindingExamples[],
  outputOf: (label: string) => number,
): ReadonlyMap<number, ReadonlySet<number>> {
  const wanted = new Map<number, Set<number>>();
  for (const finding of examples)
    for (const kind of EXAMPLE_KINDS)
      for (const { index } of finding[kind])
        wanted.set(index, (wanted.get(index) ?? new Set()).add(outputOf(finding.label)));
  return wanted;
}

/** The maps of a label that the report judges, and those that the card names, if they are made in another way. */
function differentMaps({ maps, drawn }: OpenModel, outcome: Prediction, label: number) {
  const judged = { heatmaps: outcome.heatmaps, recipes: maps!.recipes };
  const named = { heatmaps: outcome.drawn, recipes: drawn!.recipes };
  return isSameRecipe(judged.recipes[label]!, named.recipes[label]!) ? [judged] : [judged, named];
}

/** Callbacks while pictures are drawn. */
interface ExampleHooks {
  readonly onProgress?: (done: number, total: number) => void;
  /** Called for a picture that could not be made; its example has none. */
  readonly onFailure?: (error: XrayError) => void;
}

/**
 * Draw examples: each X-ray under its finding's heatmap, with the finding's known boxes.
 *
 * @param input  The input of the same run, from a model, with the images' paths.
 * @returns      The same examples with pictures. An image that can no longer be read has none.
 * @throws       XrayError as in `startModel`.
 */
export async function drawExamples(
  run: ModelRun,
  input: EvaluationInput,
  examples: readonly FindingExamples[],
  hooks: ExampleHooks = {},
): Promise<FindingExamples[]> {
  const outputOf = (label: string) => input.outputs![input.labels.indexOf(label)]!;
  const wanted = wantedOutputs(examples, outputOf);
  const images = [...wanted.keys()].sort((a, b) => a - b);
  const paths = images.map((index) => input.paths![index]!);
  const isOnlyRun = input.model!.kind === "network";
  const maps = isOnlyRun ? chooseMaps({ method: "occlusion" }) : run.maps;
  const drawn = isOnlyRun || input.model!.card.maps === undefined ? maps : "card";
  const model = await startModel(input.model!, { ...sessionOptionsOf(run), maps, drawn });
  const pool = new ImagePool(images.length);
  const reading = readingOf(run);
  const queue = new PreparedQueue(pool, paths, reading);
  const pictures = new Map<string, ExamplePicture[]>();
  const drawing: Promise<unknown>[] = [];
  try {
    pool.usePreparation(model.card.preparation);
    const outputsOf = new Map(images.map((index, i) => [paths[i]!, [...wanted.get(index)!]]));
    const mapsOf = (_: Float32Array, source: unknown) => outputsOf.get(String(source)) ?? [];
    let at = 0;
    // Those that a check refuses have been left out already.
    for await (const outcome of predictImages(model, queue, { mapsOf, drawnOf: mapsOf, force: true })) {
      const index = images[at++]!;
      hooks.onProgress?.(at, images.length);
      if ("error" in outcome) {
        hooks.onFailure?.(outcome.error);
        continue;
      }
      const boxes = input.boxes?.[index] ?? [];
      for (const output of wanted.get(index)!) {
        const made: ExamplePicture[] = [];
        pictures.set(`${index} ${output}`, made);
        for (const [i, { heatmaps, recipes }] of differentMaps(model, outcome, output).entries()) {
          const wish = { card: model.card, recipes, findings: [output], colormap: DEFAULT_COLORMAP, boxes };
          const plan = { ...planOverlay({ ...outcome, drawn: heatmaps }, wish), ...PICTURE };
          const remarks = mapRemarksOn(model.card, model.card.labels[output]!, recipes[output]!);
          // Draw while the network works on the next images.
          const picture = pool.draw({ source: outcome.source, reading, plan }).then((jpeg) => {
            made[i] = { jpeg, remarks };
          });
          drawing.push(picture.catch((error) => hooks.onFailure?.(asXrayError(error))));
        }
      }
    }
    await Promise.all(drawing);
  } finally {
    await pool.close();
    await model.release();
  }
  return examples.map((finding) => {
    const withPicture = (example: Example): Example => {
      // One that failed leaves a gap.
      const made = pictures.get(`${example.index} ${outputOf(finding.label)}`)?.filter(Boolean) ?? [];
      return made.length === 0 ? example : { ...example, pictures: made };
    };
    const lists = EXAMPLE_KINDS.map((kind) => [kind, finding[kind].map(withPicture)]);
    return { ...finding, ...Object.fromEntries(lists) };
  });
}
