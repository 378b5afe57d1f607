/**
 * A model as the server describes it.
 *
 * Knows: plain data.
 */

import { MODEL_CALIBRATION } from "../calibration/by-label.ts";
import { PREPARATION } from "../image/preparation.ts";
import { ACTIVATIONS } from "../models/activation.ts";
import { CARD_MAPS } from "../models/card-maps.ts";
import { CARD_ROC } from "../models/card-roc.ts";
import { about, byName, just, maybe, type Of, object, oneOf, text } from "../schema/schema.ts";
import { share, texts } from "./figures.ts";

export const SERVED_MODEL = object({
  schema: just("medical-x/model@1"),
  version: about("The version of Medical-X.", text()),
  name: about("The name of the model's file, or `demo`.", text()),
  sha256: about("SHA-256 of the file.", text()),
  labels: about("In the model's order.", texts()),
  labelSource: about("Where the labels come from, in words.", text()),
  preparation: about("How images are prepared for the model: named steps, in order.", PREPARATION),
  activation: about(
    "The activation that is applied to its outputs; `none` if they are probabilities already.",
    oneOf(ACTIVATIONS),
  ),
  operatingPoints: maybe(
    about("The threshold on each label's probability, if the model has some.", byName(share())),
  ),
  roc: maybe(
    about(
      "The sensitivity and specificity that were measured, by threshold, if the model says them.",
      CARD_ROC,
    ),
  ),
  calibration: maybe(
    about("How probabilities are corrected, if the model has a calibration.", MODEL_CALIBRATION),
  ),
  maps: maybe(about("Which heatmap points best at which finding, if the model says so.", CARD_MAPS)),
  source: maybe(about("Where the weights come from.", text())),
  licence: maybe(text()),
  citation: maybe(text()),
  notes: about("Notes on how its file was read: what was found, assumed or left out.", texts()),
  notices: about("What results may be used for.", texts()),
});

export type ServedModel = Of<typeof SERVED_MODEL>;
