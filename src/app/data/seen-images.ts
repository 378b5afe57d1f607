/**
 * Counts the images that a model has seen before, according to its card, published splits or a list.
 *
 * Knows:      names of images, and their patients. A model looks better than it is if it is evaluated on images that it
 *             learned from, or on other images of the same patients.
 * Reference:  `learnedFrom` of a model's card, in docs/formats.md; `dataset/nih-splits.ts`.
 */

import { PackedNames } from "../../dataset/image-hashes.ts";
import type { Listed } from "../../dataset/image-list.ts";
import type { LabelledImage } from "../../dataset/label-table.ts";
import { nihPatient } from "../../dataset/nih-names.ts";
import { partsOf, SPLIT_NAMES, type SplitPart, VAGUE_SPLITS } from "../../dataset/nih-splits.ts";
import type { PhantomNote } from "../../dataset/phantom/note.ts";
import type { LearnedFrom } from "../../models/learned-from.ts";
import type { SeenReport } from "../../results/seen.ts";
import { agreeing, count, counted } from "../../text.ts";
import { rememberedImages } from "./seen-names.ts";
import { lackingNote } from "./split-notes.ts";

/** A list by the user, of images that a predictor was trained on. */
export interface TrainList {
  readonly name: string;
  readonly listed: Listed;
}

/** A predictor, and the images that it is evaluated on. */
export interface Judged {
  /** The predictor's name. */
  readonly name: string;
  /** From its card; undefined if there is no card, or if the card does not say. */
  readonly learnedFrom: readonly LearnedFrom[] | undefined;
  /** Packed names of the images that its calibration was fitted to. */
  readonly calibratedOn?: string | undefined;
  /** The user's list of images that it was trained on, looked up in the table. */
  readonly trainList?: TrainList | undefined;
  /** The images of the data folder's train_val_list.txt, if any, in the label file's spelling. */
  readonly trainValList?: ReadonlySet<string> | undefined;
  readonly images: readonly LabelledImage[];
  /** All images of the label file, since others of a patient may have been used for training. */
  readonly table: readonly LabelledImage[];
  readonly phantom: PhantomNote | undefined;
}

/** How many of the images the model has seen, as far as known, and what that means. */
export interface SeenImages extends SeenReport {
  /** In words, most serious first; empty if it has seen none of them. */
  readonly warnings: readonly string[];
  /** What cannot be determined, in words. */
  readonly unknowns: readonly string[];
  /** Reassuring facts, and facts that cannot be used, in words. */
  readonly notes: readonly string[];
}

/** Returns the part of one training's split that an image was in. */
type PartOf = (image: string) => SplitPart | undefined;

const unpack = (packed: string | undefined): PackedNames | undefined =>
  packed === undefined ? undefined : new PackedNames(packed);

/** All known names, evaluated or not. */
const namesOf = ({ images, table }: Judged): ReadonlySet<string> =>
  new Set([...table, ...images].map(({ image }) => image));

function partOfEntry({ split, training, validation }: LearnedFrom, judged: Judged): PartOf {
  const { phantom } = judged;
  if (training !== undefined || validation !== undefined) {
    const names = namesOf(judged);
    const [trained, validated] = [training, validation].map((packed) =>
      rememberedImages(unpack(packed), names, phantom),
    );
    return (image) => (trained!.has(image) ? "training" : validated!.has(image) ? "validation" : undefined);
  }
  const isPublished = split !== undefined && split !== "unpublished" && split !== "none";
  return isPublished && phantom === undefined ? partsOf(split) : () => undefined;
}

/** The most serious part of an image among several trainings. */
function worst(parts: readonly PartOf[]): PartOf {
  return (image) => {
    const found = parts.map((partOf) => partOf(image));
    return (["training", "validation", "test"] as const).find((part) => found.includes(part));
  };
}

function countSeen(judged: Judged, partOf: PartOf): SeenReport {
  const { images, table, calibratedOn, phantom } = judged;
  const partsOfImages = images.map(({ image }) => partOf(image));
  const within = (part: SplitPart) => partsOfImages.filter((one) => one === part).length;
  const isLearned = (image: string) => ["training", "validation"].includes(partOf(image) ?? "");
  const calibrated = rememberedImages(unpack(calibratedOn), namesOf(judged), phantom);
  const isFitted = (image: string) => calibrated.has(image);
  /** Number of images that do not match themselves, but whose patient has an image that does. */
  const others = (isMeant: (image: string) => boolean) => {
    const patients = new Set(table.filter(({ image }) => isMeant(image)).map(({ patient }) => patient));
    return images.filter(({ image, patient }) => patients.has(patient) && !isMeant(image)).length;
  };
  return {
    training: within("training"),
    validation: within("validation"),
    calibration: images.filter(({ image }) => isFitted(image)).length,
    samePatients: others(isLearned),
    calibrationPatients: others(isFitted),
  };
}

/** `all 12 evaluated images`, `3 of the 12 evaluated images`; for a single one, `the only evaluated image`. */
function of(part: number, all: number): string {
  if (part < all) return `${count(part)} of the ${counted(all, "evaluated image")}`;
  return all === 1 ? "the only evaluated image" : `all ${counted(all, "evaluated image")}`;
}

/** @param source  Who says so. `how` is how the images were used. */
function warningsOf(
  { name, images }: Judged,
  seen: SeenReport,
  source: string,
  how = "trained on",
): string[] {
  const all = images.length;
  const warning = (part: number, words: (these: string, are: string, were: string) => string) =>
    part === 0 ? [] : [words(of(part, all), agreeing(part, "is", "are"), agreeing(part, "was", "were"))];
  return [
    ...warning(
      seen.training,
      (these) => `${name} was ${how} ${these} (${source}), so its figures are optimistic`,
    ),
    ...warning(
      seen.validation,
      (these, _, were) =>
        `${these} ${were} used to choose the epoch or the thresholds of ${name} (${source}), so its figures are optimistic`,
    ),
    ...warning(
      seen.calibration,
      (these) =>
        `the calibration of ${name} was fitted to ${these}, so its calibrated figures are optimistic`,
    ),
    ...warning(
      seen.samePatients,
      (these, are) =>
        `${these} ${are} of patients of whom ${name} has seen other images (${source}), so its figures may be optimistic`,
    ),
    ...warning(
      seen.calibrationPatients,
      (these, are) =>
        `${these} ${are} of patients whose other images the calibration of ${name} was fitted to, so its calibrated figures may be optimistic`,
    ),
  ];
}

/** Number of images with names like those of ChestX-ray14. Phantoms have such names, but do not count. */
const nihCount = ({ images, phantom }: Judged): number =>
  phantom === undefined ? images.filter(({ image }) => nihPatient(image) !== undefined).length : 0;

/** Data sets whose images the model may have seen, although nobody knows which ones. */
function unknowns(judged: Judged, learnedFrom: readonly LearnedFrom[]): string[] {
  const { name, images, phantom } = judged;
  const nih = nihCount(judged);
  const foreign = phantom === undefined ? images.length - nih : 0;
  return learnedFrom.flatMap(({ dataset, split, training }) => {
    if (split === "unpublished" && nih > 0)
      return [
        `${name} was trained on ${dataset} by a split that is not published, so nobody can tell whether it has seen ${of(nih, images.length)}`,
      ];
    // Images of a data set that was not used for training raise no doubts.
    const mayBe =
      split === "none" ? foreign : split === undefined && training === undefined ? images.length : 0;
    return mayBe === 0
      ? []
      : [
          `nothing says which images ${name} has learned from (${dataset}); it may have seen ${of(mayBe, images.length)}`,
        ];
  });
}

/** Notes on a known split that says nothing about the images. */
function splitNotes(judged: Judged, learnedFrom: readonly LearnedFrom[]): string[] {
  const { name, images, phantom } = judged;
  const foreign = images.length - nihCount(judged);
  const isSplit = learnedFrom.some(({ split }) => split !== undefined && split in SPLIT_NAMES);
  return isSplit && foreign > 0 && phantom === undefined
    ? [
        `${of(foreign, images.length)} ${agreeing(foreign, "is", "are")} not named as ChestX-ray14's images are, so the lists that ${name} was trained by say nothing about ${agreeing(foreign, "it", "them")}`,
      ]
    : [];
}

/**
 * If nothing is said about a predictor's training: how many evaluated images are in lists that are often trained on.
 */
function inPublishedSplits(judged: Judged): Pick<SeenImages, "unknowns" | "notes"> {
  const { name, images, trainValList } = judged;
  const nih = nihCount(judged);
  if (trainValList === undefined && nih === 0) return { unknowns: [], notes: [] };
  if (nih === images.length) {
    const test = (["official", "chexnet"] as const).find((split) => {
      const partOf = partsOf(split);
      return images.every(({ image }) => partOf(image) === "test");
    });
    if (test !== undefined)
      return { unknowns: [], notes: [`all evaluated images are test images in ${SPLIT_NAMES[test]}`] };
  }
  const official = nih > 0 ? partsOf("official") : () => undefined;
  const isListed = (image: string) => trainValList?.has(image) ?? official(image) === "training";
  const training = images.filter(({ image }) => isListed(image)).length;
  if (training === 0) return { unknowns: [], notes: [] };
  return {
    unknowns: [
      `nothing says which images ${name} was trained on, and ${of(training, images.length)} ${agreeing(training, "is", "are")} in ${trainValList === undefined ? "the official " : ""}train_val_list.txt: if it was trained on ${agreeing(training, "it", "those")}, its figures are optimistic; name a list of its training images to find out`,
    ],
    notes: [],
  };
}

/** What the model's card says, or otherwise the published lists. */
function seenByCard(judged: Judged): SeenImages {
  const { learnedFrom = [] } = judged;
  const seen = countSeen(judged, worst(learnedFrom.map((entry) => partOfEntry(entry, judged))));
  const sources = [...new Set(learnedFrom.map(({ dataset }) => dataset))].join("; ");
  const isVague = learnedFrom.some(({ split = "" }) => VAGUE_SPLITS.includes(split));
  return {
    ...seen,
    warnings: warningsOf(
      judged,
      seen,
      `its card: ${sources}`,
      isVague ? "trained or validated on" : "trained on",
    ),
    ...(learnedFrom.length === 0
      ? inPublishedSplits(judged)
      : { unknowns: unknowns(judged, learnedFrom), notes: splitNotes(judged, learnedFrom) }),
  };
}

/** Count the evaluated images that a model has seen. */
export function seenImages(judged: Judged): SeenImages {
  const { trainList, table } = judged;
  if (trainList === undefined) return seenByCard(judged);
  const { name, listed } = trainList;
  if (listed.indices.length === 0) {
    const seen = seenByCard(judged);
    const nothing = `none of the names in ${name} is an image of the label file, so the list says nothing about the evaluated images`;
    return { ...seen, notes: [...seen.notes, nothing] };
  }
  const trained = new Set(listed.indices.map((at) => table[at]!.image));
  const seen = countSeen(judged, (image) => (trained.has(image) ? "training" : undefined));
  return {
    ...seen,
    warnings: warningsOf(judged, seen, name),
    unknowns: [],
    notes: lackingNote(`list ${name}`, listed.lacking),
  };
}
