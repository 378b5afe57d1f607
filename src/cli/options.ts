/**
 * Reading option values: a number in a range, a list of names; and options that several commands have.
 *
 * Knows: commander's way to refuse a value (exit code 2).
 */

import { InvalidArgumentError, Option } from "commander";
import { HEATMAP_METHODS } from "../heatmaps/methods.ts";
import { MAX_BITS, MIN_BITS } from "../image/preparation.ts";
import { HEATMAP_LAYERS } from "../models/densenet121.ts";
import type { Threshold } from "../report/result.ts";

/** A parser of numbers between two bounds. */
export function numberBetween(low: number, high: number, kind: "integer" | "real" = "real") {
  return (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!(value >= low && value <= high) || (kind === "integer" && !Number.isInteger(value))) {
      throw new InvalidArgumentError(
        `It must be ${kind === "integer" ? "a whole number" : "a number"} from ${low} to ${high}.`,
      );
    }
    return value;
  };
}

/** `--threshold`: a number from 0 to 1, or `card`. */
export function parseThreshold(text: string): Threshold {
  if (text === "card") return text;
  const value = text.trim() === "" ? Number.NaN : Number(text);
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

/** `--verbose`: errors show where they came from. Read in `main.ts`. */
export function verboseOption(): Option {
  return new Option("--verbose", "show where errors came from");
}

/** `--bits`: of 16-bit images. */
export function bitsOption(): Option {
  return new Option(
    "--bits <n>",
    "bits that a 16-bit PNG or TIFF uses, such as 12 (default: the model's own, else 16)",
  ).argParser(numberBetween(MIN_BITS, MAX_BITS, "integer"));
}

/** `--format text|json`. */
export function formatOption(): Option {
  return new Option("--format <format>").choices(["text", "json"]).default("text");
}

/** `--method`: how heatmaps are made. */
export function methodOption(): Option {
  return new Option("--method <method>", "heatmap method").choices(HEATMAP_METHODS).default("gradcam");
}

/** `--gradcam-layer`: what they are made of. */
export function layerOption(): Option {
  return new Option("--gradcam-layer <layer>", "layer of torchvision's `features` that heatmaps look at")
    .choices(HEATMAP_LAYERS)
    .default("norm5");
}
