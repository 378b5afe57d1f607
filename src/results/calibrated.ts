/**
 * Raw and calibrated probabilities: what calibration changed.
 *
 * Knows: plain data.
 */

import type { CalibrationFigures } from "../evaluation/finding-figures.ts";
import type { ReliabilityBin } from "../evaluation/reliability.ts";
import { about, byName, type Of, object, orNull, text } from "../schema/schema.ts";
import { calibrationFields } from "./figure-fields.ts";
import { reliability } from "./figures.ts";

/** Figures of calibrated probabilities. Ranks, and so AUROC, are the raw ones' but for ties and a negative Platt slope. */
export interface CalibratedFigures extends CalibrationFigures {
  /** The same figures for the raw probabilities of the same images. */
  readonly raw: CalibrationFigures;
  readonly bins: readonly ReliabilityBin[];
  /** Bins with equal numbers of images. */
  readonly massBins: readonly ReliabilityBin[];
}

/** The model card's calibration, evaluated on these images. */
export interface CalibratedReport {
  /** How it was fitted and on what, in words. */
  readonly description: string;
  /** In the order of the report's labels; null if the card has none, or a class is missing. */
  readonly findings: readonly (CalibratedFigures | null)[];
}

/** The JSON's field `calibrated`. */
export const CALIBRATED = object({
  description: about("How the calibration was fitted and on what, in words.", text()),
  findings: about(
    "By label; null if the card has no calibration for it, or if all images or none have the finding.",
    byName(
      orNull(
        object({
          ...calibrationFields(),
          raw: about(
            "The same figures for the raw probabilities of these images.",
            object(calibrationFields()),
          ),
          reliability: reliability(),
        }),
      ),
    ),
  ),
});

export type CalibratedJson = Of<typeof CALIBRATED>;
