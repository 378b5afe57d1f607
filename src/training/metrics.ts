/**
 * What is written of each epoch, one line of `metrics.ndjson`.
 *
 * JSON has no NaN: a training loss that is not a finite number is written, and read again, as null for NaN.
 *
 * Knows: plain data and text. Not files.
 */

import { quote, XrayError } from "../errors.ts";

/** One epoch. */
export interface EpochMetrics {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean over the epoch's known labels, each taken before its step. */
  readonly train_loss: number;
  /** Null without a validation. */
  readonly val_loss: number | null;
  /** Mean over labels; null without a validation, or where no label has both positives and negatives. */
  readonly val_auroc: number | null;
  /** Of the epoch's last step. */
  readonly lr: number;
  readonly seconds: number;
}

/** The text of `metrics.ndjson`. */
export function metricsText(epochs: readonly EpochMetrics[]): string {
  return epochs.map((metrics) => `${JSON.stringify(metrics)}\n`).join("");
}

const isNumber = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);
const isNumberOrNull = (value: unknown): boolean => value === null || isNumber(value);

const IS_VALID: { readonly [F in keyof EpochMetrics]: (value: unknown) => boolean } = {
  epoch: (value) => Number.isInteger(value) && Number(value) >= 1,
  train_loss: isNumberOrNull,
  val_loss: isNumberOrNull,
  val_auroc: (value) => value === null || (isNumber(value) && Number(value) >= 0 && Number(value) <= 1),
  lr: isNumber,
  seconds: isNumber,
};

/** One line as JSON; undefined where it is none. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * Read `metrics.ndjson`.
 *
 * @param text  A last line without its end may be torn, as a program leaves it that was killed while it wrote: it is
 *              taken where it is whole, else left out. Fields beyond those of `EpochMetrics` are ignored.
 * @returns     The epochs, rising.
 * @throws      XrayError `metrics/invalid` that names the line and what is wrong with it.
 */
export function parseMetrics(text: string): EpochMetrics[] {
  const lines = text.split("\n");
  const epochs: EpochMetrics[] = [];
  for (const [i, line] of lines.entries()) {
    const value = parsed(line);
    if (i === lines.length - 1 && value === undefined) break;
    const invalid = (problem: string) =>
      new XrayError("metrics/invalid", `line ${i + 1} of the metrics: ${problem}`, { line: i + 1 });
    if (typeof value !== "object" || value === null) throw invalid(`${quote(line)} is no epoch`);
    const fields = value as Readonly<Record<string, unknown>>;
    for (const [name, isValid] of Object.entries(IS_VALID)) {
      if (!isValid(fields[name])) throw invalid(`"${name}" is ${quote(fields[name])}`);
    }
    const { epoch, train_loss, val_loss, val_auroc, lr, seconds } = value as EpochMetrics;
    const before = epochs.at(-1)?.epoch ?? 0;
    if (epoch <= before) throw invalid(`epoch ${epoch} comes after epoch ${before}`);
    epochs.push({ epoch, train_loss: train_loss ?? Number.NaN, val_loss, val_auroc, lr, seconds });
  }
  return epochs;
}
