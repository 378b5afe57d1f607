/**
 * Computes what a model's card says about the images that it learned from, for the input check `known-images`.
 *
 * Pipeline:   images → network up to its classifier → **features → figures** → the model's card
 * Knows:      images on this machine. Not which images a model has seen, nor data folders.
 */

import { FEWEST_IMAGES, type Features, fitKnownImages } from "../../checks/fit-known-images.ts";
import type { KnownImages } from "../../checks/known-images.ts";
import { Front } from "../../engine/front.ts";
import { XrayError } from "../../errors.ts";
import type { SessionOptions } from "../../graph/session.ts";
import type { ReadingOptions } from "../../image/prepare.ts";
import type { LoadedModel } from "../../models/load.ts";
import { ImagePool } from "../../node/image-pool.ts";
import { createSession } from "../../node/session.ts";
import { Random } from "../../random.ts";
import { count, counted } from "../../text.ts";

/** Enough images for stable figures; more take longer and change little. */
const MOST_TRAINING = 2000;
const MOST_HELD_OUT = 1000;

/** Images whose features are computed between two looks at whether to stop. */
const AT_ONCE = 16;

/** An image: its index in the data set, and whose it is. */
export interface PatientImage {
  readonly index: number;
  readonly patient: string;
}

/** The images of a model. */
export interface ImagesOfModel {
  /** The name of the data, for the description: `Data_Entry_2017.csv`. */
  readonly data: string;
  /** The images that it was trained on. */
  readonly training: readonly PatientImage[];
  /** Images that it was not trained on. */
  readonly heldOut: readonly PatientImage[];
  /** Random seed of the sample, if there are more images than are needed. */
  readonly seed: number;
}

/** Callbacks while features are computed. */
export interface MeasureHooks {
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
  readonly isStopping: () => boolean;
}

/**
 * Computes features.
 *
 * @returns  Those of each image, [1024], in order; undefined for an image that cannot be read.
 */
export type FeaturesOf = (indices: readonly number[]) => Promise<readonly (Features | undefined)[]>;

/** The outcome: figures, the reason why there are none, or an interruption. */
export type Measured =
  | { readonly knownImages: KnownImages }
  | { readonly without: string }
  | { readonly isInterrupted: true };

/** A sample in the order of the images. */
function sample(images: readonly PatientImage[], most: number, seed: number): readonly PatientImage[] {
  if (images.length <= most) return images;
  const drawn = Random.of(seed, "known images").permutation(images.length).subarray(0, most).sort();
  return Array.from(drawn, (i) => images[i]!);
}

/** Images and features that belong together. */
interface Read {
  readonly images: readonly PatientImage[];
  readonly features: readonly Features[];
}

/** Figures in words: which images they come from. */
function describe(
  { data }: ImagesOfModel,
  training: number,
  heldOut: number,
  isCrossFitted: boolean,
): string {
  if (!isCrossFitted)
    return `${counted(training, "training image")} of ${data}; the limit from ${counted(heldOut, "image")} that took no part in the training`;
  const which = [
    ...(training === 0 ? [] : [counted(training, "training image")]),
    ...(heldOut === 0 ? [] : [`${counted(heldOut, "image")} that took no part in the training`]),
  ].join(" and ");
  return `${which} of ${data}; the limit from the same images, a fifth of the patients at a time`;
}

/**
 * Compute a model's figures.
 *
 * @param featuresOf  Features of images by their index.
 * @throws            XrayError `runtime/…`, or as `featuresOf`.
 */
export async function measureKnownImages(
  images: ImagesOfModel,
  featuresOf: FeaturesOf,
  hooks: MeasureHooks,
): Promise<Measured> {
  const training = sample(images.training, MOST_TRAINING, images.seed);
  const heldOut = sample(images.heldOut, MOST_HELD_OUT, images.seed);
  const total = training.length + heldOut.length;
  const few = `the model's card gets no figures on known images, which take ${FEWEST_IMAGES} images or more`;
  if (total < FEWEST_IMAGES)
    return { without: `${few}; there ${total === 1 ? "is" : "are"} ${count(total)}` };
  let done = 0;
  const read = async (wanted: readonly PatientImage[]): Promise<Read | undefined> => {
    const [found, features]: [PatientImage[], Features[]] = [[], []];
    for (let from = 0; from < wanted.length; from += AT_ONCE) {
      if (hooks.isStopping()) return undefined;
      const batch = wanted.slice(from, from + AT_ONCE);
      for (const [i, row] of (await featuresOf(batch.map(({ index }) => index))).entries()) {
        if (row === undefined) continue;
        found.push(batch[i]!);
        features.push(row);
      }
      done += batch.length;
      hooks.onProgress({ done, total });
    }
    return { images: found, features };
  };
  const [trained, held] = [await read(training), await read(heldOut)];
  if (trained === undefined || held === undefined || hooks.isStopping()) return { isInterrupted: true };
  const numbers = new Map<string, number>();
  const patients = [...trained.images, ...held.images].map(({ patient }) => {
    if (!numbers.has(patient)) numbers.set(patient, numbers.size);
    return numbers.get(patient)!;
  });
  const fitted = fitKnownImages({ training: trained.features, heldOut: held.features, patients });
  if (fitted === undefined) return { without: `${few} that can be read and whose features differ` };
  const { isCrossFitted, ...figures } = fitted;
  const description = describe(images, trained.images.length, held.images.length, isCrossFitted);
  return { knownImages: { description, ...figures } };
}

/**
 * Compute features with a model's network.
 *
 * @param pathOf   The file of an image by its index.
 * @param reading  How a file is read: as in the predictions that are to be checked.
 * @param use      Gets the function that computes features; the network is released when it is done.
 */
export async function withFeaturesOf<T>(
  { inChannels, tensors, card }: Pick<LoadedModel, "inChannels" | "tensors" | "card">,
  pathOf: (index: number) => string,
  reading: ReadingOptions,
  options: SessionOptions,
  use: (featuresOf: FeaturesOf) => Promise<T>,
): Promise<T> {
  const parts = { unfreeze: "none" as const, inChannels, preparation: card.preparation, tensors };
  const preparer = new ImagePool(Number.POSITIVE_INFINITY);
  const front = await Front.start(parts, { preparer, createSession }, options);
  try {
    return await use(async (indices) => {
      const rows = await front.features(
        indices.map((index) => ({ source: pathOf(index), reading })),
        () => undefined,
      );
      return rows.map((row) => (row instanceof XrayError ? undefined : row.slice()));
    });
  } finally {
    await front.close();
  }
}
