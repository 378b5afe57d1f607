/**
 * Has a model seen these images before? What its card, published splits or a list say, by count.
 *
 * Knows:      names of images, and whose they are. A model that is judged by images that it learned from looks better than
 *             it is, and so does one judged by other images of the same patients.
 * Reference:  `learnedFrom` of a model's card, in docs/formats.md; `dataset/nih-splits.ts`.
 */

import { PackedNames } from "../dataset/image-hashes.ts";
import type { LabelledImage } from "../dataset/label-table.ts";
import { nihPatient, partsOf, SPLIT_NAMES, type SplitPart } from "../dataset/nih-splits.ts";
import { count } from "../dataset/words.ts";
import type { LearnedFrom } from "../models/learned-from.ts";
import type { PhantomNote } from "./phantom-note.ts";

/** A name that tells phantoms of one seed from those of another, and from X-rays: all are called alike. */
export const seenName = (image: string, phantom: PhantomNote | undefined): string =>
  phantom === undefined ? image : `phantoms/${phantom.seed ?? "?"}/${image}`;

/** What is judged by which images. */
export interface Judged {
  /** Of the predictor. */
  readonly name: string;
  /** What its card says; undefined where there is no card, or where it does not say. */
  readonly learnedFrom: readonly LearnedFrom[] | undefined;
  /** Names of images that it was trained on, as the user gave them. */
  readonly trainList?: { readonly name: string; readonly images: ReadonlySet<string> } | undefined;
  /** The data folder's train_val_list.txt, where it has one. */
  readonly trainValList?: ReadonlySet<string> | undefined;
  readonly images: readonly LabelledImage[];
  /** All of the label file: other images of a patient may have been trained on. */
  readonly table: readonly LabelledImage[];
  readonly phantom: PhantomNote | undefined;
}

/** How many of the images the model has seen, as far as it is known. */
export interface SeenImages {
  readonly training: number;
  /** Those that chose its epoch, its thresholds or its calibration. */
  readonly validation: number;
  /** Others, of patients of whom it has seen images. */
  readonly samePatients: number;
  /** In words, most serious first; none where it has seen nothing of them. */
  readonly warnings: readonly string[];
  /** What nobody can tell, in words. */
  readonly unknowns: readonly string[];
  /** What speaks for the images, in words. */
  readonly notes: readonly string[];
}

/** Which part an image was in, for each training that is known. */
type PartOf = (image: string) => SplitPart | undefined;

function partOfEntry({ split, training, validation }: LearnedFrom, phantom: PhantomNote | undefined): PartOf {
  const trained = training === undefined ? undefined : new PackedNames(training);
  const validated = validation === undefined ? undefined : new PackedNames(validation);
  if (trained !== undefined || validated !== undefined) {
    return (image) => {
      const name = seenName(image, phantom);
      return trained?.has(name) ? "training" : validated?.has(name) ? "validation" : undefined;
    };
  }
  if (split === undefined || split === "unpublished" || phantom !== undefined) return () => undefined;
  return partsOf(split);
}

/** The part that weighs most among several trainings. */
function worst(parts: readonly PartOf[]): PartOf {
  return (image) => {
    const found = parts.map((partOf) => partOf(image));
    return (["training", "validation", "test"] as const).find((part) => found.includes(part));
  };
}

function countSeen({ images, table }: Judged, partOf: PartOf) {
  const partsOfImages = images.map(({ image }) => partOf(image));
  const within = (part: SplitPart) => partsOfImages.filter((one) => one === part).length;
  const isSeen = (part: SplitPart | undefined) => part === "training" || part === "validation";
  const patients = new Set(table.filter(({ image }) => isSeen(partOf(image))).map(({ patient }) => patient));
  const samePatients = images.filter(({ patient }, i) => !isSeen(partsOfImages[i]) && patients.has(patient));
  return {
    training: within("training"),
    validation: within("validation"),
    samePatients: samePatients.length,
  };
}

const of = (part: number, all: number): string =>
  part === all ? `all ${count(all)}` : `${count(part)} of the ${count(all)}`;

function warningsOf(
  { name, images }: Judged,
  seen: { training: number; validation: number; samePatients: number },
  source: string,
): string[] {
  const all = images.length;
  return [
    ...(seen.training === 0
      ? []
      : [
          `${name} was trained on ${of(seen.training, all)} evaluated images (${source}): its figures flatter`,
        ]),
    ...(seen.validation === 0
      ? []
      : [
          `${of(seen.validation, all)} evaluated images chose the epoch or thresholds of ${name} (${source}): its figures flatter`,
        ]),
    ...(seen.samePatients === 0
      ? []
      : [
          `${of(seen.samePatients, all)} evaluated images are of patients of whom ${name} has seen others (${source}): its figures may flatter`,
        ]),
  ];
}

/** Data sets whose images the model may have seen, without anybody knowing which. */
function unknowns({ name, images, phantom }: Judged, learnedFrom: readonly LearnedFrom[]): string[] {
  const isNih = (image: LabelledImage) => phantom === undefined && nihPatient(image.image) !== undefined;
  const nih = images.filter(isNih).length;
  return learnedFrom.flatMap(({ dataset, split, training }) => {
    if (split === "unpublished")
      return nih === 0
        ? []
        : [
            `${name} was trained on ${dataset}, by a split that is not published: of ${of(nih, images.length)} evaluated images nobody can tell whether it has seen them`,
          ];
    if (split === undefined && training === undefined)
      return [`nothing says which images ${name} has learned from (${dataset}): it may have seen these`];
    return [];
  });
}

/** Where nothing is said of a predictor's training: how the evaluated images lie in lists that many train by. */
function inPublishedSplits({
  name,
  images,
  phantom,
  trainValList,
}: Judged): Pick<SeenImages, "unknowns" | "notes"> {
  const isNih = phantom === undefined && images.every(({ image }) => nihPatient(image) !== undefined);
  if (trainValList === undefined && !isNih) return { unknowns: [], notes: [] };
  if (isNih) {
    const test = (["official", "chexnet"] as const).find((split) => {
      const partOf = partsOf(split);
      return images.every(({ image }) => partOf(image) === "test");
    });
    if (test !== undefined)
      return { unknowns: [], notes: [`all evaluated images are for testing in ${SPLIT_NAMES[test]}`] };
  }
  const official = isNih ? partsOf("official") : () => undefined;
  const isListed = (image: string) => trainValList?.has(image) ?? official(image) === "training";
  const training = images.filter(({ image }) => isListed(image)).length;
  if (training === 0) return { unknowns: [], notes: [] };
  return {
    unknowns: [
      `nothing says which images ${name} was trained on, and ${of(training, images.length)} evaluated images stand in ${trainValList === undefined ? "the official " : ""}train_val_list.txt: if it was trained on those, its figures flatter (--train-list names its images)`,
    ],
    notes: [],
  };
}

/** Count the evaluated images that a model has seen. */
export function seenImages(judged: Judged): SeenImages {
  const { learnedFrom, trainList, phantom } = judged;
  if (trainList !== undefined) {
    const { images, name } = trainList;
    const seen = countSeen(judged, (image) => (images.has(image) ? "training" : undefined));
    return { ...seen, warnings: warningsOf(judged, seen, name), unknowns: [], notes: [] };
  }
  if (learnedFrom === undefined || learnedFrom.length === 0) {
    return { training: 0, validation: 0, samePatients: 0, warnings: [], ...inPublishedSplits(judged) };
  }
  const parts = learnedFrom.map((entry) => partOfEntry(entry, phantom));
  const seen = countSeen(judged, worst(parts));
  const sources = [...new Set(learnedFrom.map(({ dataset }) => dataset))].join("; ");
  return {
    ...seen,
    warnings: warningsOf(judged, seen, `its card: ${sources}`),
    unknowns: unknowns(judged, learnedFrom),
    notes: [],
  };
}
