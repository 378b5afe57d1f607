/**
 * The options of `medical-x evaluate`.
 *
 * Knows: the command line. `evaluate-run.ts` runs the command.
 */

import type { Command } from "commander";
import type { EvaluationOptions } from "../app/evaluation/request.ts";
import type { HeatmapLayer } from "../models/densenet121.ts";
import {
  batchSizeOption,
  bitsOption,
  deviceOption,
  forceOption,
  formatOption,
  givenOptions,
  labelsFileOption,
  labelsOption,
  lateralsOption,
  layerOption,
  methodOption,
  numberBetween,
  parseThreshold,
  pathOption,
  predictionCacheOption,
  seedOption,
  share,
  threadsOption,
  verboseOption,
  voiOption,
  weightsOption,
  wholeNumber,
} from "./options.ts";

/** Add the options for what is evaluated. */
function addInputOptions(command: Command): void {
  command
    .addOption(
      pathOption("--data <folder>", "data folder to evaluate --model on; uses its test_list.txt if present"),
    )
    .addOption(pathOption("--model <file|name>", "checkpoint file, name from `models list`, or `demo`"))
    .addOption(weightsOption())
    .addOption(pathOption("--list <file>", "images to evaluate, one name per line"))
    .addOption(
      pathOption(
        "--predictions <file>",
        "predictions to evaluate instead (CSV or Parquet), with columns `Image Index` and `prob_<Finding>`",
      ),
    )
    .addOption(labelsFileOption("label file for --predictions, or to use instead of the data folder's"))
    .addOption(labelsOption("labels to evaluate (default: the NIH findings)"))
    .addOption(lateralsOption())
    .addOption(
      pathOption(
        "--against <csv|model>",
        "compare with other predictions, or another model, on the same images",
      ),
    )
    .addOption(
      pathOption(
        "--boxes <csv>",
        "box file to compare heatmaps with (default: the data folder's BBox_List*.csv)",
      ),
    )
    .addOption(
      pathOption("--train-list <file>", "images the model was trained on; warn if they are evaluated"),
    );
}

/** Add the options for what is computed. */
function addFigureOptions(command: Command): void {
  command
    .option(
      "--threshold <0..1|card>",
      "one threshold for all findings, or `card` for the model's own (default: card, else 0.5)",
      parseThreshold,
    )
    .option("--target-sensitivity <share>", "also fit thresholds that reach this sensitivity", share)
    .option("--target-specificity <share>", "also fit thresholds that reach this specificity", share)
    .option(
      "--bootstrap <n>",
      "bootstrap draws of patients for confidence intervals",
      numberBetween(100, 10_000, "integer"),
      1000,
    )
    .addOption(seedOption("random seed for the bootstrap and random heatmaps"))
    .addOption(methodOption("gradcam"))
    .addOption(layerOption())
    .option(
      "--faithfulness <n>",
      "compute deletion and insertion curves of heatmaps on up to n images per finding",
      wholeNumber(10_000),
    );
}

/** Add the command to the program. */
export function addEvaluate(program: Command, finish: (code: number) => void): void {
  const command = program
    .command("evaluate")
    .description("measure a model or a file of predictions against labels, with confidence intervals");
  addInputOptions(command);
  addFigureOptions(command);
  command
    .addOption(
      pathOption(
        "--out <folder>",
        "write report.html, figures, metrics.json, metrics.csv and predictions.csv to this folder",
      ),
    )
    .option(
      "--examples <n>",
      "worst misses, false alarms and best hits to show per finding in the report",
      numberBetween(0, 20, "integer"),
      3,
    )
    .addOption(formatOption())
    .addOption(predictionCacheOption("cache predictions on disk, to resume or evaluate again"))
    .addOption(voiOption())
    .addOption(bitsOption())
    .addOption(forceOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(batchSizeOption())
    .addOption(verboseOption())
    .action(async ({ format, verbose = false }: Flags) => {
      const { runEvaluate } = await import("./evaluate-run.ts");
      finish(await runEvaluate({ options: optionsOf(command), format, verbose }));
    });
}

/** The options as commander names them. */
interface Flags extends Omit<EvaluationOptions, "predictionCache" | "layer"> {
  readonly gradcamLayer: readonly HeatmapLayer[];
  readonly predictionCache: "on" | "off";
  readonly format: "text" | "json";
  readonly verbose: boolean;
}

/** The options given, as the library names them. */
function optionsOf(command: Command): EvaluationOptions {
  const { gradcamLayer, predictionCache, format, verbose, ...rest } = givenOptions<Flags>(command);
  return {
    ...rest,
    ...(gradcamLayer === undefined ? {} : { layer: gradcamLayer }),
    ...(predictionCache === undefined ? {} : { predictionCache: predictionCache === "on" }),
  };
}
