/**
 * `medical-x evaluate`: its options.
 *
 * Knows: the command line. What happens then is in `evaluate-run.ts`.
 */

import { type Command, InvalidArgumentError, Option } from "commander";
import type { Threshold } from "../report/result.ts";
import { type EvaluateFlags, isCsv } from "./evaluate-flags.ts";
import {
  bitsOption,
  layerOption,
  methodOption,
  nameList,
  numberBetween,
  parseThreshold,
  pathName,
  verboseOption,
} from "./options.ts";

/** Options that a file of predictions has no use for. */
const MODEL_OPTIONS = {
  list: "--list",
  boxes: "--boxes",
  method: "--method",
  gradcamLayer: "--gradcam-layer",
  faithfulness: "--faithfulness",
  predictionCache: "--prediction-cache",
  device: "--device",
  threads: "--threads",
  batchSize: "--batch-size",
  bits: "--bits",
} as const;

/** Above 0 and at most 1. */
function share(text: string): number {
  const value = numberBetween(0, 1)(text);
  if (value === 0) throw new InvalidArgumentError("It must be over 0.");
  return value;
}

/** Options that say what is evaluated. */
function addInputOptions(command: Command): void {
  command
    .option(
      "--data <folder>",
      "data folder to predict, with --model; its test_list.txt is used where it has one",
    )
    .option("--model <file|name>", "checkpoint, a name of `models list`, or `demo`")
    .option("--list <file>", "images to evaluate, one name a line")
    .option("--predictions <csv>", "predictions instead: `Image Index` and `prob_<Finding>` columns")
    .option("--labels-file <csv>", "label file: of the predictions, or in place of the folder's")
    .option("--labels <a,b,…>", "labels to evaluate, of the label file's (default: NIH's findings)", nameList)
    .option(
      "--against <csv|model>",
      "compare with other predictions, or with another model, of the same images",
    )
    .option(
      "--boxes <csv>",
      "box file that heatmaps are compared with (default: the folder's BBox_List*.csv)",
    )
    .option("--train-list <file>", "images that the model was trained on: evaluating on them is warned of");
}

/** Options that say what is computed. */
function addFigureOptions(command: Command): void {
  command
    .option(
      "--threshold <0..1|card>",
      "operating point of all findings, or the model's own (default: the model's own, else 0.5)",
      parseThreshold,
    )
    .option("--target-sensitivity <share>", "also fit thresholds that reach this sensitivity", share)
    .option("--target-specificity <share>", "also fit thresholds that reach this specificity", share)
    .option(
      "--bootstrap <n>",
      "times that patients are drawn for intervals",
      numberBetween(100, 10_000, "integer"),
      1000,
    )
    .option(
      "--seed <n>",
      "of the bootstrap and of random heatmaps",
      numberBetween(0, 2 ** 32 - 1, "integer"),
      0,
    )
    .addOption(methodOption())
    .addOption(layerOption())
    .option(
      "--faithfulness <n>",
      "deletion and insertion curves of heatmaps, on up to n images of each finding",
      numberBetween(1, 10_000, "integer"),
    );
}

/** Add the command to the program. */
export function addEvaluate(program: Command, finish: (code: number) => void): void {
  const command = program
    .command("evaluate")
    .description("how good a model, or a file of predictions, is against labels, with intervals");
  addInputOptions(command);
  addFigureOptions(command);
  command
    .option(
      "--out <folder>",
      "write report.html, figures, metrics.json, metrics.csv and predictions.csv there",
      pathName,
    )
    .option(
      "--examples <n>",
      "worst misses, false alarms and best hits of each finding in the report",
      numberBetween(0, 20, "integer"),
      3,
    )
    .addOption(
      new Option("--format <format>", "of what is printed").choices(["text", "json"]).default("text"),
    )
    .addOption(
      new Option("--prediction-cache <when>", "keep predictions on disk, to go on and to evaluate again")
        .choices(["on", "off"])
        .default("on"),
    )
    .option("--device <device>", "cpu, webgpu, cuda, … as ONNX Runtime has them", "cpu")
    .addOption(bitsOption())
    .option("--threads <n>", "threads of the CPU", numberBetween(1, 512, "integer"))
    .option("--batch-size <n>", "images per run of the network", numberBetween(1, 1024, "integer"))
    .addOption(verboseOption())
    .action(async (flags: EvaluateFlags & { threshold?: Threshold }) => {
      checkUsage(command, flags);
      const { runEvaluate } = await import("./evaluate-run.ts");
      finish(await runEvaluate(flags));
    });
}

/** Ends with exit code 2 where options do not go together. */
function checkUsage(
  command: Command,
  { predictions, labelsFile, data, model, against, out, examples }: EvaluateFlags,
): void {
  if (out === undefined && examples > 0 && command.getOptionValueSource("examples") === "cli")
    command.error("error: --examples are of a report: give --out");
  if (predictions !== undefined) {
    const ofModel = Object.entries(MODEL_OPTIONS).find(
      ([name]) => command.getOptionValueSource(name) === "cli",
    );
    if (ofModel !== undefined) command.error(`error: ${ofModel[1]} is for a model: give --data and --model`);
  }
  if (predictions !== undefined && against !== undefined && !isCsv(against))
    command.error(`error: --against ${against} is no CSV file; a model is compared with --data and --model`);
  const isPredictions =
    predictions !== undefined && labelsFile !== undefined && data === undefined && model === undefined;
  const isModel = predictions === undefined && data !== undefined && model !== undefined;
  if (!isPredictions && !isModel)
    command.error("error: give --predictions and --labels-file, or --data and --model");
}
