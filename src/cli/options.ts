/**
 * Parsers of option values, and the options that several commands share, each defined once.
 *
 * Knows: how commander rejects a value (exit code 2).
 */

import { type Command, InvalidArgumentError, Option } from "commander";
import { DEFAULT_THRESHOLD } from "../engine/thresholds.ts";
import { HEATMAP_METHODS } from "../heatmaps/methods.ts";
import { MAX_BITS, MIN_BITS } from "../image/preparation.ts";
import { VOI_CHOICES } from "../image/prepare.ts";
import { WEIGHT_KINDS } from "../models/choose-weights.ts";
import { HEATMAP_LAYERS, type HeatmapLayer } from "../models/densenet121.ts";
import { SR_STYLES } from "../report/dicom/result-object.ts";
import type { Threshold } from "../results/prediction.ts";
import { MAX_SEED } from "../schema/schema.ts";

/** Parse a number; NaN for blank text. */
export const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));

/** A parser for numbers between two bounds. */
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

/** A parser for whole numbers from 1 to `most`. */
export const wholeNumber = (most: number) => numberBetween(1, most, "integer");

/** Parse a share to be reached: above 0 and at most 1. */
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

/** `norm5,denseblock3` → layers. */
export function layerList(text: string): HeatmapLayer[] {
  return text.split(",").map((name) => {
    const layer = HEATMAP_LAYERS.find((one) => one === name.trim());
    if (layer === undefined)
      throw new InvalidArgumentError(`Allowed choices are ${HEATMAP_LAYERS.join(", ")}.`);
    return layer;
  });
}

/** Parse a path. An empty one, for example from an unset variable, would mean the working directory and is refused. */
export function pathName(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It must not be empty.");
  return text;
}

/** Collect the paths of an option that may be given several times, with several values each. */
export function collectPaths(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), pathName(text)];
}

/** An option whose value is a file, a folder or a model. */
export const pathOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(pathName);

/** The same, but required. */
export const requiredPath = (flags: string, description: string): Option =>
  pathOption(flags, description).makeOptionMandatory();

/** `--labels-file`: the label file to use instead of the folder's. */
export const labelsFileOption = (description = "label file to use instead of the data folder's"): Option =>
  pathOption("--labels-file <csv>", description);

/** `--labels`: which labels, in which order. */
export const labelsOption = (description: string): Option =>
  new Option("--labels <a,b,…>", description).argParser(nameList);

/** `--include-laterals`. */
export const lateralsOption = (): Option =>
  new Option("--include-laterals", "include lateral views, which are left out by default").default(false);

/** `--seed`. */
export const seedOption = (description = "random seed"): Option =>
  new Option("--seed <n>", description).argParser(numberBetween(0, MAX_SEED, "integer")).default(0);

/** `--device`. */
export const modelOption = (): Option =>
  pathOption(
    "--model <file|name>",
    "checkpoint file, name from `models list`, or `demo` (default: ./densenet121_model.pth)",
  );

export const thresholdOption = (): Option =>
  new Option(
    "--threshold <0..1|card>",
    "probability from which a finding counts as detected; `card` for the model's own",
  )
    .argParser(parseThreshold)
    .default(DEFAULT_THRESHOLD);

export const findingsOption = (): Option =>
  new Option("--findings <name,…|top|detected|all>", "findings to draw on overlays")
    .argParser(nameList)
    .default(["top"]);

export const deviceOption = (): Option =>
  new Option("--device <device>", "ONNX Runtime device: cpu, webgpu, cuda, …").default("cpu");

/** `--threads`. */
export const threadsOption = (): Option =>
  new Option("--threads <n>", "number of CPU threads").argParser(wholeNumber(1024));

/** `--batch-size`. */
export const batchSizeOption = (description = "images per forward pass"): Option =>
  new Option("--batch-size <n>", description).argParser(wholeNumber(1024));

/** `--limit`, of the images that ranges are measured on. */
export const limitOption = (): Option =>
  new Option("--limit <n>", "number of X-rays to measure ranges on")
    .argParser(wholeNumber(100_000))
    .default(200);

/** `--prediction-cache on|off`. */
export const predictionCacheOption = (description: string): Option =>
  new Option("--prediction-cache <when>", description).choices(["on", "off"]).default("on");

/** `--verbose`: print stack traces of errors. Evaluated in `main.ts`. */
export const verboseOption = (): Option => new Option("--verbose", "print stack traces of errors");

/** `--bits`: how many bits of 16-bit images are in use. */
export function bitsOption(): Option {
  return new Option(
    "--bits <n>",
    "bits used in 16-bit PNG or TIFF images, such as 12 (default: the model's own, else 16)",
  ).argParser(numberBetween(MIN_BITS, MAX_BITS, "integer"));
}

/** `--voi`: how the stored values of DICOM files become grey levels. */
export const voiOption = (): Option =>
  new Option("--voi <choice>", "how to convert DICOM values to grey levels")
    .choices(VOI_CHOICES)
    .default("default");

/** `--sr-style`. */
export const srStyleOption = (): Option =>
  new Option(
    "--sr-style <style>",
    "form of structured reports: for viewers, as a TID 1500 tree, or text only",
  )
    .choices(SR_STYLES)
    .default("report");

/** `--frame`. */
export const frameOption = (): Option =>
  new Option("--frame <n>", "DICOM frame to read, counted from 1 (default: the first)").argParser(
    wholeNumber(1_000_000),
  );

/** `--page`. */
export const pageOption = (): Option =>
  new Option(
    "--page <n>",
    "TIFF page to read, counted from 1 (default: the largest copy of the first picture)",
  ).argParser(wholeNumber(1_000_000));

/** `--force`. */
export const forceOption = (description = "predict images that an input check refuses"): Option =>
  new Option("--force", description).default(false);

/** `--format text|json`. */
export const formatOption = (): Option =>
  new Option("--format <format>", "output format").choices(["text", "json"]).default("text");

/** `--method`: the heatmap method. */
export const methodOption = (byDefault: string): Option =>
  new Option(
    "--method <method>",
    `heatmap method, or \`card\` for the model card's choice for each finding (default: ${byDefault})`,
  ).choices([...HEATMAP_METHODS, "card"]);

/** `--gradcam-layer`: the layers to compute heatmaps at. */
export const layerOption = (): Option =>
  new Option(
    "--gradcam-layer <layer,…>",
    `layer of torchvision's \`features\` to compute heatmaps at, or several to fuse: ${HEATMAP_LAYERS.join(", ")} (default: norm5, or norm5,denseblock3,denseblock2 for product and maximum)`,
  ).argParser(layerList);

/** `--weights`: which of a checkpoint's weights to use. */
export const weightsOption = (): Option =>
  new Option(
    "--weights <kind>",
    "weights to load when a checkpoint also holds averaged ones (default: plain, if present)",
  ).choices(WEIGHT_KINDS);

/** The options of a command that were given explicitly, without those at their defaults. */
export const givenOptions = <T extends object>(command: Command): Partial<T> =>
  Object.fromEntries(
    Object.entries(command.opts<T>()).filter(([name]) => command.getOptionValueSource(name) === "cli"),
  ) as Partial<T>;
