/**
 * How a model needs its images prepared: a list of named steps, kept with the model as plain JSON.
 *
 * Knows: the steps' names and settings. Not how they are carried out (`prepare.ts`).
 */

import { XrayError } from "../errors.ts";
import { about, check, just, list, type Of, object, oneKind, oneOf, whole } from "../schema/schema.ts";

/** The range of the number of bits that a 16-bit sample may use. */
export const MIN_BITS = 8;
export const MAX_BITS = 16;

const pixels = () => whole(64, 4096);

const STEPS = [
  about(
    "How many bits of a 16-bit sample are used, such as 12 for a detector's 12 bits in a 16-bit file. An optional first step; it does not affect 8-bit files.",
    object({ step: just("bits"), bits: whole(MIN_BITS, MAX_BITS) }),
  ),
  about(
    "Reduce colour to one channel, or repeat grey to three. Alpha is dropped, as PIL's `convert` does.",
    object({ step: oneOf(["rgb", "grey"]) }),
  ),
  about(
    "Stretch to width × height. `resample` says whose arithmetic is used: PIL's on 8-bit samples, or scikit-image's on floats.",
    object({ step: just("resize"), width: pixels(), height: pixels(), resample: oneOf(["pil", "skimage"]) }),
  ),
  about(
    "Resize the shorter side to `size` and keep the proportions (torchvision `Resize(size)`).",
    object({ step: just("resize-shorter"), size: pixels() }),
  ),
  about(
    "Keep the centre (torchvision `CenterCrop(size)`).",
    object({ step: just("center-crop"), size: pixels() }),
  ),
  about(
    "Keep the largest centred square (torchxrayvision `XRayCenterCrop`).",
    object({ step: just("center-square") }),
  ),
  about(
    "Crop the four corners and the centre, and the same of the mirrored image (torchvision `TenCrop(size)`). Probabilities are averaged.",
    object({ step: just("ten-crop"), size: pixels() }),
  ),
  about(
    "imagenet: (x/255 − mean) / std per channel. xrv: (2x/255 − 1) · 1024.",
    object({ step: just("normalise"), scheme: oneOf(["imagenet", "xrv"]) }),
  ),
] as const;

const STEP_NAMES = [
  ...["bits", "rgb", "grey", "resize", "resize-shorter", "center-crop", "center-square", "ten-crop"],
  "normalise",
];

/** The steps, each with its settings. This schema does not check their order; `parsePreparation` does. */
export const PREPARATION = list(oneKind("step", STEPS, STEP_NAMES), "must be a list of steps");

/** Steps in the order in which they are applied. */
export type Preparation = Of<typeof PREPARATION>;

/** One step of a preparation. */
export type PreparationStep = Preparation[number];

/** The preparation for a plain `.pth`: RGB, a straight resize, and ImageNet's mean and standard deviation. */
export function plainPreparation(size = 224): Preparation {
  return [
    { step: "rgb" },
    { step: "resize", width: size, height: size, resample: "pil" },
    { step: "normalise", scheme: "imagenet" },
  ];
}

/** How many bits of a 16-bit sample a preparation says are used; undefined if it does not say. */
export function bitsOf(preparation: Preparation): number | undefined {
  const [first] = preparation;
  return first?.step === "bits" ? first.bits : undefined;
}

/** A preparation that says how many bits are used; the same one if `bits` is undefined. */
export function withBits(preparation: Preparation, bits: number | undefined): Preparation {
  if (bits === undefined) return preparation;
  return [{ step: "bits", bits }, ...preparation.filter(({ step }) => step !== "bits")];
}

/** How many channels a preparation yields. */
export function channelsOf(preparation: Preparation): 1 | 3 {
  return preparation.some(({ step }) => step === "grey") ? 1 : 3;
}

/** Width and height of the network's input, from the last step that sets them. Throws `preparation/no-size`. */
export function inputSizeOf(preparation: Preparation): { width: number; height: number } {
  for (const step of preparation.toReversed()) {
    if (step.step === "resize") return { width: step.width, height: step.height };
    if (step.step === "center-crop" || step.step === "ten-crop")
      return { width: step.size, height: step.size };
  }
  throw new XrayError(
    "preparation/no-size",
    "the preparation never sets the size of the image; add a step that resizes or crops",
    {
      preparation,
    },
  );
}

/** How many inputs one X-ray becomes: 10 with ten-crop, otherwise 1. */
export function viewsOf(preparation: Preparation): number {
  return preparation.some(({ step }) => step === "ten-crop") ? 10 : 1;
}

/** What is wrong with the order of steps that are each valid, or undefined. */
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
 * Check the order of a preparation's steps.
 *
 * @throws  XrayError `preparation/invalid`, or `preparation/no-size` if no step sets the size of the image.
 */
export function checkOrder(preparation: Preparation): void {
  const problem = orderProblem(preparation);
  if (problem !== undefined) {
    throw new XrayError("preparation/invalid", `its preparation is not valid: ${problem}`, { preparation });
  }
  inputSizeOf(preparation);
}

/**
 * Check a preparation that came from a file.
 *
 * @throws  XrayError `preparation/invalid`, which names the step or the order that is wrong, or `preparation/no-size`.
 */
export function parsePreparation(value: unknown): Preparation {
  const preparation = check(PREPARATION, value, {
    code: "preparation/invalid",
    what: "its preparation is not valid",
    field: "preparation",
  });
  checkOrder(preparation);
  return preparation;
}
