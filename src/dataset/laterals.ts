/**
 * Lateral images take no part unless they are asked for: models here are made for frontal X-rays.
 *
 * Knows: label tables. Not files or models.
 */

import { agreeing, count, counted } from "../text.ts";
import type { LabelledImage } from "./label-table.ts";
import { isLateral, LATERALS_OPTION } from "./views.ts";

/** Which images are left out, and what there is to say of views. */
export interface LeftOut {
  /** Into the images. */
  readonly indices: ReadonlySet<number>;
  readonly notes: readonly string[];
}

/**
 * The lateral images of a table, which are left out.
 *
 * @param isIncluded  Whether they take part all the same; then none is left out, and the note says so.
 */
export function leftOutLaterals(images: readonly LabelledImage[], isIncluded: boolean): LeftOut {
  const laterals = images.flatMap(({ view }, i) => (isLateral(view) ? [i] : []));
  const n = laterals.length;
  const unknown = images.filter(({ view }) => view === undefined).length;
  const assumed =
    unknown === 0
      ? []
      : [
          unknown === images.length
            ? "nothing says from which side the images were taken; taken as frontal"
            : `${counted(unknown, "image")} without a view; taken as frontal`,
        ];
  if (n === 0) return { indices: new Set(), notes: assumed };
  const these = `${count(n)} of the ${counted(images.length, "image")} ${agreeing(n, "has", "have")} a lateral view`;
  return isIncluded
    ? {
        indices: new Set(),
        notes: [
          ...assumed,
          `${these}, and ${agreeing(n, "takes", "take")} part (${LATERALS_OPTION}); models here are made for frontal views`,
        ],
      }
    : {
        indices: new Set(laterals),
        notes: [
          ...assumed,
          `${these}, and ${agreeing(n, "is", "are")} left out: models here are made for frontal views (${LATERALS_OPTION} keeps ${agreeing(n, "it", "them")})`,
        ],
      };
}
