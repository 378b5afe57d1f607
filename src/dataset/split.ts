/**
 * Training and validation, apart by patient.
 *
 * Each patient is decided alone, by a random number that the seed and the patient's name give. So a split depends on
 * neither the file's order nor on which other patients are in it: a patient held out today is still held out when data
 * are added or fewer are used. The price is a share that is near the wanted one, not equal to it: of n patients, it
 * strays by about √(f·(1−f)/n), 0.2 % of NIH's 30,805 and 3 % of a hundred.
 *
 * Knows: images and patients. Not files.
 */

import { XrayError } from "../errors.ts";
import { Random } from "../random.ts";
import { agreeing, counted } from "../text.ts";
import { inBothLists, type Listed } from "./image-list.ts";
import type { LabelledImage } from "./label-table.ts";
import { isValFraction } from "./val-fraction.ts";

/** Two sets of images: indices, rising. */
export interface SplitIndices {
  readonly train: Uint32Array;
  readonly val: Uint32Array;
}

/** How to split by patient. */
export interface PatientSplitOptions {
  /** The share of patients wanted for validation, 0 ≤ f < 1. */
  readonly valFraction: number;
  readonly seed: number;
}

/** Indices by what `isVal` says of each image. */
function partition(images: readonly LabelledImage[], isVal: (image: LabelledImage) => boolean): SplitIndices {
  const train: number[] = [];
  const val: number[] = [];
  for (const [i, image] of images.entries()) (isVal(image) ? val : train).push(i);
  return { train: new Uint32Array(train), val: new Uint32Array(val) };
}

/** The patient whose number is lowest (sign 1) or highest (sign −1); of equals, the first by name. */
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
 * A patient is for validation where the patient's own random number lies below `valFraction`. Of two patients or more,
 * neither side stays empty: the patient with the lowest number is for validation, the one with the highest for
 * training, whatever the fraction. A single patient, and everyone at fraction 0, is for training.
 *
 * @returns  Every image in one of the two.
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

/** Lists of images, looked up. */
export interface SplitLists {
  /** Without it, training is all but the patients of the validation list. */
  readonly train?: Listed;
  readonly val: Listed;
}

/** A split by lists, and what stands against it. */
export interface ListedSplit extends SplitIndices {
  /** Images that are not in the validation list and yet not trained on, being of its patients. */
  readonly keptOut: number;
  /** Patients with images in both lists. */
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
 * @returns  The images of the lists.
 * @throws   XrayError `split/lists-overlap` where an image is in both lists.
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
