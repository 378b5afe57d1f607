/**
 * The options of `medical-x score` and `medical-x merge`.
 *
 * Knows: the command line. `score-run.ts` runs the commands.
 */

import { type Command, Option } from "commander";
import {
  bitsOption,
  deviceOption,
  forceOption,
  formatOption,
  frameOption,
  modelOption,
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
import { shardOption, shardSizeOption } from "./shard-options.ts";

/** Add the command to the program. */
export function addScore(program: Command, finish: (code: number) => void): void {
  program
    .command("score")
    .description("predict findings in very many X-rays, in shards that many machines can share")
    .addOption(
      pathOption(
        "--image <folder|list.txt>",
        "folder of X-rays, or list of paths and addresses (https://…, s3://…)",
      ),
    )
    .addOption(modelOption())
    .addOption(requiredPath("--out <folder>", "folder for the plan and the shards"))
    .addOption(shardOption())
    .addOption(shardSizeOption("images"))
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
