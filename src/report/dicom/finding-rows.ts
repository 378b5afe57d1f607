/**
 * The findings of a result, as its reports list them.
 *
 * Knows: results and codes. Not how rows are shown.
 */

import { displayName } from "../../findings.ts";
import type { Result } from "../../results/prediction.ts";
import type { Code } from "./codes.ts";
import { findingCode } from "./finding-codes.ts";

/** One finding. Probabilities and operating points are shares from 0 to 1. */
export interface FindingRow {
  readonly label: string;
  readonly name: string;
  readonly code: Code;
  readonly probability: number;
  readonly operatingPoint: number;
  readonly isReached: boolean;
  /** If the model has a calibration of this finding. */
  readonly calibrated: number | undefined;
}

/** The findings by falling probability; those of equal probability in the model's order. */
export async function findingRows(result: Result): Promise<readonly FindingRow[]> {
  const rows = await Promise.all(
    result.labels.map(async (label) => ({
      label,
      name: displayName(label),
      code: await findingCode(label),
      probability: result.probabilities[label]!,
      operatingPoint: result.thresholds[label]!,
      isReached: result.detected.includes(label),
      calibrated: result.calibrated?.[label],
    })),
  );
  return rows.sort((a, b) => b.probability - a.probability);
}

/** Significant digits of a percentage: float32 has no more. */
const DIGITS = 7;

/** A share as a percentage for programs, in at most 16 characters (DS): 0.8712346 as `87.12346`. */
export const percentNumber = (share: number): string => String(Number((share * 100).toPrecision(DIGITS)));

/** A share as a percentage for people: `87.12 %`. */
export const percentText = (share: number): string => `${(share * 100).toFixed(2)} %`;
