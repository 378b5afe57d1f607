/**
 * A training as programs use it: epochs to iterate over as they finish, and a result at the end.
 *
 * Knows: what a run reports. Not how it proceeds: that code is loaded when a training starts, so that programs which only
 *        predict need not wait for it.
 */

import { existsSync } from "node:fs";
import type { XrayError } from "../../errors.ts";
import type { LoopEnd, LoopState } from "../../training/loop.ts";
import type { TrainOptions } from "./options.ts";
import type { TrainHooks } from "./plan.ts";
import type { TrainResult } from "./train.ts";

/** The figures of one epoch. */
export interface Epoch {
  /** Counted from 1. */
  readonly epoch: number;
  /** Number of planned epochs. */
  readonly of: number;
  /** Mean loss over the epoch's known labels, each computed before the step that it contributes to. */
  readonly trainLoss: number;
  /** Null without validation images. */
  readonly valLoss: number | null;
  /** Mean over labels; null without validation images, or if no label has both positives and negatives. */
  readonly valAuroc: number | null;
  /** The learning rate of the epoch's last step. */
  readonly lr: number;
  readonly seconds: number;
  /** Whether its weights are kept, because it is the best epoch so far (in a result: of all). */
  readonly isBest: boolean;
}

/** The outcome of a training. */
export interface TrainingResult {
  /** `stopped-early`: no better epoch came in time (`patience`). `interrupted`: the run can be resumed. */
  readonly end: LoopEnd;
  /** The run's folder. */
  readonly folder: string;
  /** The file of the best weights; undefined if none has been written yet. */
  readonly model: string | undefined;
  /** The epoch whose weights were kept, counted from 1. */
  readonly bestEpoch: number | null;
  /** All epochs of the run, including those of earlier calls. */
  readonly epochs: readonly Epoch[];
  /** Images that could not be read in this call. */
  readonly skipped: readonly { readonly image: string; readonly error: XrayError }[];
  /** Number of images that could not be read in this or an earlier call of the run. */
  readonly leftOut: number;
}

/** A training: iterate over its epochs, or await its result. */
export interface Training extends AsyncIterable<Epoch> {
  /**
   * Train to the end. Starts the training unless it has already started.
   *
   * @throws  XrayError `data/…`, `labels/…`, `split/…`, `model/…`, `training/…`, `features/…`, `file/…`; the reason of
   *          an aborted signal.
   */
  result(): Promise<TrainingResult>;
  /** Finish the current step, save, and end. The result then says `interrupted`, unless that was the last step. */
  stop(): void;
}

/** The finished epochs. */
const epochsOf = ({ metrics, bestEpoch }: LoopState, of: number): Epoch[] =>
  metrics.map(({ epoch, train_loss, val_loss, val_auroc, lr, seconds }) => ({
    epoch,
    of,
    trainLoss: train_loss,
    valLoss: val_loss,
    valAuroc: val_auroc,
    lr,
    seconds,
    isBest: epoch === bestEpoch,
  }));

function resultOf(
  { end, folder, state, skipped, leftOut }: TrainResult,
  of: number,
  model: string,
): TrainingResult {
  return {
    end,
    folder,
    model: existsSync(model) ? model : undefined,
    bestEpoch: state.bestEpoch,
    epochs: epochsOf(state, of),
    skipped,
    leftOut,
  };
}

class StartedTraining implements Training {
  readonly #options: TrainOptions;
  /** Epochs of this call so far. */
  readonly #epochs: Epoch[] = [];
  /** Loops that wait for another epoch, or for the end. */
  readonly #waiting = new Set<() => void>();
  #result: Promise<TrainingResult> | undefined;
  #isStopping = false;

  constructor(options: TrainOptions) {
    this.#options = options;
  }

  stop(): void {
    this.#isStopping = true;
  }

  result(): Promise<TrainingResult> {
    this.#result ??= this.#train();
    return this.#result;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Epoch, void> {
    let hasEnded = false;
    const result = this.result().finally(() => {
      hasEnded = true;
      this.#wake();
    });
    // Awaited below. Until then, a failure must not count as an unhandled rejection.
    result.catch(() => undefined);
    try {
      for (let next = 0; ; ) {
        while (next < this.#epochs.length) yield this.#epochs[next++]!;
        if (hasEnded) break;
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
    } finally {
      // A caller that leaves the loop early wants no more epochs. What is done is saved.
      if (!hasEnded) this.stop();
      await result;
    }
  }

  #wake(): void {
    for (const resume of this.#waiting) resume();
    this.#waiting.clear();
  }

  #hooks(of: number): TrainHooks {
    const { signal, onProgress, onNote } = this.#options;
    return {
      say: (line) => onNote?.(line),
      onExtraction: ({ done, total }) => onProgress?.({ stage: "features", done, total }),
      onHeatmaps: ({ done, total }) => onProgress?.({ stage: "heatmaps", done, total }),
      onStep: ({ epoch, images, of: total, loss }) =>
        onProgress?.({ stage: "training", epoch, of, done: images, total, loss }),
      onEpoch: (state) => {
        this.#epochs.push(epochsOf(state, of).at(-1)!);
        this.#wake();
      },
      isStopping: () => this.#isStopping || signal?.aborted === true,
    };
  }

  async #train(): Promise<TrainingResult> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    const [{ trainRequest }, { runTraining }, { RunFolder }] = await Promise.all([
      import("./options.ts"),
      import("./train.ts"),
      import("./run-folder.ts"),
    ]);
    const request = await trainRequest(this.#options);
    const { epochs } = request.settings;
    const result = await runTraining(request, this.#hooks(epochs));
    if (result.end === "interrupted") signal?.throwIfAborted();
    return resultOf(result, epochs, new RunFolder(result.folder).file("model"));
  }
}

/**
 * Train a DenseNet121 on a data folder.
 *
 * Nothing happens until its epochs are iterated over, or its result is requested. Leaving the loop early saves what is
 * done and ends the training; `resume` continues it.
 *
 * @param options  `data`, and whatever differs from the defaults of `medical-x train`.
 * @returns        Iterable over epochs as they finish, with a result at the end.
 *
 * @example
 * const training = train({ data: "chestxray14", backbone: "densenet121_model.pth", out: "runs/head" });
 * for await (const { epoch, valAuroc } of training) console.log(epoch, valAuroc);
 * const { end, model } = await training.result();
 */
export function train(options: TrainOptions): Training {
  return new StartedTraining(options);
}
