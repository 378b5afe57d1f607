/**
 * Calibrating all findings of a model, and judging that on images that took no part in the fit.
 *
 * Temperature scaling is one number for the whole model; Platt's and isotonic calibrations are each finding's own.
 *
 * Knows:      numbers, and which patient each image is of. Not findings' names, models or files.
 * Reference:  Stone, Cross-validatory choice and assessment of statistical predictions, 1974; here folds are of patients.
 */

import { type Calibration, type CalibrationKind, calibrate } from "../calibration/calibration.ts";
import { Random } from "../random.ts";
import { fitCalibration } from "./fit-calibration.ts";

/** One finding's logits and truths: 1, 0, or NaN where nothing is known. */
interface LogitFinding {
  readonly logits: ArrayLike<number>;
  readonly truths: ArrayLike<number>;
}

function joined(findings: readonly LogitFinding[], of: keyof LogitFinding): Float64Array {
  const all = new Float64Array(findings.reduce((sum, finding) => sum + finding[of].length, 0));
  let at = 0;
  for (const finding of findings) {
    all.set(Array.from(finding[of]), at);
    at += finding[of].length;
  }
  return all;
}

/**
 * Fit all findings.
 *
 * @returns  For each finding its calibration, or null where none can be fitted (see `fitCalibration`).
 * @throws   XrayError `evaluation/bad-input`.
 */
export function fitFindings(
  kind: CalibrationKind,
  findings: readonly LogitFinding[],
): (Calibration | null)[] {
  if (kind !== "temperature")
    return findings.map(({ logits, truths }) => fitCalibration(kind, logits, truths));
  const one = fitCalibration(kind, joined(findings, "logits"), joined(findings, "truths"));
  return findings.map(() => one);
}

const FOLDS = 5;

const pick = (values: ArrayLike<number>, images: readonly number[]): Float64Array =>
  Float64Array.from(images, (i) => values[i]!);

/**
 * Calibrated probabilities of each image by fits to other patients' images: what the calibration would make of images that
 * it has not seen.
 *
 * @param patients  Whose each image is; a patient's images are in one of five folds.
 * @returns         For each finding one probability per image, or null where a fold could not be fitted.
 */
export function outOfFold(
  kind: CalibrationKind,
  findings: readonly LogitFinding[],
  patients: ArrayLike<string>,
  seed: number,
): (Float64Array | null)[] {
  const foldOf = Array.from(patients, (patient) => Random.of(seed, "fold", patient).int(FOLDS));
  const results: (Float64Array | null)[] = findings.map(() => new Float64Array(patients.length));
  for (let fold = 0; fold < FOLDS; fold++) {
    const inside = foldOf.flatMap((of, i) => (of === fold ? [i] : []));
    const outside = foldOf.flatMap((of, i) => (of === fold ? [] : [i]));
    if (inside.length === 0) continue;
    const fits = fitFindings(
      kind,
      findings.map(({ logits, truths }) => ({
        logits: pick(logits, outside),
        truths: pick(truths, outside),
      })),
    );
    for (const [f, { logits }] of findings.entries()) {
      const [fit, result] = [fits[f]!, results[f]!];
      if (fit === null || result === null) {
        results[f] = null;
        continue;
      }
      for (const [k, probability] of calibrate(fit, pick(logits, inside)).entries())
        result[inside[k]!] = probability;
    }
  }
  return results;
}
