/**
 * Image preparation: decoded pixels in, the network's input and a receipt of every step out.
 *
 * Pipeline:   decode → **8 bits → colour → resize → crop → normalise** → graph
 * Knows:      the order of the steps. Each step's arithmetic is in a file of its own.
 */

import { XrayError } from "../errors.ts";
import type { DicomFacts } from "../formats/dicom/facts.ts";
import { type AugmentedView, applyView, describeView } from "./augment.ts";
import { readBits, type SampleBits } from "./bits.ts";
import { commonChannel } from "./colour.ts";
import { crop, type Region, type View } from "./crop.ts";
import { levelsOfXrv, normaliseImagenet } from "./normalise.ts";
import { bitsOf, channelsOf, inputSizeOf, type Preparation, viewsOf } from "./preparation.ts";
import type { Raster8 } from "./resample.ts";
import { applyStep, describe } from "./steps.ts";

/** A decoded image: grey or RGB, interleaved, 8 or 16 bits per sample, rows from the top, upright, without alpha. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array | Uint16Array;
  /** How many bits of a 16-bit sample are used, if the file says so: 12 for a 12-bit TIFF. */
  readonly bits?: number;
  /** The decoder's steps for the receipt: `decode png 1024x1024 grey8`. */
  readonly steps: readonly string[];
  /** Notes on how the file was read, such as faults in its layout, or other pictures in it. */
  readonly notes: readonly string[];
  /** What the header of a DICOM file says about the picture. */
  readonly header?: DicomFacts;
}

/**
 * How the stored values of a DICOM file become grey levels: `default` as its header says, `minmax` by their own range,
 * `full-range` by the range of their bits, `equalize` with a flat histogram. docs/dicom.md explains them.
 */
export const VOI_CHOICES = ["default", "minmax", "full-range", "equalize"] as const;

/** How the stored values of a DICOM file become grey levels. */
export type VoiChoice = (typeof VOI_CHOICES)[number];

/** Choices that a file leaves open. */
export interface ReadingOptions {
  /** The page of a TIFF to read, counted from 1. */
  readonly page?: number;
  /** The frame of a DICOM file to read, counted from 1; the first by default. */
  readonly frame?: number;
  /** How the stored values of a DICOM file become grey levels; as its header says by default. */
  readonly voi?: VoiChoice;
}

/** An X-ray that is ready for the network. */
export interface PreparedImage {
  /** views × C × H × W, C order. */
  readonly input: Float32Array;
  /** 1, or 10 with ten-crop. */
  readonly views: number;
  /** The part of the original image that the network sees; with ten-crop, the part that the centre crop shows. */
  readonly region: Region;
  /** Size of the original image in pixels, upright. */
  readonly original: { readonly width: number; readonly height: number };
  /** Every step that was taken, in words. */
  readonly receipt: readonly string[];
  /** Notes on how the image was read. */
  readonly notes: readonly string[];
  /** The number of bits of a 16-bit sample that were taken to be used. Also 16 for an image of 8 bits. */
  readonly bits: number;
  /** What the header of a DICOM file says about the picture. */
  readonly header?: DicomFacts;
}

/** What the network sees: the prepared picture before it is normalised. With ten-crop, the centre crop. */
export interface SeenPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** H·W·channels samples of 8 bits, interleaved. */
  readonly data: Uint8Array;
}

/** Index of the crop that heatmaps are shown for with ten-crop. */
export const CENTER_VIEW = 4;

/** The view that represents a prepared image wherever one must: with ten-crop, the centre crop. Not a copy. */
export function shownView({ input, views }: Pick<PreparedImage, "input" | "views">): Float32Array {
  const length = input.length / views;
  const at = views > 1 ? CENTER_VIEW : 0;
  return input.subarray(at * length, (at + 1) * length);
}

/** The planes of all views, one view after another. */
function planes(views: readonly View[], preparation: Preparation): Float32Array {
  const { width, height } = inputSizeOf(preparation);
  const size = channelsOf(preparation) * width * height;
  const input = new Float32Array(views.length * size);
  for (const [i, { data, channels }] of views.entries()) {
    if (data instanceof Float32Array) input.set(data, i * size);
    else normaliseImagenet(data, channels, input, i * size);
  }
  return input;
}

/** A decoded image with 8-bit samples, from which preparation and checks start. */
export interface EightBitImage {
  readonly image: DecodedImage;
  readonly eight: SampleBits;
  /** One channel where all three are equal, because they are resized alike. */
  readonly raster: Raster8;
}

/** Convert an image to 8 bits, as a preparation starts from it. */
export function eightBits(image: DecodedImage, preparation: Preparation): EightBitImage {
  const eight = readBits(image, bitsOf(preparation));
  const { width, height, channels } = image;
  const common = channels === 3 ? commonChannel(eight.samples) : undefined;
  const raster = {
    width,
    height,
    channels: common === undefined ? channels : 1,
    data: common ?? eight.samples,
  };
  return { image, eight, raster };
}

/**
 * Vary a view just before it is normalised. With a plain preparation it already has the network's size by then; with
 * torchxrayvision's, which resizes after normalising, it still has the size of the crop.
 */
function vary(view: View, augmented: AugmentedView): View {
  const { data } = view;
  // Samples are always 8-bit until they are normalised.
  return data instanceof Uint8Array ? { ...view, ...applyView({ ...view, data }, augmented) } : view;
}

/** Throw `augment/ten-crop`: a prediction averages ten crops, but training varies a single view of each image. */
function refuseTenCrop(preparation: Preparation): void {
  if (viewsOf(preparation) === 1) return;
  throw new XrayError(
    "augment/ten-crop",
    "a preparation with ten-crop cannot be varied for training: it makes ten inputs of one image; train with a centre crop",
    { preparation },
  );
}

/** The receipt's lines for all steps on 8-bit samples. */
function receiptOf(all: Preparation, augmented: AugmentedView | undefined): string[] {
  const preparation = all.filter(({ step }) => step !== "bits");
  if (augmented === undefined) return preparation.map(describe);
  const { x, y, width, height } = augmented.crop;
  const steps = preparation.flatMap((step) =>
    step.step === "normalise" ? [...describeView(augmented), describe(step)] : [describe(step)],
  );
  return [`crop ${width}x${height} at ${x},${y}`, ...steps];
}

/**
 * Prepare a decoded image for a model.
 *
 * @param image        Not modified.
 * @param preparation  Checked steps, from `plainPreparation()` or `parsePreparation`.
 * @param augmented    A view to train on. The image is cropped to it before the first step, and flipped, rotated and
 *                     changed in contrast just before it is normalised.
 * @returns            The network's input, and the receipt of what was done.
 * @throws             XrayError `image/too-small`, `augment/ten-crop`.
 */
export function prepareImage(
  image: DecodedImage,
  preparation: Preparation,
  augmented?: AugmentedView,
): PreparedImage {
  return prepareEightBits(eightBits(image, preparation), preparation, augmented);
}

/** The whole image as one view. */
const wholeView = ({ image: { width, height }, raster }: EightBitImage): View => ({
  ...raster,
  region: { x: 0, y: 0, width, height },
});

/** Apply steps in order. */
const applyAll = (steps: Preparation, views: readonly View[]): readonly View[] =>
  steps.reduce<readonly View[]>((some, step) => some.flatMap((view) => applyStep(step, view)), views);

/** The steps up to the one that normalises, excluded, and those from there on. */
function aroundNormalise(preparation: Preparation): readonly [Preparation, Preparation] {
  const at = preparation.findIndex(({ step }) => step === "normalise");
  return [preparation.slice(0, at), preparation.slice(at)];
}

/** The same for an image that `eightBits` has converted for this preparation. */
export function prepareEightBits(
  from: EightBitImage,
  preparation: Preparation,
  augmented?: AugmentedView,
): PreparedImage {
  const [before, after] = aroundNormalise(preparation);
  let views: readonly View[] = [wholeView(from)];
  if (augmented !== undefined) {
    refuseTenCrop(preparation);
    const { x, y, ...size } = augmented.crop;
    views = views.map((view) => crop(view, x, y, size.width, size.height));
  }
  views = applyAll(before, views);
  if (augmented !== undefined) views = views.map((view) => vary(view, augmented));
  return preparedFrom(from, preparation, applyAll(after, views), augmented);
}

/**
 * Prepare an image, and show what the network sees: the view that represents it, before it is normalised.
 *
 * @returns  `seen` has samples of 8 bits in the network's size. torchxrayvision's preparation resizes after normalising, so
 *           there they are the network's input scaled back to 0 … 255 and rounded.
 */
export function prepareSeen(
  from: EightBitImage,
  preparation: Preparation,
): { readonly prepared: PreparedImage; readonly seen: SeenPicture } {
  const [before, after] = aroundNormalise(preparation);
  const plain = applyAll(before, [wholeView(from)]);
  const views = applyAll(after, plain);
  const shown = (after.length === 1 ? plain : views)[views.length > 1 ? CENTER_VIEW : 0]!;
  const { width, height, channels, data } = shown;
  const seen = { width, height, channels, data: data instanceof Uint8Array ? data : levelsOfXrv(data) };
  return { prepared: preparedFrom(from, preparation, views, undefined), seen };
}

/** The prepared image that consists of finished views. */
function preparedFrom(
  { image, eight }: EightBitImage,
  preparation: Preparation,
  views: readonly View[],
  augmented: AugmentedView | undefined,
): PreparedImage {
  const { width, height } = image;
  return {
    input: planes(views, preparation),
    views: viewsOf(preparation),
    region: views[views.length > 1 ? CENTER_VIEW : 0]!.region,
    original: { width, height },
    receipt: [...image.steps, ...eight.steps, ...receiptOf(preparation, augmented)],
    notes: [...image.notes, ...eight.notes],
    bits: eight.bits,
    ...(image.header === undefined ? {} : { header: image.header }),
  };
}
