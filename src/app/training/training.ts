/**
 * A training as programs see it: epochs to go through as they come, and a result at the end.
 *
 * Knows: what a run tells on its way. Not how it goes: that is loaded when a training starts, so that a program which only
 *        predicts need not wait for it.
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
  /** How many epochs are planned. */
  readonly of: number;
  /** Mean over the epoch's known labels, each taken before its step. */
  readonly trainLoss: number;
  /** Null without validation images. */
  readonly valLoss: number | null;
  /** Mean over labels; null without validation images, or where no label has both positives and negatives. */
  readonly valAuroc: number | null;
  /** The learning rate of the epoch's last step. */
  readonly lr: number;
  readonly seconds: number;
  /** Whether it is the best epoch so far, the one whose weights are kept. */
  readonly isBest: boolean;
}

/** How a training went. */
export interface TrainingResult {
  /** `stopped-early`: no better epoch came in time (`patience`). `interrupted`: it can be resumed. */
  readonly end: LoopEnd;
  /** The run's folder. */
  readonly folder: string;
  /** The file of the best weights; undefined where none was written yet. */
  readonly model: string | undefined;
  /** The epoch whose weights were kept, counted from 1. */
  readonly bestEpoch: number | null;
  /** All epochs of the run, earlier calls included. */
  readonly epochs: readonly Epoch[];
  /** Images that could not be read in this call. */
  readonly skipped: readonly { readonly image: string; readonly error: XrayError }[];
  /** How many images could not be read in this call or an earlier one of the run. */
  readonly leftOut: number;
}

/** A training: go through its epochs, or await its result. */
export interface Training extends AsyncIterable<Epoch> {
  /**
   * Train to the end. Starts the training, unless something else did.
   *
   * @throws  XrayError `data/…`, `labels/…`, `split/…`, `model/…`, `training/…`, `features/…`, `file/…`; the reason of an
   *          aborted signal.
   */
  result(): Promise<TrainingResult>;
  /** Finish the step under way, save, and end: the result then says `interrupted`. */
  stop(): void;
}

/** The epochs that are done. */
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
  /** Epochs of this call that nobody has taken yet. */
  readonly #epochs: Epoch[] = [];
  #result: Promise<TrainingResult> | undefined;
  #isStopping = false;
  #wake: () => void = () => undefined;

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
    // Awaited below; until then, a failure is nobody's unhandled rejection.
    result.catch(() => undefined);
    try {
      for (;;) {
        for (let next = this.#epochs.shift(); next !== undefined; next = this.#epochs.shift()) yield next;
        if (hasEnded) break;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      // Whoever leaves the loop early wants no more epochs: what is done is saved.
      if (!hasEnded) this.stop();
      await result;
    }
  }

  #hooks(of: number): TrainHooks {
    const { signal, onProgress, onNote } = this.#options;
    return {
      say: (line) => onNote?.(line),
      onExtraction: ({ done, total }) => onProgress?.({ stage: "features", done, total }),
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
 * Nothing happens until the epochs are gone through, or the result is asked for. Leaving the loop early saves what is done
 * and ends the training; `resume` continues it.
 *
 * @param options  `data`, and whatever differs from the defaults of `medical-x train`.
 * @returns        Its epochs as they are finished, and its result.
 *
 * @example
 * for await (const { epoch, valAuroc } of train({ data: "chestxray14", out: "runs/head" })) {
 *   console.log(epoch, valAuroc);
 * }
 */
export const train = (options: TrainOptions): Training => new StartedTraining(options);
