/**
 * The options of `medical-x train`.
 *
 * Knows: names of options. `train-run.ts` runs the command.
 */

import type { Command } from "commander";
import type { Share } from "../app/scoring/scheduler.ts";
import type { TrainOptions } from "../app/training/options.ts";
import { SETTINGS, type SettingName } from "../training/settings.ts";
import {
  deviceOption,
  givenOptions,
  pathOption,
  requiredPath,
  threadsOption,
  verboseOption,
} from "./options.ts";
import { settingOption } from "./setting-option.ts";
import { shardOption, shardSizeOption } from "./shard-options.ts";

/** The flags that are not options of a training. */
interface ExtractFlags {
  readonly verbose: boolean;
  readonly extract: boolean;
  readonly shard: Share;
  readonly shardSize: number;
}

/** Add the command to the program. `finish` receives its exit code. */
export function addTrain(program: Command, finish: (code: number) => void): void {
  const command = program
    .command("train")
    .description("train a DenseNet121 on a data folder: the classifier alone, the last layers or all layers")
    .addOption(requiredPath("--data <folder>", "data folder: a label file and images, as in ChestX-ray14"));
  for (const name of Object.keys(SETTINGS)) command.addOption(settingOption(name as SettingName));
  command
    .addOption(pathOption("--out <folder>", "run folder (default: runs/<part>-<date and time>)"))
    .option("--resume", "resume the run in --out", false)
    .addOption(pathOption("--features <folder>", "folder of features that --extract wrote, to train on"))
    .option("--extract", "only compute the features of frozen layers, into --features", false)
    .addOption(shardOption())
    .addOption(shardSizeOption("with --extract, images"))
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(verboseOption())
    .action(async (options) => {
      if (options.resume && options.out === undefined)
        command.error("error: --resume needs the run's folder: --out <folder>");
      const { verbose, extract, shard, shardSize, ...given } = givenOptions<TrainOptions & ExtractFlags>(
        command,
      );
      if (extract === true) {
        const { runExtract } = await import("./extract-run.ts");
        finish(await runExtract(given as TrainOptions, { shard, shardSize }, { verbose: verbose ?? false }));
        return;
      }
      if (shard !== undefined || shardSize !== undefined)
        command.error("error: --shard and --shard-size are for --extract");
      const { runTrain } = await import("./train-run.ts");
      finish(await runTrain(given as TrainOptions));
    });
}
