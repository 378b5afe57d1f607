/**
 * `medical-x calibrate`: fits a calibration and saves it with the model.
 *
 * Knows: the command line. The work is done in `app/evaluation/calibration-request.ts`.
 */

import { type Command, Option } from "commander";
import { type CalibrationOptions, calibrationReport } from "../app/evaluation/calibration-request.ts";
import type { CalibrationKind } from "../calibration/calibration.ts";
import { printable } from "../errors.ts";
import { calibrationJson, calibrationText } from "../report/calibration-report.ts";
import { printResult, say, sayError } from "./console.ts";
import { endOnInterrupt, Interrupt } from "./interrupt.ts";
import {
  batchSizeOption,
  bitsOption,
  deviceOption,
  forceOption,
  formatOption,
  labelsFileOption,
  labelsOption,
  lateralsOption,
  pathOption,
  predictionCacheOption,
  requiredPath,
  seedOption,
  threadsOption,
  verboseOption,
  voiOption,
  weightsOption,
} from "./options.ts";
import { withBar } from "./progress.ts";

/** The default comes first. */
const KINDS: readonly CalibrationKind[] = ["platt", "temperature", "isotonic"];

/** The options as commander gives them. */
interface Flags extends Omit<CalibrationOptions, "predictionCache"> {
  readonly predictionCache: "on" | "off";
  readonly format: "text" | "json";
  readonly verbose?: boolean;
}

/** Run the command. Returns the exit code: 0 all images done, 1 some failed. Also throws `evaluation/interrupted`. */
async function run({ predictionCache, format, verbose = false, ...options }: Flags): Promise<number> {
  const interrupt = new Interrupt();
  const report = await interrupt.during(() =>
    calibrationReport(
      { ...options, predictionCache: predictionCache === "on" },
      {
        withProgress: withBar,
        onFailure: (error) => sayError(error, verbose),
        isStopping: () => interrupt.isSet,
      },
    ),
  );
  if (format === "json") {
    for (const line of [...report.warnings, ...report.notes]) say(`medical-x: ${printable(line)}`);
    await printResult(`${JSON.stringify(calibrationJson(report), null, 2)}\n`);
  } else await printResult(calibrationText(report));
  return report.failed > 0 ? 1 : 0;
}

/** Add the command to the program. */
export function addCalibrate(program: Command, finish: (code: number) => void): void {
  program
    .command("calibrate")
    .description("fit a calibration on validation images and save it with the model")
    .addOption(requiredPath("--data <folder>", "data folder with the validation images"))
    .addOption(requiredPath("--model <file|name>", "checkpoint file, name from `models list`, or `demo`"))
    .addOption(weightsOption())
    .addOption(requiredPath("--to <file>", "model file to write: .safetensors, .pth or .onnx"))
    .addOption(
      pathOption(
        "--list <file>",
        "validation images, one name per line (default: those held out when training the model)",
      ),
    )
    .addOption(
      new Option(
        "--kind <kind>",
        "temperature: one number for all findings; platt: two per finding; isotonic: a curve per finding",
      )
        .choices(KINDS)
        .default("platt"),
    )
    .option(
      "--choose-maps",
      "also choose the heatmap that points best at each finding, by the images' boxes, for `--method card`",
      false,
    )
    .addOption(pathOption("--boxes <csv>", "box file to use instead of the data folder's, for --choose-maps"))
    .addOption(labelsFileOption())
    .addOption(labelsOption("labels to calibrate (default: the NIH findings)"))
    .addOption(lateralsOption())
    .addOption(
      pathOption("--train-list <file>", "images the model was trained on; warn if they are used for fitting"),
    )
    .addOption(seedOption("random seed for the folds and for choosing heatmaps"))
    .addOption(predictionCacheOption("cache predictions on disk, to resume or evaluate later"))
    .addOption(formatOption())
    .addOption(voiOption())
    .addOption(bitsOption())
    .addOption(forceOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(batchSizeOption())
    .addOption(verboseOption())
    .action(async (flags: Flags) => finish(await endOnInterrupt(() => run(flags), flags)));
}
