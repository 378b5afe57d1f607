/**
 * Reading option values: a number in a range, a list of names; and options that several commands have, each defined once.
 *
 * Knows: commander's way to refuse a value (exit code 2).
 */

import { type Command, InvalidArgumentError, Option } from "commander";
import { LATERALS_OPTION } from "../app/data/laterals.ts";
import { HEATMAP_METHODS } from "../heatmaps/methods.ts";
import { MAX_BITS, MIN_BITS } from "../image/preparation.ts";
import { WEIGHT_KINDS } from "../models/choose-weights.ts";
import { HEATMAP_LAYERS } from "../models/densenet121.ts";
import type { Threshold } from "../results/prediction.ts";

/** Seeds are numbers of 32 bits. */
const MAX_SEED = 2 ** 32 - 1;

/** Text as a number; NaN of blank text. */
export const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));

/** A parser of numbers between two bounds. */
export function numberBetween(low: number, high: number, kind: "integer" | "real" = "real") {
  return (text: string): number => {
    const value = numberOf(text);
    if (!(value >= low && value <= high) || (kind === "integer" && !Number.isInteger(value))) {
      throw new InvalidArgumentError(
        `It must be ${kind === "integer" ? "a whole number" : "a number"} from ${low} to ${high}.`,
      );
    }
    return value;
  };
}

/** A parser of whole numbers from 1 on. */
export const wholeNumber = (most: number) => numberBetween(1, most, "integer");

/** A share that something must reach: above 0, at most 1. */
export function share(text: string): number {
  const value = numberOf(text);
  if (!(value > 0 && value <= 1))
    throw new InvalidArgumentError("It must be a number above 0 and at most 1.");
  return value;
}

/** `--threshold`: a number from 0 to 1, or `card`. */
export function parseThreshold(text: string): Threshold {
  if (text === "card") return text;
  const value = numberOf(text);
  if (!(value >= 0 && value <= 1))
    throw new InvalidArgumentError("It must be a number from 0 to 1, or `card`.");
  return value;
}

/** `a, b,c` → `["a", "b", "c"]`. */
export function nameList(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.some((name) => name === ""))
    throw new InvalidArgumentError("It must be names with commas between them.");
  return names;
}

/** A path; an empty one, as of a variable that is not set, would mean the working directory. */
export function pathName(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It must not be empty.");
  return text;
}

/** Paths of an option that may be given several times, with several values each. */
export function collectPaths(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), pathName(text)];
}

/** An option whose value is a file, a folder or a model. */
export const pathOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(pathName);

/** The same, which must be given. */
export const requiredPath = (flags: string, description: string): Option =>
  pathOption(flags, description).makeOptionMandatory();

/** `--labels-file`: the label file in place of the folder's. */
export const labelsFileOption = (description = "label file in place of the folder's"): Option =>
  pathOption("--labels-file <csv>", description);

/** `--labels`: which labels, in which order. */
export const labelsOption = (description: string): Option =>
  new Option("--labels <a,b,…>", description).argParser(nameList);

/** `--include-laterals`. */
export const lateralsOption = (): Option =>
  new Option(LATERALS_OPTION, "keep images with a lateral view, which are left out otherwise").default(false);

/** `--seed`. */
export const seedOption = (description = "random seed"): Option =>
  new Option("--seed <n>", description).argParser(numberBetween(0, MAX_SEED, "integer")).default(0);

/** `--device`. */
export const deviceOption = (): Option =>
  new Option("--device <device>", "cpu, webgpu, cuda, … as ONNX Runtime has them").default("cpu");

/** `--threads`. */
export const threadsOption = (): Option =>
  new Option("--threads <n>", "threads of the CPU").argParser(wholeNumber(1024));

/** `--batch-size`. */
export const batchSizeOption = (description = "images per run of the network"): Option =>
  new Option("--batch-size <n>", description).argParser(wholeNumber(1024));

/** `--prediction-cache on|off`. */
export const predictionCacheOption = (description: string): Option =>
  new Option("--prediction-cache <when>", description).choices(["on", "off"]).default("on");

/** `--verbose`: errors show where they came from. Read in `main.ts`. */
export const verboseOption = (): Option => new Option("--verbose", "show where errors came from");

/** `--bits`: of 16-bit images. */
export function bitsOption(): Option {
  return new Option(
    "--bits <n>",
    "bits that a 16-bit PNG or TIFF uses, such as 12 (default: the model's own, else 16)",
  ).argParser(numberBetween(MIN_BITS, MAX_BITS, "integer"));
}

/** `--format text|json`. */
export const formatOption = (): Option =>
  new Option("--format <format>", "output format").choices(["text", "json"]).default("text");

/** `--method`: how heatmaps are made. */
export const methodOption = (): Option =>
  new Option("--method <method>", "heatmap method").choices(HEATMAP_METHODS).default("gradcam");

/** `--gradcam-layer`: what they are made of. */
export const layerOption = (): Option =>
  new Option("--gradcam-layer <layer>", "layer of torchvision's `features` that heatmaps look at")
    .choices(HEATMAP_LAYERS)
    .default("norm5");

/** `--weights`: which of a checkpoint's weights. */
export const weightsOption = (): Option =>
  new Option(
    "--weights <kind>",
    "weights to use of a checkpoint that holds averages too (default: plain ones, if there are any)",
  ).choices(WEIGHT_KINDS);

/** The options of a command that were given, without those that have their defaults. */
export const givenOptions = <T extends object>(command: Command): Partial<T> =>
  Object.fromEntries(
    Object.entries(command.opts<T>()).filter(([name]) => command.getOptionValueSource(name) === "cli"),
  ) as Partial<T>;
