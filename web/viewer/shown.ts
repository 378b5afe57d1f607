/**
 * Which samples of a picture are shown, and with which grey levels: its own ones, or its values through a window.
 *
 * Knows: pictures and windows.
 */

import { filledCodes } from "./filled-codes.ts";
import { type Codes, levelTable, shownTable, type Windowable } from "./grey.ts";
import { invertedLevels } from "./inverted-levels.ts";
import type { ViewerPicture, ViewWindow } from "./picture.ts";

/** How a picture is shown. */
export interface Shown {
  readonly picture: ViewerPicture;
  /** Shown instead of the picture's own grey levels. */
  readonly filled: Uint8Array | undefined;
  /** Called only where a window is applied. */
  readonly windowable: () => Windowable;
  /** The picture's own if undefined. */
  readonly window: ViewWindow | undefined;
  readonly inverted: boolean;
}

/** The samples, and the table with a grey level for each of their codes. */
export function shownSamples({ picture, filled, windowable, window, inverted }: Shown): {
  readonly codes: Codes;
  readonly table: Uint8Array;
} {
  const levels = filled ?? picture.shown;
  if (window === undefined) {
    const { values, padding, shown } = picture;
    if (!inverted || values === undefined || padding === undefined)
      return { codes: levels, table: shownTable(inverted) };
    // A table would make padding white, because other pixels may have its grey level.
    return { codes: invertedLevels({ values, padding, shown }, levels), table: shownTable(false) };
  }
  const grey = windowable();
  const table = levelTable(grey, window, inverted);
  if (!grey.hasValues) return { codes: levels, table };
  return { codes: filled === undefined ? grey.codes : filledCodes(grey, picture, filled), table };
}
