/**
 * Calibrated probabilities beside raw ones: what calibration changed.
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
  /** The same of the raw probabilities of these very images. */
  readonly raw: CalibrationFigures;
  readonly bins: readonly ReliabilityBin[];
  /** The same of equally many images each. */
  readonly massBins: readonly ReliabilityBin[];
}

/** The model card's calibration, judged on the evaluated images. */
export interface CalibratedReport {
  /** How it was fitted and on what, in words. */
  readonly description: string;
  /** In the order of the report's labels; null where the card has none, or a class is missing. */
  readonly findings: readonly (CalibratedFigures | null)[];
}

/** The JSON's field `calibrated`. */
export const CALIBRATED = object({
  description: about("How the calibration was fitted and on what, in words.", text()),
  findings: about(
    "By label; null where the card has no calibration of it, or a class is missing.",
    byName(
      orNull(
        object({
          ...calibrationFields(),
          raw: about("The same of the raw probabilities of the same images.", object(calibrationFields())),
          reliability: reliability(),
        }),
      ),
    ),
  ),
});

export type CalibratedJson = Of<typeof CALIBRATED>;
