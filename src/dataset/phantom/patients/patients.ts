/**
 * The patients who are drawn, their follow-ups, and the findings of each image.
 *
 * Knows: numbers and names. Not how findings look.
 *
 * Findings are spread evenly, so that the rare ones can be learned, too: NIH has 227 hernias in 112,120 images, which
 * is one in 500. Which findings occur together follows NIH's own counts.
 */

import { FINDINGS } from "../../../findings.ts";
import { Random } from "../../../random.ts";
import { shareWith } from "./co-occurrence.ts";

/** What NIH's table says about the person in an image. */
export interface Person {
  readonly sex: "M" | "F";
  /** In years. */
  readonly age: number;
  readonly view: "PA" | "AP";
}

/** One image to be drawn. */
export interface PhantomImage extends Person {
  /** Patient and follow-up: `00000001_000.png`. */
  readonly name: string;
  readonly patient: number;
  readonly followUp: number;
  /** In the order of `FINDINGS`. */
  readonly findings: readonly string[];
}

/** Probability that a patient has no finding in the first image. */
const HEALTHY = 0.35;
const MOST_FINDINGS = 4;

/** Findings that usually persist from one image of a patient to the next. The others heal in half of the cases. */
const LASTING = ["Cardiomegaly", "Mass", "Nodule", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia"];

/** Findings in a patient's first image. */
function drawFindings(random: Random): Set<number> {
  if (random.chance(HEALTHY)) return new Set();
  const first = random.int(FINDINGS.length);
  const found = new Set([first]);
  for (const other of random.permutation(FINDINGS.length)) {
    const comes = random.chance(shareWith(first, other));
    if (comes && found.size < MOST_FINDINGS) found.add(other);
  }
  return found;
}

/** Findings some months later: those that persist or have not healed, and sometimes new ones. */
function laterFindings(random: Random, before: ReadonlySet<number>): Set<number> {
  const found = new Set<number>();
  for (const finding of before) {
    if (random.chance(LASTING.includes(FINDINGS[finding]!.name) ? 0.95 : 0.5)) found.add(finding);
  }
  if (!random.chance(0.4)) return found;
  for (const finding of drawFindings(random)) if (found.size < MOST_FINDINGS) found.add(finding);
  return found;
}

/** Number of images of a patient: more than half have one, some a dozen. */
function drawImageCount(random: Random): number {
  if (random.chance(0.57)) return 1;
  let count = 2;
  while (count < 12 && random.chance(0.62)) count++;
  return count;
}

function* imagesOf(seed: number, patient: number): Generator<PhantomImage, void> {
  const random = Random.of(seed, "phantom", patient);
  const sex = random.chance(0.435) ? "F" : "M";
  let age = Math.min(94, Math.max(2, Math.round(48 + 17 * random.normal())));
  const count = drawImageCount(random);
  let found = drawFindings(random);
  for (let followUp = 0; followUp < count; followUp++) {
    // Patients with findings are more often imaged in bed.
    const view = random.chance(found.size > 0 ? 0.45 : 0.3) ? "AP" : "PA";
    const findings = FINDINGS.filter((_, i) => found.has(i)).map(({ name }) => name);
    const name = `${String(patient).padStart(8, "0")}_${String(followUp).padStart(3, "0")}.png`;
    yield { name, patient, followUp, sex, age, view, findings };
    if (random.chance(0.3)) age = Math.min(94, age + 1);
    found = laterFindings(random, found);
  }
}

/**
 * The first `count` images of a seed, patient by patient. A larger count begins with the same images.
 *
 * @param seed  0 to 2³² − 1.
 */
export function phantomImages(seed: number, count: number): PhantomImage[] {
  const images: PhantomImage[] = [];
  for (let patient = 1; images.length < count; patient++) {
    for (const image of imagesOf(seed, patient)) {
      if (images.length < count) images.push(image);
    }
  }
  return images;
}
