/**
 * `medical-x train`: from its options to a run and what is said of it.
 *
 * Knows: the terminal and signals.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TrainHooks, TrainRequest } from "../app/training/plan.ts";
import { RUN_FILES, RunFolder } from "../app/training/run-folder.ts";
import { type TrainResult, train } from "../app/training/train.ts";
import { XrayError } from "../errors.ts";
import { NOTICE } from "../models/notice.ts";
import { agreeing, counted } from "../text.ts";
import type { LoopState } from "../training/loop.ts";
import { BEFORE_SETTINGS } from "../training/run-config.ts";
import { type TrainSettings, trainSettings } from "../training/settings.ts";
import type { Unfreeze } from "../training/suffix.ts";
import { VERSION } from "../version.ts";
import { printResult, say } from "./console.ts";
import { INTERRUPTED } from "./interrupt.ts";
import { type ProgressBar, startProgress } from "./progress.ts";

/** As commander hands them over: settings that nobody gave and that have no default are not there. */
interface TrainOptions extends Partial<TrainSettings> {
  readonly data: string;
  readonly out?: string;
  readonly resume: boolean;
  readonly device: string;
  readonly threads?: number;
}

/** The settings of a run that goes on: what it was started with, and what was named again. */
async function resumedSettings(
  out: string,
  given: TrainSettings,
  isNamed: (option: string) => boolean,
): Promise<TrainSettings> {
  const folder = new RunFolder(out);
  if (!folder.isTaken) {
    throw new XrayError(
      "training/nothing-to-resume",
      `${out}: there is no run to resume in this folder; name the folder of a run`,
      {
        folder: out,
      },
    );
  }
  const { settings } = await folder.readConfig();
  const named = Object.entries(given).filter(([name]) => isNamed(name));
  return { ...given, ...BEFORE_SETTINGS, ...settings, ...Object.fromEntries(named) };
}

function defaultFolder(unfreeze: Unfreeze): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return join("runs", `${unfreeze === "none" ? "head" : unfreeze}-${time}`);
}

/** The two bars: features that are computed, and epochs. */
class Bars {
  #bar: ProgressBar | undefined;
  #title = "";
  #started = performance.now();

  /** Show progress under a title; a new title is a new bar. */
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

function epochLine({ metrics, bestEpoch }: LoopState, epochs: number): string {
  const last = metrics.at(-1)!;
  const best = last.epoch === bestEpoch ? "  ← best" : "";
  return (
    `epoch ${last.epoch}/${epochs}: training loss ${figure(last.train_loss)}, validation loss ${figure(last.val_loss)}, ` +
    `AUROC ${figure(last.val_auroc)} (${last.seconds.toFixed(1)} s)${best}`
  );
}

async function report(result: TrainResult, request: TrainRequest): Promise<number> {
  const { folder, state, end, leftOut } = result;
  if (leftOut > 0) {
    const card = join(folder, RUN_FILES.card);
    say(
      `medical-x: ${counted(leftOut, "image")} could not be read and ${agreeing(leftOut, "was", "were")} left out${existsSync(card) ? `; ${card} has the count` : ""}`,
    );
  }
  if (end === "interrupted") {
    say(`medical-x: stopped; resume with: medical-x train --data ${request.data} --out ${folder} --resume`);
    return INTERRUPTED;
  }
  const best = state.metrics.find(({ epoch }) => epoch === state.bestEpoch);
  const why = end === "stopped-early" ? " (stopped early: no epoch was better)" : "";
  await printResult(
    `Run       : ${folder}\nEpochs    : ${state.metrics.length}${why}\nKept      : epoch ${state.bestEpoch ?? "–"}, ` +
      `mean validation AUROC ${figure(best?.val_auroc ?? null)}\n` +
      `Model     : ${join(folder, "densenet121_model.pth")}, ${join(folder, "model.safetensors")}\n` +
      `Read on   : ${join(folder, "model-card.md")}, ${join(folder, "curves.svg")}\n${NOTICE}\n`,
  );
  return leftOut > 0 ? 1 : 0;
}

/** Ctrl-C once: finish what is being done and save. Twice: at once. */
function watchInterrupt(): { isStopping: () => boolean; end: () => void } {
  let isStopping = false;
  const onSignal = () => {
    if (isStopping) process.exit(INTERRUPTED);
    isStopping = true;
    say("medical-x: finishing this step, then saving (press Ctrl-C again to stop at once)");
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    isStopping: () => isStopping,
    end: () => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}

/**
 * Train as the options say.
 *
 * @param isNamed  Whether an option was given on the command line.
 * @returns        The exit code: 0, 1 where images could not be read, or 130 where it was interrupted.
 */
export async function runTrain(options: TrainOptions, isNamed: (option: string) => boolean): Promise<number> {
  const given = trainSettings(options);
  const out = options.out ?? defaultFolder(given.unfreeze);
  const settings = options.resume ? await resumedSettings(out, given, isNamed) : given;
  const request: TrainRequest = {
    data: options.data,
    out,
    resume: options.resume,
    settings,
    device: options.device,
    version: VERSION,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  };
  const bars = new Bars();
  const interrupt = watchInterrupt();
  const sayAbove = (line: string) => {
    bars.stop();
    say(line);
  };
  const hooks: TrainHooks = {
    say: (line) => sayAbove(`medical-x: ${line}`),
    onExtraction: ({ done, total }) => void bars.show("features", done, total),
    onStep: ({ epoch, images, of, loss }) =>
      void bars.show(`epoch ${epoch}/${settings.epochs}, loss ${loss.toFixed(4)}`.slice(0, 12), images, of),
    onEpoch: (state) => sayAbove(epochLine(state, settings.epochs)),
    isStopping: interrupt.isStopping,
  };
  try {
    return await report(await train(request, hooks), request);
  } finally {
    bars.stop();
    interrupt.end();
  }
}
