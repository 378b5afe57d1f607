/**
 * Splitting into training and validation by patient.
 *
 * Each patient's part depends only on a random number that follows from the seed and the patient's name, and neither on
 * the order of the file nor on the other patients in it: a patient who is held out today is still held out when data
 * are added or removed. The price is that the share for validation is only close to the fraction f. With n patients,
 * its standard deviation is √(f·(1−f)/n); for f = 0.1, that is 0.2 % with NIH's 30,805 patients and 3 % with a hundred.
 *
 * Knows: images and patients. Not files.
 */

import { XrayError } from "../errors.ts";
import { Random } from "../random.ts";
import { agreeing, counted } from "../text.ts";
import { inBothLists, type Listed } from "./image-list.ts";
import type { LabelledImage } from "./label-table.ts";
import { isValFraction } from "./val-fraction.ts";

/** Two sets of images, as ascending indices. */
export interface SplitIndices {
  readonly train: Uint32Array;
  readonly val: Uint32Array;
}

/** How to split by patient. */
export interface PatientSplitOptions {
  /** The fraction of patients for validation, 0 ≤ f < 1. */
  readonly valFraction: number;
  readonly seed: number;
}

/** Divide the images' indices by `isVal`. */
function partition(images: readonly LabelledImage[], isVal: (image: LabelledImage) => boolean): SplitIndices {
  const train: number[] = [];
  const val: number[] = [];
  for (const [i, image] of images.entries()) (isVal(image) ? val : train).push(i);
  return { train: new Uint32Array(train), val: new Uint32Array(val) };
}

/** The patient with the lowest number (sign 1) or the highest (sign −1); among equals, the first by name. */
function extreme(draws: ReadonlyMap<string, number>, sign: 1 | -1): string {
  let best = "";
  let bestDrawn = Number.POSITIVE_INFINITY;
  for (const [patient, drawn] of draws) {
    const signed = sign * drawn;
    if (signed > bestDrawn || (signed === bestDrawn && patient > best)) continue;
    best = patient;
    bestDrawn = signed;
  }
  return best;
}

/**
 * Split by patient.
 *
 * A patient is for validation if the patient's random number is below `valFraction`. With two or more patients, neither
 * part is empty: whatever the fraction, the patient with the lowest number is for validation and the one with the
 * highest for training. A single patient is for training, and so is everyone if the fraction is 0.
 *
 * @returns  Every image is in one of the two parts.
 * @throws   XrayError `split/bad-fraction`.
 */
export function splitByPatient(
  images: readonly LabelledImage[],
  { valFraction, seed }: PatientSplitOptions,
): SplitIndices {
  if (!isValFraction(valFraction)) {
    throw new XrayError(
      "split/bad-fraction",
      `the share for validation is ${valFraction}; it must be at least 0 and below 1`,
      { valFraction },
    );
  }
  const draws = new Map<string, number>();
  for (const { patient } of images)
    if (!draws.has(patient)) draws.set(patient, Random.of(seed, "split", patient).next());
  if (valFraction === 0 || draws.size < 2) return partition(images, () => false);
  const lowest = extreme(draws, 1);
  const highest = extreme(draws, -1);
  const isVal = (patient: string): boolean =>
    patient !== highest && (patient === lowest || draws.get(patient)! < valFraction);
  return partition(images, ({ patient }) => isVal(patient));
}

/** Lists of images that have been looked up. */
export interface SplitLists {
  /** Without it, training gets all images except those of patients in the validation list. */
  readonly train?: Listed;
  readonly val: Listed;
}

/** A split by lists, and possible objections to it. */
export interface ListedSplit extends SplitIndices {
  /** Number of images that are in neither part, because their patients are in the validation list. */
  readonly keptOut: number;
  /** Number of patients with images in both lists. */
  readonly sharedPatients: number;
}

/** Patients that have images in both sets. */
export function sharedPatients(
  images: readonly LabelledImage[],
  a: Iterable<number>,
  b: Iterable<number>,
): Set<string> {
  const first = new Set(Array.from(a, (i) => images[i]!.patient));
  return new Set(Array.from(b, (i) => images[i]!.patient).filter((patient) => first.has(patient)));
}

function mustBeApart(images: readonly LabelledImage[], train: Listed, val: Listed): void {
  const both = inBothLists(images, train, val);
  if (both === undefined) return;
  throw new XrayError(
    "split/lists-overlap",
    `${counted(both.count, "image")} ${agreeing(both.count, "is", "are")} in both the training and the validation list, the first ${both.first}; remove ${agreeing(both.count, "it", "them")} from one of the lists`,
    { ...both },
  );
}

/**
 * Split by lists.
 *
 * @returns  The listed images. See `SplitLists` for a missing training list.
 * @throws   XrayError `split/lists-overlap` if an image is in both lists.
 */
export function splitByLists(images: readonly LabelledImage[], { train, val }: SplitLists): ListedSplit {
  const inVal = Uint32Array.from(val.indices);
  if (train === undefined) {
    const heldOut = new Set(val.indices.map((i) => images[i]!.patient));
    const { train: others } = partition(images, ({ patient }) => heldOut.has(patient));
    const keptOut = images.length - others.length - inVal.length;
    return { train: others, val: inVal, keptOut, sharedPatients: 0 };
  }
  mustBeApart(images, train, val);
  return {
    train: Uint32Array.from(train.indices),
    val: inVal,
    keptOut: 0,
    sharedPatients: sharedPatients(images, train.indices, val.indices).size,
  };
}
