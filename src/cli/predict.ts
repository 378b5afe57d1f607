/**
 * The options of `medical-x predict`.
 *
 * Knows: the command line. `predict-run.ts` runs the command.
 */

import { type Command, Option } from "commander";
import { NAMINGS } from "../app/prediction/naming.ts";
import { SINGLE_OVERLAY } from "../app/prediction/overlays.ts";
import { COLORMAP_NAMES, DEFAULT_COLORMAP } from "../report/overlay/colormap.ts";
import { DEFAULT_STYLE, OVERLAY_STYLES } from "../report/overlay/style.ts";
import {
  batchSizeOption,
  bitsOption,
  collectPaths,
  deviceOption,
  findingsOption,
  forceOption,
  frameOption,
  layerOption,
  methodOption,
  modelOption,
  nameList,
  pageOption,
  pathName,
  pathOption,
  srStyleOption,
  threadsOption,
  thresholdOption,
  verboseOption,
  voiOption,
  weightsOption,
} from "./options.ts";
import { type PredictFlags, predict } from "./predict-run.ts";
import { FORMATS } from "./result-printer.ts";

/** Add the command to the program. */
export function addPredict(program: Command, finish: (code: number) => void): void {
  program
    .command("predict")
    .description("predict findings in chest X-rays and draw heatmaps of where the model looked")
    .requiredOption(
      "--image <file|folder|glob...>",
      "X-rays to read (DICOM, PNG, JPEG, TIFF or WebP)",
      collectPaths,
    )
    .addOption(modelOption())
    .addOption(thresholdOption())
    .option("--labels <a,b,…>", "names of the model's outputs, in order", nameList)
    .addOption(weightsOption())
    .option(
      "--truth <folder|csv>",
      "show a label file's labels with the results, and a data folder's boxes on overlays",
      pathName,
    )
    .option(
      "--gradcam",
      `save overlays of heatmaps on the X-ray: ${SINGLE_OVERLAY}, or one file per image in --out`,
      false,
    )
    .addOption(findingsOption())
    .addOption(methodOption("the card's choice for overlays, if it names one; else gradcam"))
    .addOption(layerOption())
    .addOption(
      new Option("--colormap <name>", "heatmap colours").choices(COLORMAP_NAMES).default(DEFAULT_COLORMAP),
    )
    .addOption(
      new Option(
        "--overlay <style>",
        "heatmaps as a wash of colour, or as contour lines at shares of the maximum",
      )
        .choices(OVERLAY_STYLES)
        .default(DEFAULT_STYLE),
    )
    .addOption(pathOption("--out <folder>", "folder for overlays"))
    .addOption(
      pathOption(
        "--dicom-out <folder>",
        "folder for DICOM objects: a structured report for each DICOM image, and with --gradcam its overlay",
      ),
    )
    .addOption(srStyleOption())
    .addOption(
      new Option(
        "--name-by <what>",
        "name images in results, messages and overlays by path, DICOM instance UID or content hash",
      )
        .choices(NAMINGS)
        .default("path"),
    )
    .addOption(pathOption("--heatmaps <file.npy>", "save the raw maps of all findings as a NumPy array"))
    .addOption(new Option("--format <format>", "output format").choices(FORMATS).default("text"))
    .addOption(voiOption())
    .addOption(frameOption())
    .addOption(pageOption())
    .addOption(bitsOption())
    .addOption(forceOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(batchSizeOption())
    .addOption(verboseOption())
    .action(async (flags: PredictFlags) => finish(await predict(flags)));
}
