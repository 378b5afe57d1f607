/**
 * `medical-x train`: the arguments.
 *
 * Knows: what options are called. `train-run.ts` does what they ask for.
 */

import { type Command, InvalidArgumentError, Option } from "commander";
import { AUGMENTATIONS } from "../image/augment.ts";
import { SCHEDULES } from "../training/schedule.ts";
import { UNFREEZE } from "../training/suffix.ts";
import {
  batchSizeOption,
  bitsOption,
  deviceOption,
  labelsFileOption,
  labelsOption,
  lateralsOption,
  numberBetween,
  pathOption,
  requiredPath,
  seedOption,
  share,
  splitListOptions,
  threadsOption,
  valFractionOption,
  verboseOption,
  weightsOption,
  wholeNumber,
} from "./options.ts";

/** A positive number. */
function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}

/** Options that say what is trained on what. */
function addDataOptions(command: Command): void {
  command
    .addOption(
      requiredPath("--data <folder>", "a data folder: a label file and images, as ChestX-ray14 has them"),
    )
    .addOption(labelsFileOption("the label file, where the folder has none or several"))
    .addOption(labelsOption("the labels to train, in order (default: NIH's findings)"))
    .addOption(lateralsOption())
    .addOption(valFractionOption());
  for (const option of splitListOptions()) command.addOption(option);
  command.option("--limit <n>", "only the first n images of the label file", wholeNumber(100_000_000));
}

/** Options that decide the weights. */
function addTrainingOptions(command: Command): void {
  command
    .addOption(
      pathOption("--backbone <name|file>", "imagenet, a checkpoint, random or demo").default("imagenet"),
    )
    .addOption(weightsOption())
    .addOption(
      new Option("--unfreeze <part>", "how far down to train: the classifier alone, … all layers")
        .choices(UNFREEZE)
        .default("none"),
    )
    .option("--epochs <n>", "times over all images", wholeNumber(100_000), 10)
    .addOption(batchSizeOption("images per step").default(32))
    .option("--lr <rate>", "learning rate of Adam", positive, 1e-3)
    .option("--weight-decay <factor>", "L2 penalty, as torch.optim.Adam has it", numberBetween(0, 10), 0)
    .option("--clip-norm <length>", "shrink longer gradients to this length", positive)
    .addOption(
      new Option("--schedule <kind>", "learning rate over time").choices(SCHEDULES).default("constant"),
    )
    .addOption(
      new Option("--pos-weight <kind>", "balanced weighs positives by negatives per positive")
        .choices(["none", "balanced"])
        .default("none"),
    )
    .addOption(new Option("--augment <kind>", "how images are varied").choices(AUGMENTATIONS).default("none"))
    .option("--views <n>", "views of each image that are cached, where it is varied", wholeNumber(64), 4)
    .addOption(
      new Option("--batch-norm <kind>", "statistics of the unfrozen norms")
        .choices(["frozen", "train"])
        .default("frozen"),
    )
    .option("--input-size <pixels>", "extent of the network's input", numberBetween(64, 1024, "integer"), 224)
    .addOption(bitsOption())
    .addOption(seedOption())
    .option("--no-shuffle", "take the images in the label file's order")
    .option(
      "--patience <n>",
      "stop after n epochs without a better mean validation AUROC",
      wholeNumber(100_000),
    )
    .option(
      "--target-sensitivity <share>",
      "sensitivity that operating points reach (default: Youden's J)",
      share,
    );
}

/** Add the command to the program. `finish` takes its exit code. */
export function addTrain(program: Command, finish: (code: number) => void): void {
  const command = program
    .command("train")
    .description("train a DenseNet121 on a data folder: its classifier, its last layers or all of it");
  addDataOptions(command);
  addTrainingOptions(command);
  command
    .addOption(pathOption("--out <folder>", "the run's folder (default: runs/<part>-<date and time>)"))
    .option("--resume", "go on with the run in --out", false)
    .addOption(
      new Option("--feature-cache <when>", "keep features of frozen layers on disk")
        .choices(["on", "off"])
        .default("on"),
    )
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(verboseOption())
    .action(async (options) => {
      if (options.resume && options.out === undefined)
        command.error("error: --resume needs the run's folder: --out <folder>");
      const { runTrain } = await import("./train-run.ts");
      finish(await runTrain(options, (name) => command.getOptionValueSource(name) === "cli"));
    });
}
