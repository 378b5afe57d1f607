/**
 * The training loop: epochs of steps, a validation after each epoch, and a state that can be saved between any two
 * steps.
 *
 * Pipeline:   features → **batches → steps → validation → what to keep**
 * Knows:      the order of events. Files, images and the command line are hidden behind functions that it is given.
 *
 * No random number depends on an earlier one: the order of an epoch is drawn from the seed and the epoch's number
 * alone. So a state consists of the optimiser's vectors and a few numbers, and determines everything that follows.
 */

import { XrayError } from "../errors.ts";
import { Random } from "../random.ts";
import { about, list, number, type Of, object, orNull, whole } from "../schema/schema.ts";
import type { EarlyStopping } from "./early-stopping.ts";
import { EPOCH_METRICS, type EpochMetrics } from "./metrics.ts";
import type { Schedule } from "./schedule.ts";
import type { Trainer } from "./trainer.ts";

/** Features of some examples. Those whose image could not be read are left out. */
export interface LoadedExamples {
  /** The examples that could be loaded, in the requested order. */
  readonly examples: Uint32Array;
  /** [examples, …featureShape] */
  readonly features: Float32Array;
}

/** Where features come from: a cache on disk, or images as they are read. */
export interface FeatureSource {
  /** @param epoch  Selects the augmented view of each image; null for the image as it is. */
  load(examples: Uint32Array, epoch: number | null): Promise<LoadedExamples>;
}

/** The result of a validation. */
export interface Validation {
  readonly loss: number;
  /** Mean over the labels that have both positives and negatives; null if there are none. */
  readonly auroc: number | null;
}

/** The state of a run between two steps. */
export const LOOP_STATE = object({
  epoch: about("The current epoch, counted from 1.", whole(1)),
  batch: about("Completed steps of this epoch.", whole(0)),
  lossSum: about("Sum of the losses of this epoch's known labels so far.", number()),
  knownSum: about("Number of known labels in this epoch so far.", number()),
  seconds: about("Seconds spent on this epoch so far.", number()),
  metrics: about("Epochs that have ended.", list(EPOCH_METRICS)),
  bestEpoch: orNull(whole(1)),
  bestAuroc: orNull(number()),
  skipped: about("Indices of the examples whose images could not be read.", list(whole(0))),
});

export type LoopState = Of<typeof LOOP_STATE>;

export const FIRST_STATE: LoopState = {
  epoch: 1,
  batch: 0,
  lossSum: 0,
  knownSum: 0,
  seconds: 0,
  metrics: [],
  bestEpoch: null,
  bestAuroc: null,
  skipped: [],
};

/** The parts that the loop works with. */
export interface LoopParts {
  readonly trainer: Trainer;
  readonly source: FeatureSource;
  /** [examples, labels]: 1, 0 or NaN. */
  readonly labels: Float32Array;
  readonly numLabels: number;
  /** The training examples, in the order of the label file. */
  readonly train: Uint32Array;
  readonly schedule: Schedule;
  readonly earlyStopping: EarlyStopping | undefined;
  /** Undefined if there are no validation images. */
  readonly validate: (() => Promise<Validation>) | undefined;
}

export interface LoopSettings {
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly shuffle: boolean;
}

/** Callbacks during a run. */
export interface LoopHooks {
  /** After each step. */
  readonly onStep?: (state: LoopState, images: number, loss: number) => void;
  /** Before a validation. */
  readonly onValidation?: (state: LoopState) => void;
  /** After each epoch. `isBest` says whether its weights are the ones to keep. */
  readonly onEpoch: (state: LoopState, isBest: boolean) => Promise<void>;
  /** Called after each step to ask whether to go on, save the state, or end the run. */
  readonly poll: () => "go" | "save" | "stop";
  readonly save: (state: LoopState) => Promise<void>;
}

/** How a run ended. */
export type LoopEnd = "finished" | "stopped-early" | "interrupted";

function batchesOf(order: Uint32Array, batchSize: number): Uint32Array[] {
  const batches: Uint32Array[] = [];
  for (let at = 0; at < order.length; at += batchSize) batches.push(order.subarray(at, at + batchSize));
  return batches;
}

/** The examples of one epoch, in order. */
function orderOf(train: Uint32Array, epoch: number, { seed, shuffle }: LoopSettings): Uint32Array {
  if (!shuffle) return train;
  return Random.of(seed, "order", epoch)
    .permutation(train.length)
    .map((i) => train[i]!);
}

/** The labels of some examples, one row after another. */
function labelsOf(examples: Uint32Array, labels: Float32Array, numLabels: number): Float32Array {
  const rows = new Float32Array(examples.length * numLabels);
  for (const [i, example] of examples.entries()) {
    rows.set(labels.subarray(example * numLabels, (example + 1) * numLabels), i * numLabels);
  }
  return rows;
}

/** Takes one run from a state to its end, or until it is told to stop. */
export class TrainingLoop {
  readonly #parts: LoopParts;
  readonly #settings: LoopSettings;
  readonly #hooks: LoopHooks;
  #state: LoopState;

  constructor(parts: LoopParts, settings: LoopSettings, hooks: LoopHooks, state: LoopState = FIRST_STATE) {
    this.#parts = parts;
    this.#settings = settings;
    this.#hooks = hooks;
    this.#state = state;
  }

  get state(): LoopState {
    return this.#state;
  }

  /** @throws  XrayError `training/diverged`, or whatever reading images or writing files throws. */
  async run(): Promise<LoopEnd> {
    const { earlyStopping } = this.#parts;
    while (this.#state.epoch <= this.#settings.epochs) {
      if (earlyStopping?.shouldStop === true) return "stopped-early";
      const ended = await this.#steps();
      if (!ended) return "interrupted";
      await this.#endEpoch();
    }
    return "finished";
  }

  /** Do the remaining steps of an epoch. Returns false if the run was told to stop. */
  async #steps(): Promise<boolean> {
    const { train, source } = this.#parts;
    const { epoch } = this.#state;
    const batches = batchesOf(orderOf(train, epoch, this.#settings), this.#settings.batchSize);
    const load = (at: number) => {
      const loading = at < batches.length ? source.load(batches[at]!, epoch) : undefined;
      // A failure is handled when the batch's turn comes.
      loading?.catch(() => undefined);
      return loading;
    };
    let next = load(this.#state.batch);
    while (next !== undefined) {
      const started = performance.now();
      const loaded = await next;
      const asked = batches[this.#state.batch]!;
      next = load(this.#state.batch + 1);
      const loss = await this.#step(loaded);
      this.#advance(asked, loaded, loss, (performance.now() - started) / 1000);
      const wish = this.#hooks.poll();
      if (wish !== "go") await this.#hooks.save(this.#state);
      if (wish === "stop") return false;
    }
    return true;
  }

  async #step({ examples, features }: LoadedExamples): Promise<{ loss: number; known: number }> {
    const { trainer, labels, numLabels, schedule } = this.#parts;
    if (examples.length === 0) return { loss: 0, known: 0 };
    const batch = { size: examples.length, features, labels: labelsOf(examples, labels, numLabels) };
    const result = await trainer.step(batch, schedule.lrAt(trainer.steps));
    if (!Number.isFinite(result.loss)) throw this.#diverged(`the loss became ${result.loss}`);
    return result;
  }

  #diverged(what: string): XrayError {
    const { epoch, batch, metrics } = this.#state;
    const kept = metrics.length === 0 ? "" : "; the model of the best epoch so far is kept";
    return new XrayError(
      "training/diverged",
      `${what} in epoch ${epoch}, step ${batch + 1}; try a lower learning rate${kept}`,
      { epoch, step: batch + 1 },
    );
  }

  /** Reject an epoch that trained on nothing, or ended with weights that are not finite. */
  #checkEpoch(): void {
    const { epoch, knownSum } = this.#state;
    if (knownSum === 0) {
      throw new XrayError(
        "training/nothing-read",
        `no training image of epoch ${epoch} could be read, or none of them has a known label; the warnings before this say why`,
        { epoch },
      );
    }
    if (!this.#parts.trainer.isFinite) throw this.#diverged("weights became infinite");
  }

  #advance(
    asked: Uint32Array,
    loaded: LoadedExamples,
    { loss, known }: { loss: number; known: number },
    seconds: number,
  ): void {
    const before = this.#state;
    const there = new Set(loaded.examples);
    const missing = [...asked].filter((example) => !there.has(example) && !before.skipped.includes(example));
    this.#state = {
      ...before,
      batch: before.batch + 1,
      lossSum: before.lossSum + loss * known,
      knownSum: before.knownSum + known,
      seconds: before.seconds + seconds,
      skipped: missing.length === 0 ? before.skipped : [...before.skipped, ...missing],
    };
    this.#hooks.onStep?.(this.#state, loaded.examples.length, loss);
  }

  async #endEpoch(): Promise<void> {
    const { trainer, schedule, earlyStopping, validate } = this.#parts;
    const started = performance.now();
    this.#checkEpoch();
    this.#hooks.onValidation?.(this.#state);
    const validation = await validate?.();
    const { epoch, lossSum, knownSum, seconds, bestAuroc } = this.#state;
    const train_loss = lossSum / knownSum;
    const val_auroc = validation?.auroc ?? null;
    const metrics: EpochMetrics = {
      epoch,
      train_loss,
      val_loss: validation?.loss ?? null,
      val_auroc,
      lr: schedule.lrAt(Math.max(0, trainer.steps - 1)),
      seconds: seconds + (performance.now() - started) / 1000,
    };
    // Without a validation, or if its AUROC is undefined, the last epoch's weights are the ones to keep.
    const isBest = val_auroc === null ? bestAuroc === null : bestAuroc === null || val_auroc > bestAuroc;
    schedule.endEpoch({ valAuroc: val_auroc, trainLoss: train_loss });
    earlyStopping?.endEpoch(val_auroc);
    this.#state = {
      ...this.#state,
      epoch: epoch + 1,
      batch: 0,
      lossSum: 0,
      knownSum: 0,
      seconds: 0,
      metrics: [...this.#state.metrics, metrics],
      ...(isBest ? { bestEpoch: epoch, bestAuroc: val_auroc } : {}),
    };
    await this.#hooks.onEpoch(this.#state, isBest);
    await this.#hooks.save(this.#state);
  }
}
