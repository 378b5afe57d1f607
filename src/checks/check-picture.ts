/**
 * All checks that need no model: what the header says, what the pixels say, and whether they agree.
 *
 * Pipeline:   decoded picture as 8-bit grey, header → **checks** → result
 * Knows:      the order of the checks. Each check is in a file of its own.
 */

import type { DicomFacts } from "../formats/dicom/facts.ts";
import { type Check, inOrder } from "./check.ts";
import { headerChecks } from "./header-checks.ts";
import { pixelChecks } from "./pixel-checks.ts";

/** A decoded picture, as its preparation starts from it. */
export interface CheckedPicture {
  readonly width: number;
  readonly height: number;
  /** H·W, rows from the top, upright, 0 (black) to 255 (white). */
  readonly grey: Uint8Array;
  /** Whether the picture has colours. */
  readonly isColour: boolean;
  /** How many low bits of 16 the samples use, where that is fewer than the file has; see `readBits`. */
  readonly lowBits: number | undefined;
  /** The header of a DICOM file. */
  readonly header: DicomFacts | undefined;
}

/**
 * Check a picture. No check changes it.
 *
 * @returns  One entry for each check that could be asked, in the order of `CHECK_NAMES`.
 */
export function checkPicture(picture: CheckedPicture): readonly Check[] {
  const pixels = pixelChecks(picture);
  return inOrder([...headerChecks(picture.header, pixels), ...pixels]);
}
