/**
 * Training and validation images: by patient, or by lists of names.
 *
 * A patient's side is drawn from the seed and the patient's id alone. So a split does not change when a file is sorted
 * another way or patients are added; its share is as near to the wanted one as chance has it (for 30,805 patients within
 * half a per cent).
 *
 * Knows: images and patients. Not files.
 */

import { quote, XrayError } from "../errors.ts";
import { Random } from "../random.ts";

/** What a split is made of. */
interface Image {
  readonly image: string;
  readonly patient: string;
}

/** Indices of images, rising. */
export interface IndexSplit {
  readonly train: Uint32Array;
  readonly val: Uint32Array;
}

/**
 * Split by patient.
 *
 * @param images       Those to split, as indices into `all`.
 * @param valFraction  Share of the patients that are for validation; 0 puts everyone into training. Of two patients
 *                     or more, at least one is on either side.
 */
export function splitByPatient(
  all: readonly Image[],
  images: Uint32Array,
  { valFraction, seed }: { valFraction: number; seed: number },
): IndexSplit {
  if (valFraction === 0) return { train: images, val: new Uint32Array() };
  const draws = new Map<string, number>();
  for (const i of images) {
    const { patient } = all[i]!;
    if (!draws.has(patient)) draws.set(patient, Random.of(seed, "split", patient).next());
  }
  const sorted = Float64Array.from(draws.values()).sort();
  // The fraction itself, moved only where one side would be empty.
  const low = sorted[0] ?? 0;
  const high = sorted.at(-1) ?? 0;
  const limit = valFraction <= low ? (sorted[1] ?? low) : valFraction > high ? high : valFraction;
  return {
    train: images.filter((i) => draws.get(all[i]!.patient)! >= limit),
    val: images.filter((i) => draws.get(all[i]!.patient)! < limit),
  };
}

/** A list of image names, one a line. */
export function parseImageList(text: string): ReadonlySet<string> {
  const names = text.split(/\r?\n/).map((line) => line.trim().replace(/,+$/, ""));
  return new Set(names.filter((name) => name !== ""));
}

/** Counts of patients and images that two sides have in common. */
export function overlap(all: readonly Image[], { train, val }: IndexSplit): { patients: number } {
  const patients = new Set([...train].map((i) => all[i]!.patient));
  return { patients: new Set([...val].map((i) => all[i]!.patient).filter((id) => patients.has(id))).size };
}

/** The images of a list, as indices; and how many of its names none of `images` has. */
export function pickListed(
  all: readonly Image[],
  images: Uint32Array,
  list: ReadonlySet<string>,
): { picked: Uint32Array; absent: number } {
  const picked = images.filter((i) => list.has(all[i]!.image));
  return { picked, absent: list.size - picked.length };
}

/** Refuse an image that is to be trained on and validated with. */
export function checkDisjoint(all: readonly Image[], { train, val }: IndexSplit): void {
  const trained = new Set(train);
  const both = [...val].filter((i) => trained.has(i));
  if (both.length === 0) return;
  throw new XrayError(
    "split/not-disjoint",
    `${both.length} images stand in both the training and the validation list, such as ${quote(all[both[0]!]!.image)}`,
    { count: both.length, image: all[both[0]!]!.image },
  );
}
