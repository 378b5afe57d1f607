/**
 * The facts in a run's model card, collected from its plan and its state.
 *
 * Knows: a run. Not how a card is laid out.
 */

import { cpus } from "node:os";
import { basename } from "node:path";
import type { TrainingFacts } from "../../report/training/model-card.ts";
import { counted } from "../../text.ts";
import type { LoopState } from "../../training/loop.ts";
import type { BestFigures } from "../../training/saved-state.ts";
import type { Plan } from "./plan.ts";

/** Number of positives of a label among examples. */
function positivesOf({ labels, dataset }: Plan, examples: Uint32Array, label: number): number {
  const width = dataset.table.labels.length;
  return examples.reduce((sum, i) => sum + (labels[i * width + label] === 1 ? 1 : 0), 0);
}

const patientsOf = ({ dataset }: Plan, examples: Uint32Array): number =>
  new Set([...examples].map((i) => dataset.table.images[i]!.patient)).size;

/**
 * The current facts of a run.
 *
 * @param counts  Numbers of trained parameters and of images that could not be read.
 */
export function factsOf(
  plan: Plan,
  state: LoopState,
  best: BestFigures | null,
  counts: { readonly trained: number; readonly skipped: number },
): TrainingFacts {
  const { config, dataset, split, preparation, folder, request } = plan;
  return {
    name: basename(folder.path),
    date: new Date().toISOString().slice(0, 10),
    ...(request.version === undefined ? {} : { version: request.version }),
    dataFolder: basename(dataset.folder),
    isPhantom: dataset.phantom !== undefined,
    machine: `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${counted(cpus().length, "core")}`,
    config,
    preparation,
    split: split.description,
    trainedParameters: counts.trained,
    patients: { train: patientsOf(plan, split.train), val: patientsOf(plan, split.val) },
    findings: dataset.table.labels.map((label, i) => ({
      label,
      train: positivesOf(plan, split.train, i),
      val: positivesOf(plan, split.val, i),
      auroc: best?.aurocs[i] ?? null,
      point: best?.points[i] ?? null,
    })),
    metrics: state.metrics,
    bestEpoch: state.bestEpoch,
    skipped: counts.skipped,
  };
}
