/**
 * Prints results to stdout as they are made, in one of the four formats.
 *
 * Knows: formats and stdout. Not how results come about.
 */

import { NOTICE } from "../models/notice.ts";
import { CHECKS_COLUMN, csvHeader, csvRow, tableNames } from "../report/prediction/csv.ts";
import { jsonObject } from "../report/prediction/json.ts";
import { textBlock } from "../report/prediction/text.ts";
import { type Failure, isFailure, type Result } from "../results/prediction.ts";
import { printResult, say } from "./console.ts";

export const FORMATS = ["text", "json", "ndjson", "csv"] as const;

export type Format = (typeof FORMATS)[number];

/** Prints results one by one; `end` completes the output. */
interface ResultPrinter {
  add(outcome: Result | Failure): Promise<void>;
  end(): Promise<void>;
}

/** What a printer needs to know in advance. */
interface PrinterContext {
  readonly labels: readonly string[];
  /** Labels that also have a calibrated probability. */
  readonly calibrated: readonly string[];
  /** All images to predict. */
  readonly images: readonly string[];
  /** Whether results call the images by their paths. */
  readonly arePaths: boolean;
  readonly notices: readonly string[];
}

/** Prints one object for one image, or an array for several, with never more than one result in memory. */
function jsonPrinter(isSingle: boolean): ResultPrinter {
  let count = 0;
  return {
    async add(outcome) {
      const text = JSON.stringify(jsonObject(outcome), null, 2);
      await printResult(isSingle ? `${text}\n` : `${count === 0 ? "[\n" : ",\n"}${text}`);
      count += 1;
    },
    async end() {
      if (!isSingle) await printResult(count === 0 ? "[]\n" : "\n]\n");
    },
  };
}

function ndjsonPrinter(): ResultPrinter {
  return {
    add: (outcome) => printResult(`${JSON.stringify(jsonObject(outcome))}\n`),
    end: async () => undefined,
  };
}

/** Notices have no place in a table, so any but the usual one go to stderr. */
function csvPrinter({ labels, calibrated, images, arePaths, notices }: PrinterContext): ResultPrinter {
  const nameOf = arePaths ? tableNames(images) : (image: string) => image;
  let isEmpty = true;
  const header = async () => {
    if (isEmpty) await printResult(csvHeader(labels, calibrated, [CHECKS_COLUMN]));
    isEmpty = false;
  };
  return {
    async add(outcome) {
      await header();
      if (!isFailure(outcome)) await printResult(csvRow(outcome, nameOf(outcome.image)));
    },
    async end() {
      await header();
      for (const notice of notices) if (notice !== NOTICE) say(`medical-x: ${notice}`);
    },
  };
}

/** Failures are reported on stderr only. */
function textPrinter(notices: readonly string[]): ResultPrinter {
  return {
    async add(outcome) {
      if (!isFailure(outcome)) await printResult(textBlock(outcome));
    },
    end: () => printResult(`${notices.join("\n")}\n`),
  };
}

/** The printer for a format. */
export function resultPrinter(format: Format, context: PrinterContext): ResultPrinter {
  switch (format) {
    case "text":
      return textPrinter(context.notices);
    case "json":
      return jsonPrinter(context.images.length === 1);
    case "ndjson":
      return ndjsonPrinter();
    case "csv":
      return csvPrinter(context);
  }
}
