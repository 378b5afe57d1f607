/**
 * What int8 costs, in words.
 *
 * Knows: cards. Not where the lines are shown.
 */

import type { CardQuantised, ComparedOutputs } from "../../models/card-quantised.ts";
import { counted } from "../../text.ts";

function costLine(
  where: string,
  { images, auroc, meanDifference, largestDifference }: ComparedOutputs,
): string {
  const areas =
    auroc === undefined
      ? ""
      : `mean AUROC ${auroc.float32.toFixed(4)} in float32, ${auroc.int8.toFixed(4)} in int8 (a finding loses at most ${Math.max(0, auroc.largestDrop).toFixed(4)}); `;
  return `${where} (${counted(images, "image")}): ${areas}probabilities differ by ${meanDifference.toFixed(4)} on average, at most by ${largestDifference.toFixed(4)}`;
}

/** One line for what stayed float32, one for the images, and one for each comparison. */
export const quantisedLines = ({ float32, data, calibration, heldOut }: CardQuantised): string[] => [
  `in float32: ${float32.join(", ")}`,
  `ranges measured on ${data}`,
  costLine("on these images", calibration),
  ...(heldOut === undefined ? [] : [costLine("on other images", heldOut)]),
];
