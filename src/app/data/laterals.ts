/**
 * Leaves out lateral images, and reports on views.
 *
 * Knows: label tables. `dataset/laterals.ts` decides what is lateral.
 */

import type { LabelledImage } from "../../dataset/label-table.ts";
import { type Sides, sidesOf } from "../../dataset/laterals.ts";
import { quote } from "../../errors.ts";
import { agreeing, count, counted } from "../../text.ts";

/** The images that are left out, and notes on views. */
export interface LeftOut {
  /** Indices of the images. */
  readonly indices: ReadonlySet<number>;
  readonly notes: readonly string[];
}

/** Number of unreadable views to show. */
const SHOWN = 4;

/** Notes on images that are assumed to be frontal. */
function assumedNotes({ without, unclear }: Sides, images: number): string[] {
  const views = [...new Set(unclear)];
  const shown = `${views.slice(0, SHOWN).map(quote).join(", ")}${views.length > SHOWN ? ", …" : ""}`;
  return [
    ...(without === 0
      ? []
      : [
          without === images
            ? "nothing says from which side the images were taken; all are taken to be frontal"
            : `${counted(without, "image")} without a view ${agreeing(without, "is", "are")} taken to be frontal`,
        ]),
    ...(unclear.length === 0
      ? []
      : [
          `${counted(unclear.length, "image")} with a view that is neither clearly frontal nor clearly lateral (${shown}) ${agreeing(unclear.length, "is", "are")} taken to be frontal`,
        ]),
  ];
}

/**
 * Find the lateral images of a table, which are left out.
 *
 * @param isIncluded  Whether to keep them. If so, none is left out, and the note says so.
 */
export function leftOutLaterals(images: readonly LabelledImage[], isIncluded: boolean): LeftOut {
  const sides = sidesOf(images);
  const n = sides.laterals.length;
  const assumed = assumedNotes(sides, images.length);
  if (n === 0) return { indices: new Set(), notes: assumed };
  const these = `${count(n)} of the ${counted(images.length, "image")} ${agreeing(n, "has", "have")} a lateral view`;
  return isIncluded
    ? {
        indices: new Set(),
        notes: [
          ...assumed,
          `${these} and ${agreeing(n, "is", "are")} kept, as asked; the models here are made for frontal views`,
        ],
      }
    : {
        indices: new Set(sides.laterals),
        notes: [
          ...assumed,
          `${these} and ${agreeing(n, "is", "are")} left out, because the models here are made for frontal views; the option to include laterals keeps ${agreeing(n, "it", "them")}`,
        ],
      };
}
