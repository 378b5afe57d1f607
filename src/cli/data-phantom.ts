/**
 * `medical-x data phantom`: draws a data folder of synthetic chest X-rays.
 *
 * Knows: the command line. The work is done in `app/phantoms/`.
 */

import type { Command } from "commander";
import { drawPhantoms } from "../app/phantoms/draw-phantoms.ts";
import { agreeing, counted } from "../text.ts";
import { printResult, say } from "./console.ts";
import { numberBetween, requiredPath, seedOption, verboseOption, wholeNumber } from "./options.ts";
import { startProgress } from "./progress.ts";

/** The options as commander gives them. */
interface PhantomFlags {
  readonly out: string;
  readonly count: number;
  readonly seed: number;
  readonly size: number;
}

async function phantom({ out, count, seed, size }: PhantomFlags): Promise<void> {
  const bar = await startProgress(count, "phantoms {bar} {value}/{total}  {eta_formatted} left");
  try {
    const onProgress = (done: number, total: number) => bar.update(done, total);
    const made = await drawPhantoms({ out, count, seed, size, onProgress });
    bar.stop();
    if (made.found > 0)
      say(
        `medical-x: ${counted(made.found, "image")} ${agreeing(made.found, "was", "were")} there already, from an earlier run`,
      );
    await printResult(
      `Phantoms  : ${counted(made.images, "image")} of ${counted(made.patients, "patient")}, ${size} × ${size}, seed ${seed}\n` +
        `Boxes     : ${made.boxes}\nFolder    : ${out}\n` +
        "Drawn by a program: nothing in them is anyone's chest. For research and education only.\n",
    );
  } finally {
    bar.stop();
  }
}

/** Add the command to its group. */
export function addDataPhantom(data: Command): void {
  data
    .command("phantom")
    .description("draw synthetic chest X-rays with findings, in the layout of ChestX-ray14")
    .addOption(requiredPath("--out <folder>", "a new folder, or one left by an interrupted run"))
    .requiredOption("--count <n>", "number of images to draw", wholeNumber(1_000_000))
    .addOption(seedOption("random seed; the same seed draws the same images"))
    .option("--size <pixels>", "width and height of the images", numberBetween(64, 2048, "integer"), 512)
    .addOption(verboseOption())
    .action(phantom);
}
