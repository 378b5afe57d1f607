/**
 * Notes on a split of a data set: its sizes, and what lists lack or share.
 *
 * Knows: words. The splits themselves are in `dataset/split.ts`.
 */

import type { LabelledImage } from "../../dataset/label-table.ts";
import type { ListedSplit, SplitLists } from "../../dataset/split.ts";
import { agreeing, counted } from "../../text.ts";

/** `112,120 images of 30,805 patients`. */
export function sizeInWords(images: readonly LabelledImage[]): string {
  const patients = new Set(images.map(({ patient }) => patient)).size;
  return `${counted(images.length, "image")} of ${counted(patients, "patient")}`;
}

/** Notes on names that a list has and the table lacks. */
export function lackingNote(list: string, lacking: number): string[] {
  return lacking === 0
    ? []
    : [`${counted(lacking, "name")} of the ${list} ${agreeing(lacking, "is", "are")} not among the images`];
}

/** Notes on a split by a validation list, with or without a training list. */
export function listedNotes(
  { train, val }: SplitLists,
  { keptOut, sharedPatients }: Pick<ListedSplit, "keptOut" | "sharedPatients">,
): string[] {
  return [
    ...lackingNote("training list", train?.lacking ?? 0),
    ...lackingNote("validation list", val.lacking),
    ...(keptOut > 0
      ? [
          `${counted(keptOut, "image")} ${agreeing(keptOut, "is", "are")} left out of training, because ${agreeing(keptOut, "its patient has", "their patients have")} other images in the validation list`,
        ]
      : []),
    ...(sharedPatients > 0
      ? [
          `${counted(sharedPatients, "patient")} ${agreeing(sharedPatients, "has", "have")} images in both the training and the validation list, so validation figures will be optimistic`,
        ]
      : []),
  ];
}
