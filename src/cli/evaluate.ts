/**
 * `medical-x evaluate`: its options.
 *
 * Knows: the command line. What happens then is in `evaluate-run.ts`.
 */

import type { Command } from "commander";
import type { EvaluationOptions } from "../app/evaluation/request.ts";
import type { HeatmapLayer } from "../models/densenet121.ts";
import {
  batchSizeOption,
  bitsOption,
  deviceOption,
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
  weightsOption,
  wholeNumber,
} from "./options.ts";
import { checkUsage } from "./usage.ts";

/** Options that say what is evaluated. */
function addInputOptions(command: Command): void {
  command
    .addOption(
      pathOption(
        "--data <folder>",
        "data folder to predict, with --model; its test_list.txt is used where it has one",
      ),
    )
    .addOption(pathOption("--model <file|name>", "checkpoint, a name of `models list`, or `demo`"))
    .addOption(weightsOption())
    .addOption(pathOption("--list <file>", "images to evaluate, one name a line"))
    .addOption(
      pathOption("--predictions <csv>", "predictions instead: `Image Index` and `prob_<Finding>` columns"),
    )
    .addOption(labelsFileOption("label file: of the predictions, or in place of the folder's"))
    .addOption(labelsOption("labels to evaluate, of the label file's (default: NIH's findings)"))
    .addOption(lateralsOption())
    .addOption(
      pathOption(
        "--against <csv|model>",
        "compare with other predictions, or with another model, of the same images",
      ),
    )
    .addOption(
      pathOption(
        "--boxes <csv>",
        "box file that heatmaps are compared with (default: the folder's BBox_List*.csv)",
      ),
    )
    .addOption(
      pathOption(
        "--train-list <file>",
        "images that the model was trained on: evaluating on them is warned of",
      ),
    );
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
    .addOption(seedOption("random seed of the bootstrap and of random heatmaps"))
    .addOption(methodOption())
    .addOption(layerOption())
    .option(
      "--faithfulness <n>",
      "deletion and insertion curves of heatmaps, on up to n images of each finding",
      wholeNumber(10_000),
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
    .addOption(
      pathOption(
        "--out <folder>",
        "write report.html, figures, metrics.json, metrics.csv and predictions.csv there",
      ),
    )
    .option(
      "--examples <n>",
      "worst misses, false alarms and best hits of each finding in the report",
      numberBetween(0, 20, "integer"),
      3,
    )
    .addOption(formatOption())
    .addOption(predictionCacheOption("keep predictions on disk, to go on and to evaluate again"))
    .addOption(bitsOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(batchSizeOption())
    .addOption(verboseOption())
    .action(async ({ format, verbose = false }: Flags) => {
      const { evaluationRequest } = await import("../app/evaluation/request.ts");
      const request = checkUsage(command, ["evaluation/bad-request"], () =>
        evaluationRequest(optionsOf(command)),
      );
      const { runEvaluate } = await import("./evaluate-run.ts");
      finish(await runEvaluate({ request, format, verbose }));
    });
}

/** The options as commander calls them. */
interface Flags extends Omit<EvaluationOptions, "predictionCache" | "layer"> {
  readonly gradcamLayer: HeatmapLayer;
  readonly predictionCache: "on" | "off";
  readonly format: "text" | "json";
  readonly verbose: boolean;
}

/** What was given, as the library calls it. */
function optionsOf(command: Command): EvaluationOptions {
  const { gradcamLayer, predictionCache, format, verbose, ...rest } = givenOptions<Flags>(command);
  return {
    ...rest,
    ...(gradcamLayer === undefined ? {} : { layer: gradcamLayer }),
    ...(predictionCache === undefined ? {} : { predictionCache: predictionCache === "on" }),
  };
}
