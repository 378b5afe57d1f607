/** `medical-x data summary`: what is in a data folder. */

import { basename } from "node:path";
import type { Command } from "commander";
import { summarise } from "../dataset/summary.ts";
import { summaryText } from "../report/data-summary.ts";
import { openDataset, splitDataset } from "../tasks/dataset.ts";
import { printResult, say } from "./console.ts";
import { formatOption, nameList, numberBetween, verboseOption } from "./options.ts";

/** As commander hands them over. */
interface SummaryOptions {
  readonly data: string;
  readonly labelsFile?: string;
  readonly labels?: string[];
  readonly valFraction: number;
  readonly valList?: string;
  readonly trainList?: string;
  readonly seed: number;
  readonly format: "text" | "json";
}

async function summary(options: SummaryOptions): Promise<void> {
  const { data, labelsFile, labels, valList, trainList, valFraction, seed } = options;
  const dataset = await openDataset(data, {
    ...(labelsFile === undefined ? {} : { labelsFile }),
    ...(labels === undefined ? {} : { labels }),
  });
  const split = await splitDataset(dataset, {
    valFraction,
    seed,
    ...(valList === undefined ? {} : { valList }),
    ...(trainList === undefined ? {} : { trainList }),
  });
  for (const note of [...dataset.notes, ...split.notes]) say(`medical-x: ${note}`);
  const facts = {
    folder: data,
    labelFile: { name: basename(dataset.labelFile.path), sha256: dataset.labelFile.sha256 },
    missing: dataset.paths.filter((path) => path === undefined).length,
    all: summarise(dataset.table),
    train: summarise(dataset.table, split.train),
    val: summarise(dataset.table, split.val),
    split: split.description,
  };
  const object = { schema: "medical-x/data-summary@1", ...facts };
  await printResult(options.format === "json" ? `${JSON.stringify(object, null, 2)}\n` : summaryText(facts));
}

/** Add the command to its group. */
export function addDataSummary(data: Command): void {
  data
    .command("summary")
    .description("findings, co-occurrence, views, ages and patients of a data folder, and how it is split")
    .requiredOption("--data <folder>", "a data folder: a label file and images, as ChestX-ray14 has them")
    .option("--labels-file <csv>", "the label file, where the folder has none or several")
    .option("--labels <a,b,…>", "the labels, in order; else the 14 findings", nameList)
    .option("--val-fraction <share>", "share of the patients for validation", numberBetween(0, 0.9), 0.1)
    .option("--val-list <file>", "names of the validation images instead, one a line")
    .option("--train-list <file>", "names of the training images, one a line")
    .option("--seed <n>", "of the split", numberBetween(0, 4294967295, "integer"), 0)
    .addOption(formatOption())
    .addOption(verboseOption())
    .action(summary);
}
