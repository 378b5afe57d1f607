/**
 * Runs `medical-x train` and reports what happens.
 *
 * Knows: the terminal and signals.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TrainingProgress, TrainOptions } from "../app/training/options.ts";
import { RUN_FILES } from "../app/training/run-folder.ts";
import { type Epoch, type Training, type TrainingResult, train } from "../app/training/training.ts";
import { NOTICE } from "../models/notice.ts";
import { agreeing, counted } from "../text.ts";
import { printResult, say } from "./console.ts";
import { INTERRUPTED, onFirstSignal } from "./interrupt.ts";
import { type ProgressBar, startProgress } from "./progress.ts";

/** Progress bars, one after the other: for features, for epochs, for heatmaps. */
class Bars {
  #bar: ProgressBar | undefined;
  #title = "";
  #started = performance.now();

  /** Show progress under a title. A new title starts a new bar. */
  async show(title: string, done: number, total: number): Promise<void> {
    if (title !== this.#title) {
      this.stop();
      this.#title = title;
      this.#started = performance.now();
      this.#bar = await startProgress(total, `${title} {bar} {value}/{total}  {rate}  {eta_formatted} left`);
    }
    const rate = done / Math.max(0.001, (performance.now() - this.#started) / 1000);
    this.#bar?.update(done, total, { rate: `${rate.toFixed(1)} images/s` });
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
    this.#title = "";
  }
}

const figure = (value: number | null): string => value?.toFixed(4) ?? "–";

const epochLine = ({ epoch, of, trainLoss, valLoss, valAuroc, seconds, isBest }: Epoch): string =>
  `epoch ${epoch}/${of}: training loss ${figure(trainLoss)}, validation loss ${figure(valLoss)}, ` +
  `AUROC ${figure(valAuroc)} (${seconds.toFixed(1)} s)${isBest ? "  ← best" : ""}`;

async function report(result: TrainingResult, data: string): Promise<number> {
  const { folder, epochs, bestEpoch, end, leftOut } = result;
  if (leftOut > 0) {
    const card = join(folder, RUN_FILES.card);
    say(
      `medical-x: ${counted(leftOut, "image")} could not be read and ${agreeing(leftOut, "was", "were")} left out${existsSync(card) ? `; ${card} has the count` : ""}`,
    );
  }
  if (end === "interrupted") {
    say(`medical-x: stopped; resume with: medical-x train --data ${data} --out ${folder} --resume`);
    return INTERRUPTED;
  }
  const best = epochs.find(({ epoch }) => epoch === bestEpoch);
  const why = end === "stopped-early" ? " (stopped early: no epoch was better)" : "";
  await printResult(
    `Run       : ${folder}\nEpochs    : ${epochs.length}${why}\nKept      : epoch ${bestEpoch ?? "–"}, ` +
      `mean validation AUROC ${figure(best?.valAuroc ?? null)}\n` +
      `Model     : ${join(folder, "densenet121_model.pth")}, ${join(folder, "model.safetensors")}\n` +
      `Read on   : ${join(folder, "model-card.md")}, ${join(folder, "curves.svg")}\n${NOTICE}\n`,
  );
  return leftOut > 0 ? 1 : 0;
}

const titleOf = (progress: TrainingProgress): string =>
  progress.stage !== "training"
    ? progress.stage
    : `epoch ${progress.epoch}/${progress.of}, loss ${progress.loss.toFixed(4)}`.slice(0, 12);

/**
 * The first Ctrl-C finishes the current step and saves; the second ends at once. Returns a function to stop listening.
 */
function stopOnInterrupt(training: Training): () => void {
  return onFirstSignal(() => {
    training.stop();
    say("medical-x: finishing this step, then saving (press Ctrl-C again to stop at once)");
  });
}

/**
 * Train according to the options.
 *
 * @param options  Only those that were given on the command line.
 * @returns        The exit code: 0, 1 if some images could not be read, or 130 if interrupted.
 */
export async function runTrain(options: TrainOptions): Promise<number> {
  const bars = new Bars();
  const sayAbove = (line: string) => {
    bars.stop();
    say(line);
  };
  const training = train({
    ...options,
    onNote: (line) => sayAbove(`medical-x: ${line}`),
    onProgress: (progress) => void bars.show(titleOf(progress), progress.done, progress.total),
  });
  const listening = stopOnInterrupt(training);
  try {
    for await (const epoch of training) sayAbove(epochLine(epoch));
    return await report(await training.result(), options.data);
  } finally {
    bars.stop();
    listening();
  }
}
