/**
 * `medical-x data phantom`: a data folder of drawn chest X-rays.
 *
 * Knows: the command line. The work is done in `tasks/phantoms`.
 */

import type { Command } from "commander";
import { makePhantoms } from "../tasks/phantoms.ts";
import { printResult, say } from "./console.ts";
import { numberBetween, verboseOption } from "./options.ts";
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
    const request = { folder: out, count, seed, size };
    const made = await makePhantoms(request, { onImage: (done, total) => bar.update(done, total) });
    bar.stop();
    if (made.found > 0) say(`medical-x: ${made.found} images were there already, from a call before`);
    await printResult(
      `Phantoms  : ${made.images} images of ${made.patients} patients, ${size} × ${size}, seed ${seed}\n` +
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
    .requiredOption("--out <folder>", "a new folder, or one that an interrupted call left")
    .requiredOption("--count <n>", "images to draw", numberBetween(1, 1_000_000, "integer"))
    .option("--seed <n>", "the same seed draws the same images", numberBetween(0, 2 ** 32 - 1, "integer"), 0)
    .option("--size <pixels>", "width and height of the images", numberBetween(64, 2048, "integer"), 512)
    .addOption(verboseOption())
    .action(phantom);
}
