/**
 * `medical-x calibrate`: probabilities that mean what they say, kept with the model.
 *
 * Knows: the command line. The work is done in `app/evaluation/calibrate-model.ts`.
 */

import { type Command, Option } from "commander";
import { type CalibrationOptions, calibrationReport } from "../app/evaluation/calibration-request.ts";
import { CALIBRATION_KINDS } from "../calibration/calibration.ts";
import { printable } from "../errors.ts";
import { calibrationJson, calibrationText } from "../report/calibration-report.ts";
import { printResult, say, sayError } from "./console.ts";
import { endOnInterrupt, Interrupt } from "./interrupt.ts";
import {
  batchSizeOption,
  bitsOption,
  deviceOption,
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
  weightsOption,
} from "./options.ts";
import { withBar } from "./progress.ts";

/** The options as commander gives them. */
interface Flags extends Omit<CalibrationOptions, "predictionCache"> {
  readonly predictionCache: "on" | "off";
  readonly format: "text" | "json";
  readonly verbose?: boolean;
}

/** Run the command. Returns the exit code: 0 all images done, 1 some failed. Throws `evaluation/interrupted` too. */
async function run({ predictionCache, format, verbose = false, ...options }: Flags): Promise<number> {
  const interrupt = new Interrupt();
  const report = await interrupt.during(() =>
    withBar("images", (onProgress) =>
      calibrationReport(
        { ...options, predictionCache: predictionCache === "on" },
        {
          onProgress,
          onFailure: (error) => sayError(error, verbose),
          isStopping: () => interrupt.isSet,
        },
      ),
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
    .description(
      "fit probabilities that mean what they say to validation images, and keep them with the model",
    )
    .addOption(requiredPath("--data <folder>", "data folder with the validation images"))
    .addOption(requiredPath("--model <file|name>", "checkpoint, a name of `models list`, or `demo`"))
    .addOption(weightsOption())
    .addOption(requiredPath("--to <file>", "model file to write: .safetensors, .pth or .onnx"))
    .addOption(
      pathOption(
        "--list <file>",
        "the validation images, one name a line (default: those that its training held out)",
      ),
    )
    .addOption(
      new Option(
        "--kind <kind>",
        "temperature: one number for all; platt: two for each finding; isotonic: a curve",
      )
        .choices(CALIBRATION_KINDS)
        .default("platt"),
    )
    .addOption(labelsFileOption())
    .addOption(labelsOption("labels to calibrate, of the label file's (default: NIH's findings)"))
    .addOption(lateralsOption())
    .addOption(
      pathOption("--train-list <file>", "images that the model was trained on: fitting to them is warned of"),
    )
    .addOption(seedOption("random seed of the folds"))
    .addOption(predictionCacheOption("keep predictions on disk, to go on and to evaluate later"))
    .addOption(formatOption())
    .addOption(bitsOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(batchSizeOption())
    .addOption(verboseOption())
    .action(async (flags: Flags) => finish(await endOnInterrupt(() => run(flags), flags)));
}
