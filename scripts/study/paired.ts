/** Means and paired differences over pairs, with intervals over patients. */

import { percentileInterval } from "../../src/evaluation/intervals.ts";
import { PatientDraws } from "../../src/evaluation/patient-draws.ts";

/** A mean with its 95 % interval; none of a single patient. */
export interface MeanFigure {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * A mean over pairs, with the percentile interval of 1,000 draws of patients.
 *
 * @param patients  One for each value.
 */
export function meanOverPatients(
  values: readonly number[],
  patients: readonly string[],
  seed: number,
): MeanFigure {
  const draws = new PatientDraws(patients, { seed });
  const means = new Float64Array(draws.replicates);
  draws.forEach((weights, replicate) => {
    let [sum, count] = [0, 0];
    for (const [i, value] of values.entries()) {
      sum += weights[i]! * value;
      count += weights[i]!;
    }
    means[replicate] = sum / count;
  });
  const interval = percentileInterval(means, draws.level);
  const value = values.reduce((sum, one) => sum + one, 0) / values.length;
  return { value, low: interval?.low ?? null, high: interval?.high ?? null };
}
