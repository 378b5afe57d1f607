/**
 * `medical-x predict`: its options.
 *
 * Knows: the command line. What happens then is in `predict-run.ts`.
 */

import { type Command, Option } from "commander";
import { COLORMAP_NAMES, DEFAULT_COLORMAP } from "../report/colormap.ts";
import {
  bitsOption,
  collectPaths,
  layerOption,
  methodOption,
  nameList,
  numberBetween,
  parseThreshold,
} from "./options.ts";
import { type PredictFlags, SINGLE_OVERLAY } from "./predict-report.ts";
import { predict } from "./predict-run.ts";
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
    )
    .option(
      "--threshold <0..1|card>",
      "a finding is detected at or over it; `card`: the model's own",
      parseThreshold,
      0.5,
    )
    .option("--labels <a,b,…>", "names of the model's outputs, in order", nameList)
    .option(
      "--truth <folder|csv>",
      "show what a label file says beside it, and a data folder's boxes on the overlay",
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
    .option("--out <folder>", "folder for overlay pictures")
    .option("--heatmaps <file.npy>", "save the raw maps of all findings as a NumPy array")
    .addOption(new Option("--format <format>", "of the results on stdout").choices(FORMATS).default("text"))
    .option("--device <device>", "cpu, webgpu, cuda, … as ONNX Runtime has them", "cpu")
    .option(
      "--page <n>",
      "page of a TIFF, from 1 (default: the largest of those that show the same picture, else the first)",
      numberBetween(1, 1_000_000, "integer"),
    )
    .addOption(bitsOption())
    .option("--threads <n>", "threads of the CPU", numberBetween(1, 512, "integer"))
    .option("--batch-size <n>", "images per run of the network", numberBetween(1, 1024, "integer"))
    .option("--verbose", "show where errors came from")
    .action(async (flags: PredictFlags) => finish(await predict(flags)));
}
