/**
 * What is in a checkpoint.
 *
 * Knows: plain data.
 */

import { PREPARATION } from "../image/preparation.ts";
import { ACTIVATIONS } from "../models/activation.ts";
import { CARD_MAPS } from "../models/card-maps.ts";
import { CARD_QUANTISED } from "../models/card-quantised.ts";
import {
  about,
  above,
  byName,
  either,
  just,
  list,
  type Of,
  object,
  oneOf,
  orNull,
  text,
  whole,
} from "../schema/schema.ts";
import { texts } from "./figures.ts";

const PORT = object({
  name: text(),
  dtype: about("The element type; null if the file does not say, or if it is no tensor.", orNull(text())),
  shape: about(
    "The extents: a number where it is fixed, a name or `?` where it is free; null if even their number is.",
    orNull(list(either(whole(0), text(), "must be a number or a name"))),
  ),
});

const GRAPH = object({
  irVersion: whole(0),
  producer: about("The program that wrote the file, as it says.", text()),
  opsets: about("The version of each set of operators, by domain.", byName(whole(0))),
  inputs: about("The inputs that must be given.", list(PORT)),
  outputs: list(PORT),
  ops: about("How often each operator is used.", byName(whole(1))),
});

/** What `models inspect --format json` prints. */
export const INSPECTION = object({
  kind: about(
    "`network` if its network is run and not understood; otherwise it is read as the weights of a DenseNet121.",
    oneOf(["densenet121", "network"]),
  ),
  format: text(),
  where: about("Where in the file the tensors were found.", text()),
  tensors: about(
    "The tensors, under the names that the file uses.",
    list(object({ name: text(), dtype: text(), shape: list(whole(0)) })),
  ),
  labels: about("Null if nothing says what the outputs are.", orNull(texts())),
  labelSource: about("Where the labels come from, in words.", orNull(text())),
  preparation: orNull(PREPARATION),
  source: about("Where the weights come from, as the card says.", orNull(text())),
  trainedOn: about(
    "`phantoms` if the findings were learned only from drawn phantoms.",
    orNull(just("phantoms")),
  ),
  calibration: about("How its calibration was fitted, in words; null if it has none.", orNull(text())),
  roc: about(
    "On which images its sensitivity and specificity were measured, in words; null if the card has neither.",
    orNull(text()),
  ),
  learnedFrom: about(
    "Data sets that it was trained on, as the card says; null if the card does not say.",
    orNull(texts()),
  ),
  knownImages: about(
    "What the input check `known-images` measures images by; null if the card has no figures for it.",
    orNull(
      object({
        statistic: about("What is computed of an image, in words.", text()),
        description: about("Which images the figures were computed from, in words.", text()),
        images: about("Number of images that the figures come from.", whole(1)),
        heldOut: about("Number of images that the limit comes from.", whole(1)),
        limit: about("The largest distance at which the check passes.", above(0)),
      }),
    ),
  ),
  maps: about("Which heatmap points best at which finding; null if the card names none.", orNull(CARD_MAPS)),
  quantised: about(
    "What became int8, and what that costs; null if the file has no codes.",
    orNull(CARD_QUANTISED),
  ),
  activation: about(
    "The activation that is applied to its outputs; `none` if they are probabilities already.",
    orNull(oneOf(ACTIVATIONS)),
  ),
  graph: about("The graph of an ONNX file; null for other formats.", orNull(GRAPH)),
  missing: about(
    "Why a network cannot predict as it is, and the way on; null if it can, and for weights of a DenseNet121.",
    orNull(text()),
  ),
  notes: about("Notes on how the file was read.", texts()),
  unmatched: about(
    "Tensors that do not fit a DenseNet121: missing, left over, or of another shape.",
    texts(),
  ),
});

/** What `medical-x models inspect --format json` prints. */
export type Inspection = Of<typeof INSPECTION>;
