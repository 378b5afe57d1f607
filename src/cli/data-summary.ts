/**
 * `medical-x data summary`: what is in a data folder.
 *
 * Knows: the command line. The work is done in `tasks/data-summary`.
 */

import { type Command, Option } from "commander";
import { dataSummaryText } from "../report/data-summary.ts";
import { dataSummaryObject } from "../report/data-summary-json.ts";
import { summariseData } from "../tasks/data-summary.ts";
import { printResult, say } from "./console.ts";
import { nameList, numberBetween } from "./options.ts";

/** The options as commander gives them. */
interface SummaryFlags {
  readonly data: string;
  readonly labelsFile?: string;
  readonly labels?: readonly string[];
  readonly valFraction: number;
  readonly seed: number;
  readonly trainList?: string;
  readonly valList?: string;
  readonly format: "text" | "json";
}

async function summary({ data, format, ...options }: SummaryFlags): Promise<void> {
  const found = await summariseData(data, options);
  if (format === "text") {
    await printResult(dataSummaryText(found));
    return;
  }
  for (const note of found.notes) say(`medical-x: ${note}`);
  await printResult(`${JSON.stringify(dataSummaryObject(found), null, 2)}\n`);
}

/** Add the command to its group. */
export function addDataSummary(data: Command): void {
  data
    .command("summary")
    .description("images, patients and findings of a data folder, and how they are split")
    .requiredOption("--data <folder>", "data folder: a label file and images")
    .option("--labels-file <csv>", "label file (default: Data_Entry_2017*.csv, or the only one there)")
    .option("--labels <a,b,…>", "labels that count, in this order (default: NIH's findings)", nameList)
    .option("--val-fraction <share>", "share of patients for validation", numberBetween(0, 0.99), 0.1)
    .option("--seed <n>", "of the split", numberBetween(0, 2 ** 32 - 1, "integer"), 0)
    .option("--train-list <file>", "images for training, one name a line")
    .option("--val-list <file>", "images for validation, instead of --val-fraction")
    .addOption(
      new Option("--format <format>", "of what is printed").choices(["text", "json"]).default("text"),
    )
    .addOption(new Option("--verbose", "show where errors came from"))
    .action(summary);
}
