/**
 * `medical-x train`: the arguments.
 *
 * Knows: what options are called. `train-run.ts` does what they ask for.
 */

import type { Command } from "commander";
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

/** Add the command to the program. `finish` takes its exit code. */
export function addTrain(program: Command, finish: (code: number) => void): void {
  const command = program
    .command("train")
    .description("train a DenseNet121 on a data folder: its classifier, its last layers or all of it")
    .addOption(
      requiredPath("--data <folder>", "a data folder: a label file and images, as ChestX-ray14 has them"),
    );
  for (const name of Object.keys(SETTINGS)) command.addOption(settingOption(name as SettingName));
  command
    .addOption(pathOption("--out <folder>", "the run's folder (default: runs/<part>-<date and time>)"))
    .option("--resume", "go on with the run in --out", false)
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(verboseOption())
    .action(async (options) => {
      if (options.resume && options.out === undefined)
        command.error("error: --resume needs the run's folder: --out <folder>");
      const { runTrain } = await import("./train-run.ts");
      finish(await runTrain(givenOptions(command) as TrainOptions));
    });
}
