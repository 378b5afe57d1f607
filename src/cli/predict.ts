/**
 * `medical-x predict`: its options.
 *
 * Knows: the command line. What happens then is in `predict-run.ts`.
 */

import { type Command, Option } from "commander";
import { SINGLE_OVERLAY } from "../app/prediction/overlays.ts";
import { COLORMAP_NAMES, DEFAULT_COLORMAP } from "../report/overlay/colormap.ts";
import {
  batchSizeOption,
  bitsOption,
  collectPaths,
  deviceOption,
  layerOption,
  methodOption,
  nameList,
  parseThreshold,
  pathName,
  pathOption,
  threadsOption,
  verboseOption,
  weightsOption,
  wholeNumber,
} from "./options.ts";
import { type PredictFlags, predict } from "./predict-run.ts";
import { FORMATS } from "./result-printer.ts";

/** Add the command to the program. */
export function addPredict(program: Command, finish: (code: number) => void): void {
  program
    .command("predict")
    .description("probabilities of the findings in chest X-rays, and heatmaps of where the model looked")
    .requiredOption("--image <file|folder|glob...>", "X-rays to read: PNG, JPEG, TIFF or WebP", collectPaths)
    .option(
      "--model <file|name>",
      "checkpoint, a name of `models list`, or `demo` (default: densenet121_model.pth here)",
      pathName,
    )
    .option(
      "--threshold <0..1|card>",
      "a finding is detected at or over it; `card`: the model's own",
      parseThreshold,
      0.5,
    )
    .option("--labels <a,b,…>", "names of the model's outputs, in order", nameList)
    .addOption(weightsOption())
    .option(
      "--truth <folder|csv>",
      "show what a label file says beside it, and a data folder's boxes on the overlay",
      pathName,
    )
    .option(
      "--gradcam",
      `save heatmaps over the X-ray: ${SINGLE_OVERLAY}, or one file per image in --out`,
      false,
    )
    .option("--findings <name,…|top|detected|all>", "findings to draw", nameList, ["top"])
    .addOption(methodOption())
    .addOption(layerOption())
    .addOption(
      new Option("--colormap <name>", "colours of heatmaps")
        .choices(COLORMAP_NAMES)
        .default(DEFAULT_COLORMAP),
    )
    .addOption(pathOption("--out <folder>", "folder for overlay pictures"))
    .addOption(pathOption("--heatmaps <file.npy>", "save the raw maps of all findings as a NumPy array"))
    .addOption(new Option("--format <format>", "of the results on stdout").choices(FORMATS).default("text"))
    .option(
      "--page <n>",
      "page of a TIFF, from 1 (default: the largest of those that show the same picture, else the first)",
      wholeNumber(1_000_000),
    )
    .addOption(bitsOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(batchSizeOption())
    .addOption(verboseOption())
    .action(async (flags: PredictFlags) => finish(await predict(flags)));
}
