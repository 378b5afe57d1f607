/**
 * The checks that look at the pixels. They share one thumbnail.
 *
 * Knows: which they are.
 */

import type { Check } from "./check.ts";
import { chestPose } from "./chest-pose.ts";
import { exposure } from "./exposure.ts";
import { frontalChest } from "./frontal-chest.ts";
import { inverted } from "./inverted.ts";
import { thumbnail } from "./thumbnail.ts";

/** The part of a checked picture that these checks see. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  /** H·W, rows from the top, upright, 0 (black) to 255 (white). */
  readonly grey: Uint8Array;
  /** How many low bits of 16 the samples use, where that is fewer than the file has. */
  readonly lowBits: number | undefined;
}

export function pixelChecks(picture: Pixels): readonly Check[] {
  const small = thumbnail(picture);
  const found = chestPose(small);
  return [frontalChest(found), inverted(found), exposure(small, picture.lowBits)];
}
