/**
 * The options of `medical-x score` and `medical-x merge`.
 *
 * Knows: the command line. `score-run.ts` runs the commands.
 */

import { type Command, InvalidArgumentError, Option } from "commander";
import type { Share } from "../app/scoring/scheduler.ts";
import {
  bitsOption,
  deviceOption,
  forceOption,
  formatOption,
  frameOption,
  nameList,
  pageOption,
  pathName,
  pathOption,
  requiredPath,
  verboseOption,
  voiOption,
  weightsOption,
  wholeNumber,
} from "./options.ts";
import type { MergeFlags, ScoreFlags } from "./score-run.ts";

/** `0/8`: the first of eight processes. */
function parseShare(text: string): Share {
  const parts = /^(\d{1,9})\/(\d{1,9})$/.exec(text.trim());
  const [index, count] = [Number(parts?.[1]), Number(parts?.[2])];
  if (parts !== null && index < count) return { index, count };
  throw new InvalidArgumentError("It must be i/n, with i from 0 to n - 1.");
}

/** Add the command to the program. */
export function addScore(program: Command, finish: (code: number) => void): void {
  program
    .command("score")
    .description("predict findings in very many X-rays, in shards that many machines can share")
    .addOption(pathOption("--image <folder|list.txt>", "folder of X-rays, or list of their paths"))
    .option(
      "--model <file|name>",
      "checkpoint file, name from `models list`, or `demo` (default: ./densenet121_model.pth)",
      pathName,
    )
    .addOption(requiredPath("--out <folder>", "folder for the plan and the shards"))
    .option(
      "--shard <i/n>",
      "do the shards of process i of n, counted from 0 (default: as the scheduler says, or all)",
      parseShare,
    )
    .option("--shard-size <n>", "images per shard (default: 1000)", wholeNumber(10_000_000))
    .option(
      "--workers <n>",
      "worker processes, each of which keeps one core busy (default: one per core)",
      wholeNumber(1024),
    )
    .addOption(new Option("--threads <n>", "threads per worker (default: 1)").argParser(wholeNumber(64)))
    .option("--status", "print how far the shards are, and predict nothing", false)
    .option(
      "--retry-failed",
      "also do shards again whose images failed for a reason that may have passed",
      false,
    )
    .option("--labels <a,b,…>", "names of the model's outputs, in order", nameList)
    .addOption(weightsOption())
    .addOption(voiOption())
    .addOption(frameOption())
    .addOption(pageOption())
    .addOption(bitsOption())
    .addOption(forceOption())
    .addOption(deviceOption())
    .addOption(formatOption())
    .addOption(verboseOption())
    .action(async (flags: ScoreFlags) => {
      const { runScore } = await import("./score-run.ts");
      finish(await runScore(flags));
    });
}

/** Add the command to the program. */
export function addMerge(program: Command, finish: (code: number) => void): void {
  program
    .command("merge")
    .description("put the shards that `score` wrote together as one table")
    .argument("<folder>", "folder that images were scored into", pathName)
    .addOption(requiredPath("--to <file>", "table to write: .parquet, .csv or .ndjson"))
    .addOption(verboseOption())
    .action(async (folder: string, flags: Omit<MergeFlags, "folder">) => {
      const { runMerge } = await import("./score-run.ts");
      finish(await runMerge({ ...flags, folder }));
    });
}
