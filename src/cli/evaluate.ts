/**
 * `medical-x evaluate`: how good probabilities are, against labels.
 *
 * Knows: the command line. The work is done in `tasks/evaluation/`.
 */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { HeatmapMethod } from "../heatmaps/methods.ts";
import type { HeatmapLayer } from "../models/densenet121.ts";
import { fileError, writeAtomically } from "../node/files.ts";
import { evaluationCsv, evaluationJson } from "../report/evaluation/json.ts";
import type { EvaluationReport } from "../report/evaluation/report.ts";
import { evaluationText } from "../report/evaluation/text.ts";
import { csvHeader, csvLine } from "../report/machine.ts";
import { NOTICE } from "../report/notice.ts";
import { evaluateInput } from "../tasks/evaluation/evaluate.ts";
import { type EvaluationInput, inputFromPredictions } from "../tasks/evaluation/input.ts";
import { inputFromModel } from "../tasks/evaluation/model.ts";
import { printResult, say, sayError } from "./console.ts";
import { layerOption, methodOption, nameList, numberBetween, verboseOption } from "./options.ts";
import { startProgress } from "./progress.ts";

/** The options as commander gives them. */
interface EvaluateFlags {
  readonly data?: string;
  readonly model?: string;
  readonly list?: string;
  readonly predictions?: string;
  readonly labelsFile?: string;
  readonly labels?: readonly string[];
  readonly boxes?: string;
  readonly method: HeatmapMethod;
  readonly gradcamLayer: HeatmapLayer;
  readonly bootstrap: number;
  readonly seed: number;
  readonly out?: string;
  readonly format: "text" | "json";
  readonly device?: string;
  readonly threads?: number;
  readonly batchSize?: number;
  readonly verbose?: boolean;
}

/** Predict the folder's images with a bar; images that fail are named. */
async function predictFolder(
  flags: EvaluateFlags & { readonly data: string; readonly model: string },
): Promise<EvaluationInput> {
  const bar = await startProgress(0, "{bar} {value}/{total} images, {eta_formatted} left");
  try {
    return await inputFromModel(flags, {
      onProgress: (done, total) => bar.update(done, total),
      onFailure: (error) => sayError(error, flags.verbose ?? false),
    });
  } finally {
    bar.stop();
  }
}

/** One of the two ways in which probabilities come about; undefined where neither is named wholly, or both are. */
function inputOf(flags: EvaluateFlags): Promise<EvaluationInput> | undefined {
  const { predictions, labelsFile, data, model, labels } = flags;
  if (predictions === undefined) {
    return data === undefined || model === undefined ? undefined : predictFolder({ ...flags, data, model });
  }
  if (labelsFile === undefined || data !== undefined || model !== undefined) return undefined;
  return inputFromPredictions(predictions, labelsFile, labels);
}

/** `metrics.json`, `metrics.csv`, `predictions.csv`. */
async function writeFiles(out: string, report: EvaluationReport, input: EvaluationInput): Promise<void> {
  await mkdir(out, { recursive: true }).catch((error) => {
    throw fileError(out, error);
  });
  const bytes = (text: string) => [new TextEncoder().encode(text)];
  await writeAtomically(
    join(out, "metrics.json"),
    bytes(`${JSON.stringify(evaluationJson(report), null, 2)}\n`),
  );
  await writeAtomically(join(out, "metrics.csv"), bytes(evaluationCsv(report)));
  const rows = input.images.map(({ image }, i) =>
    csvLine(
      image,
      input.probabilities.map((values) => values[i]!),
    ),
  );
  await writeAtomically(join(out, "predictions.csv"), bytes(csvHeader(input.labels) + rows.join("")));
}

/** Options that a file of predictions has no use for. */
const MODEL_OPTIONS = {
  list: "--list",
  boxes: "--boxes",
  method: "--method",
  gradcamLayer: "--gradcam-layer",
  device: "--device",
  threads: "--threads",
  batchSize: "--batch-size",
} as const;

/** Run the command. Returns the exit code: 0 all images done, 1 some failed. */
async function run(flags: EvaluateFlags, command: Command): Promise<number> {
  const ofModel = Object.entries(MODEL_OPTIONS).find(
    ([name]) => command.getOptionValueSource(name) === "cli",
  );
  if (flags.predictions !== undefined && ofModel !== undefined)
    command.error(`error: ${ofModel[1]} is for a model: give --data and --model`);
  const opened = inputOf(flags);
  if (opened === undefined)
    command.error("error: give --predictions and --labels-file, or --data and --model");
  const input = await opened;
  const report = evaluateInput(input, { replicates: flags.bootstrap, seed: flags.seed });
  if (flags.out !== undefined) await writeFiles(flags.out, report, input);
  if (flags.format === "json") {
    for (const note of report.notes) say(`medical-x: ${note}`);
    await printResult(`${JSON.stringify(evaluationJson(report), null, 2)}\n`);
  } else {
    await printResult(`${evaluationText(report)}${NOTICE}\n`);
  }
  return input.failed > 0 ? 1 : 0;
}

/** Add the command to the program. */
export function addEvaluate(program: Command, finish: (code: number) => void): void {
  program
    .command("evaluate")
    .description("how good a model, or a file of predictions, is against labels, with intervals")
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
      "--boxes <csv>",
      "box file that heatmaps are compared with (default: the folder's BBox_List*.csv)",
    )
    .addOption(methodOption())
    .addOption(layerOption())
    .option(
      "--bootstrap <n>",
      "times that patients are drawn for intervals",
      numberBetween(1, 100_000, "integer"),
      1000,
    )
    .option(
      "--seed <n>",
      "of the bootstrap and of random heatmaps",
      numberBetween(0, 2 ** 32 - 1, "integer"),
      0,
    )
    .option("--out <folder>", "write metrics.json, metrics.csv and predictions.csv there")
    .addOption(
      new Option("--format <format>", "of what is printed").choices(["text", "json"]).default("text"),
    )
    .option("--device <device>", "cpu, webgpu, cuda, … as ONNX Runtime has them", "cpu")
    .option("--threads <n>", "threads of the CPU", numberBetween(1, 512, "integer"))
    .option("--batch-size <n>", "images per run of the network", numberBetween(1, 1024, "integer"))
    .addOption(verboseOption())
    .action(async (flags: EvaluateFlags, command: Command) => finish(await run(flags, command)));
}
