/**
 * `medical-x data summary`: shows what a data folder contains.
 *
 * Knows: the command line. The work is done in `app/data/data-summary.ts`.
 */

import type { Command } from "commander";
import { isLabelled, summariseData } from "../app/data/data-summary.ts";
import { dataSummaryText, unlabelledText } from "../report/data/summary.ts";
import { dataSummaryObject, unlabelledObject } from "../report/data/summary-json.ts";
import { printResult, say } from "./console.ts";
import {
  formatOption,
  labelsFileOption,
  labelsOption,
  lateralsOption,
  requiredPath,
  seedOption,
  verboseOption,
} from "./options.ts";
import { withBar } from "./progress.ts";
import { settingOption } from "./setting-option.ts";

/** The options as commander gives them. */
interface SummaryFlags {
  readonly data: string;
  readonly labelsFile?: string;
  readonly labels?: readonly string[];
  readonly valFraction: number;
  readonly seed: number;
  readonly trainList?: string;
  readonly valList?: string;
  readonly includeLaterals: boolean;
  readonly format: "text" | "json";
}

async function summary({ data, format, ...options }: SummaryFlags): Promise<void> {
  const found = await withBar("DICOM files", (onProgress) => summariseData(data, options, { onProgress }));
  if (format === "text") {
    await printResult(isLabelled(found) ? dataSummaryText(found) : unlabelledText(found));
    return;
  }
  for (const note of found.notes) say(`medical-x: ${note}`);
  await printResult(
    `${JSON.stringify(isLabelled(found) ? dataSummaryObject(found) : unlabelledObject(found), null, 2)}\n`,
  );
}

/** Add the command to its group. */
export function addDataSummary(data: Command): void {
  data
    .command("summary")
    .description(
      "count the images, patients and findings of a data folder and show their split, or count DICOM headers",
    )
    .addOption(requiredPath("--data <folder>", "data folder: a label file and images, or DICOM files"))
    .addOption(labelsFileOption("label file (default: Data_Entry_2017*.csv, or the only one there)"))
    .addOption(labelsOption("labels to count, in order (default: the NIH findings)"))
    .addOption(lateralsOption())
    .addOption(settingOption("valFraction"))
    .addOption(seedOption("random seed for the split"))
    .addOption(settingOption("trainList"))
    .addOption(settingOption("valList"))
    .addOption(formatOption())
    .addOption(verboseOption())
    .action(summary);
}
