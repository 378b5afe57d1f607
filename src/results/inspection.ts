/**
 * What is in a checkpoint.
 *
 * Knows: plain data.
 */

import { PREPARATION } from "../image/preparation.ts";
import { ACTIVATIONS } from "../models/activation.ts";
import { about, just, list, type Of, object, oneOf, orNull, text, whole } from "../schema/schema.ts";
import { texts } from "./figures.ts";

/** What `models inspect --format json` prints. */
export const INSPECTION = object({
  format: text(),
  where: about("Where in the file the tensors were found.", text()),
  tensors: about(
    "As the file names them.",
    list(object({ name: text(), dtype: text(), shape: list(whole(0)) })),
  ),
  labels: about("Null where nothing says what the outputs are.", orNull(texts())),
  labelSource: about("Where the labels are from, in words.", orNull(text())),
  preparation: orNull(PREPARATION),
  source: about("Where the weights are from, as the card says.", orNull(text())),
  trainedOn: about(
    "Set where the findings were learned from drawn phantoms alone.",
    orNull(just("phantoms")),
  ),
  calibration: about("How its calibration was fitted, in words; null where it has none.", orNull(text())),
  learnedFrom: about(
    "Data sets that it has seen, as the card says; null where it does not.",
    orNull(texts()),
  ),
  activation: about("What its logits become.", orNull(oneOf(ACTIVATIONS))),
  notes: about("What is to be said of how the file was read.", texts()),
  unmatched: about(
    "Tensors that keep the file from being a DenseNet121: missing, left over, or of another shape.",
    texts(),
  ),
});

export type Inspection = Of<typeof INSPECTION>;
