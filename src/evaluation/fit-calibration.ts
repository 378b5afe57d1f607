/**
 * Fitting calibrations: logits and truths in, a function from logits to probabilities out.
 *
 * Knows:      numbers. Not findings, models or files.
 * Reference:  `temperature.ts`, `platt.ts`, `isotonic.ts`.
 */

import type { Calibration, CalibrationKind } from "../calibration/calibration.ts";
import { fitIsotonic } from "./isotonic.ts";
import { fitPlatt } from "./platt.ts";
import { fitTemperature } from "./temperature.ts";

type Fit = (logits: ArrayLike<number>, truths: ArrayLike<number>) => Calibration | null;

const FITS: { readonly [K in CalibrationKind]: Fit } = {
  temperature: fitTemperature,
  // Not passed on as it is: it takes a third argument.
  platt: (logits, truths) => fitPlatt(logits, truths),
  isotonic: fitIsotonic,
};

/**
 * Fit a calibration of one kind; Platt's with smoothed targets.
 *
 * @param logits  Finite where the truth is known. One finding's, or for one temperature of a whole model those of all
 *                findings in one array. Not modified, as `truths`.
 * @param truths  1, 0, or NaN where nothing is known; of the same length.
 * @returns       Null where there is no positive or no negative: nothing then says where probabilities should lie. Null
 *                also where no temperature is the best one (see `fitTemperature`).
 * @throws        XrayError `evaluation/bad-input`.
 *
 * @example
 * const logits = [2.1, 1.3, -0.2, 0.4, -1.8, -0.6];
 * const calibration = fitCalibration("platt", logits, [1, 1, 0, 0, 0, 1]);
 * const probabilities = calibration && calibrate(calibration, logits);
 */
export function fitCalibration(
  kind: CalibrationKind,
  logits: ArrayLike<number>,
  truths: ArrayLike<number>,
): Calibration | null {
  return FITS[kind](logits, truths);
}
