/**
 * The result of `calibrate`.
 *
 * Knows: plain data.
 */

import type { CalibrationFigures } from "../evaluation/finding-figures.ts";
import { CARD_MAPS, type CardMaps } from "../models/card-maps.ts";
import { about, byName, just, maybe, type Of, object, orNull, text } from "../schema/schema.ts";
import { calibrationFields } from "./figure-fields.ts";
import { count, texts } from "./figures.ts";
import { PREDICTOR, type Predictor } from "./predictor.ts";

/** One finding, before and after. */
export interface JudgedCalibration {
  readonly label: string;
  readonly positives: number;
  /** Null if no image has a known label. */
  readonly raw: CalibrationFigures | null;
  /** On images that took no part in the fit; null if the calibration could not be fitted without them. */
  readonly calibrated: CalibrationFigures | null;
}

/** A calibration that was fitted and written. */
export interface CalibrationReport {
  readonly predictor: Predictor;
  /** The model file that has it. */
  readonly to: string;
  readonly kind: string;
  readonly description: string;
  readonly images: number;
  readonly patients: number;
  readonly findings: readonly JudgedCalibration[];
  /** Labels that could not be calibrated. */
  readonly missing: readonly string[];
  /** The chosen heatmaps, if they were asked for and there were boxes. */
  readonly maps?: CardMaps;
  /** Images that could not be read. */
  readonly failed: number;
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  readonly notices: readonly string[];
}

/** What `calibrate --format json` prints. */
export const FITTED_CALIBRATION = object({
  schema: just("medical-x/calibration@1"),
  of: PREDICTOR,
  to: about("The model file that holds the calibration.", text()),
  kind: text(),
  description: about("How it was fitted and on what, in words.", text()),
  n_images: count(),
  n_patients: count(),
  findings: about(
    "By label.",
    byName(
      object({
        n_positive: count(),
        raw: about(
          "Figures of the raw probabilities; null if no image has a known label.",
          orNull(object(calibrationFields())),
        ),
        calibrated_out_of_fold: about(
          "Figures of the calibrated probabilities of images that took no part in the fit; null if the calibration could not be fitted without them.",
          orNull(object(calibrationFields())),
        ),
      }),
    ),
  ),
  not_calibrated: about("Labels that could not be calibrated.", texts()),
  maps: maybe(
    about("The heatmaps that were chosen, as the card has them; only if they were asked for.", CARD_MAPS),
  ),
  warnings: texts(),
  notes: texts(),
  notice: about("What the result may be used for.", text()),
});

/** What `medical-x calibrate --format json` prints. */
export type FittedCalibrationJson = Of<typeof FITTED_CALIBRATION>;
