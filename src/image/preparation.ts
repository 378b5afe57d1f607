/**
 * How a model wants its image: a list of named steps, kept with the model as plain JSON.
 *
 * Knows: the steps' names and settings. Not how they are done (`prepare.ts`).
 */

import { quote, XrayError } from "../errors.ts";

/**
 * How many bits of a 16-bit sample are used, 8 to 16: of a detector's 12 bits in a 16-bit file, say. An optional first step;
 * it says nothing about files of 8 bits.
 */
export interface BitsStep {
  readonly step: "bits";
  readonly bits: number;
}

/** Reduce colour to one channel, or repeat grey to three. Alpha is dropped, as PIL's `convert` does. */
export interface ColourStep {
  readonly step: "rgb" | "grey";
}

/** Stretch to width × height. `resample` says whose arithmetic: PIL's on 8 bits, scikit-image's on floats. */
export interface ResizeStep {
  readonly step: "resize";
  readonly width: number;
  readonly height: number;
  readonly resample: "pil" | "skimage";
}

/** Resize the shorter side to `size` and keep the proportions (torchvision `Resize(size)`). */
export interface ResizeShorterStep {
  readonly step: "resize-shorter";
  readonly size: number;
}

/** Keep the centre (torchvision `CenterCrop(size)`). */
export interface CenterCropStep {
  readonly step: "center-crop";
  readonly size: number;
}

/** Keep the largest centred square (torchxrayvision `XRayCenterCrop`). */
export interface CenterSquareStep {
  readonly step: "center-square";
}

/** Four corners, the centre, and all five mirrored (torchvision `TenCrop(size)`); probabilities are averaged. */
export interface TenCropStep {
  readonly step: "ten-crop";
  readonly size: number;
}

/** `imagenet`: (x/255 − mean) / std per channel. `xrv`: (2x/255 − 1) · 1024. */
export interface NormaliseStep {
  readonly step: "normalise";
  readonly scheme: "imagenet" | "xrv";
}

export type PreparationStep =
  | BitsStep
  | ColourStep
  | ResizeStep
  | ResizeShorterStep
  | CenterCropStep
  | CenterSquareStep
  | TenCropStep
  | NormaliseStep;

/** Steps in the order in which they are done. */
export type Preparation = readonly PreparationStep[];

/** The preparation of a plain `.pth`: RGB, a straight resize, ImageNet's mean and standard deviation. */
export function plainPreparation(size = 224): Preparation {
  return [
    { step: "rgb" },
    { step: "resize", width: size, height: size, resample: "pil" },
    { step: "normalise", scheme: "imagenet" },
  ];
}

/** The bits of a 16-bit sample that a preparation says are used; undefined where it does not say. */
export function bitsOf(preparation: Preparation): number | undefined {
  const [first] = preparation;
  return first?.step === "bits" ? first.bits : undefined;
}

/** A preparation with another word on the bits that are used; the same one where there is none. */
export function withBits(preparation: Preparation, bits: number | undefined): Preparation {
  if (bits === undefined) return preparation;
  return [{ step: "bits", bits }, ...preparation.filter(({ step }) => step !== "bits")];
}

/** The channels that a preparation yields. */
export function channelsOf(preparation: Preparation): 1 | 3 {
  return preparation.some(({ step }) => step === "grey") ? 1 : 3;
}

/** Width and height of the network's input, from the last step that sets them. */
export function inputSizeOf(preparation: Preparation): { width: number; height: number } {
  for (const step of preparation.toReversed()) {
    if (step.step === "resize") return { width: step.width, height: step.height };
    if (step.step === "center-crop" || step.step === "ten-crop")
      return { width: step.size, height: step.size };
  }
  throw new XrayError("preparation/no-size", "the preparation never sets the size of the image", {
    preparation,
  });
}

/** Images that one X-ray becomes: 10 under ten-crop, else 1. */
export function viewsOf(preparation: Preparation): number {
  return preparation.some(({ step }) => step === "ten-crop") ? 10 : 1;
}

const isSize = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 64 && Number(value) <= 4096;

/** Bits of a 16-bit sample that may be used. */
export const MIN_BITS = 8;
export const MAX_BITS = 16;

type Fields = Readonly<Record<string, unknown>>;

const IS_VALID: { readonly [S in PreparationStep["step"]]: (step: Fields) => boolean } = {
  bits: ({ bits }) => Number.isInteger(bits) && Number(bits) >= MIN_BITS && Number(bits) <= MAX_BITS,
  rgb: () => true,
  grey: () => true,
  resize: ({ width, height, resample }) =>
    isSize(width) && isSize(height) && (resample === "pil" || resample === "skimage"),
  "resize-shorter": ({ size }) => isSize(size),
  "center-crop": ({ size }) => isSize(size),
  "center-square": () => true,
  "ten-crop": ({ size }) => isSize(size),
  normalise: ({ scheme }) => scheme === "imagenet" || scheme === "xrv",
};

function isStep(value: unknown): value is PreparationStep {
  if (typeof value !== "object" || value === null || !("step" in value)) return false;
  const { step } = value;
  if (typeof step !== "string" || !Object.hasOwn(IS_VALID, step)) return false;
  return IS_VALID[step as PreparationStep["step"]](value as unknown as Fields);
}

/** A step from a file, which may be anything, in a few words. */
function showStep(step: unknown): string {
  if (typeof step !== "object" || step === null) return quote(step);
  const fields = Object.entries(step).slice(0, 5);
  return `{ ${fields.map(([name, value]) => `${name.slice(0, 20)}: ${quote(value)}`).join(", ")} }`;
}

/** What is wrong with the order of valid steps, or undefined. */
function orderProblem(all: Preparation): string | undefined {
  const steps = bitsOf(all) === undefined ? all : all.slice(1);
  if (steps.some(({ step }) => step === "bits")) return "bits must be its first step, and stand there once";
  const at = steps.findIndex(({ step }) => step === "normalise");
  const normalise = steps[at];
  if (normalise?.step !== "normalise" || steps.filter(({ step }) => step === "normalise").length !== 1) {
    return "it must normalise once";
  }
  const colours = steps.filter(({ step }) => step === "rgb" || step === "grey");
  const wanted = normalise.scheme === "imagenet" ? "rgb" : "grey";
  if (colours.length !== 1 || steps[0] !== colours[0] || colours[0]?.step !== wanted) {
    return `normalise ${normalise.scheme} needs "${wanted}" as the first and only colour step`;
  }
  if (normalise.scheme === "imagenet" && at !== steps.length - 1)
    return "normalise imagenet must be its last step";
  const misplaced = steps.some(
    (step, i) => step.step === "resize" && step.resample !== (i < at ? "pil" : "skimage"),
  );
  if (misplaced) return "PIL resizes before normalising, scikit-image after it";
  if (steps.slice(at).some(({ step }) => step === "resize-shorter")) return "PIL resizes before normalising";
  const last = steps.findLast(({ step }) => !["rgb", "grey", "normalise"].includes(step));
  if (last?.step === "resize-shorter" || last?.step === "center-square") {
    return `after ${last.step} the size depends on the image; a resize or crop must follow`;
  }
  if (viewsOf(steps) > 1 && steps.filter(({ step }) => step === "ten-crop").length !== 1)
    return "it crops twice";
  return undefined;
}

/**
 * Check a preparation that came from a file.
 *
 * @throws  XrayError `preparation/invalid` that names the step or the order that is wrong.
 */
export function parsePreparation(value: unknown): Preparation {
  const invalid = (problem: string) =>
    new XrayError("preparation/invalid", `its preparation is not valid: ${problem}`, { preparation: value });
  if (!Array.isArray(value)) throw invalid("it is no list of steps");
  const at = value.findIndex((step) => !isStep(step));
  if (at >= 0) throw invalid(`step ${at + 1}, ${showStep(value[at])}, is not known or has wrong settings`);
  const problem = orderProblem(value);
  if (problem !== undefined) throw invalid(problem);
  inputSizeOf(value);
  return value;
}
