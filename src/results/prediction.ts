/**
 * What is reported of one image, whatever the format.
 *
 * Knows: plain data.
 */

import { ACTIVATIONS } from "../models/activation.ts";
import {
  about,
  byName,
  either,
  just,
  list,
  maybe,
  number,
  type Of,
  object,
  oneOf,
  orNull,
  text,
} from "../schema/schema.ts";
import { share, texts } from "./figures.ts";

/** Detection thresholds: one for all findings, or the model card's per finding. */
export type Threshold = number | "card";

const SCHEMA = just("medical-x/prediction@1");
const IMAGE = about("The path as it was given or found.", text());

const MODEL = object({
  name: text(),
  sha256: about("The file's.", text()),
  labels: about("In the model's order.", texts()),
  labelSource: about("Where the labels are from, in words.", text()),
  calibration: maybe(about("How its calibration was fitted, where it has one.", text())),
  activation: about("What its logits became.", oneOf(ACTIVATIONS)),
  notes: about("What is to be said of how its file was read: what was found, assumed or left out.", texts()),
});

const PICTURE = object({
  finding: text(),
  file: text(),
  method: text(),
  layer: about("As torchvision names it; norm5: its output before the ReLU.", text()),
});

/** A finished image. */
export const FINISHED = object({
  schema: SCHEMA,
  image: IMAGE,
  model: MODEL,
  threshold: about(
    "One for all findings; or `card`, then `thresholds` holds each finding's.",
    either(share(), just("card"), "must be a number from 0 to 1, or card"),
  ),
  thresholds: maybe(about("By label.", byName(share()))),
  detected: about("Labels at or over their threshold, in the model's order.", texts()),
  truth: maybe(
    about(
      "What a label file says of the image, by label: 1, 0, or null where it leaves it open.",
      byName(orNull(oneOf([0, 1]))),
    ),
  ),
  probabilities: about("By label; float32 in nine digits.", byName(share())),
  calibrated: maybe(
    about(
      "By label: a second probability, of the model's calibration, where it has one. Thresholds are on `probabilities`.",
      byName(share()),
    ),
  ),
  logits: about("By label; float32 in nine digits.", byName(number())),
  preparation: about("Every step that was done to the image, in order.", texts()),
  notes: about("What is worth knowing about how the image was read; empty for most.", texts()),
  gradcam: about("Pictures that were saved.", list(PICTURE)),
  notice: about("What it may be used for.", text()),
});

/** An image that could not be done. */
export const FAILED = object({
  schema: SCHEMA,
  image: IMAGE,
  error: about("Instead of results.", object({ code: text(), message: text() })),
});

/** What `predict --format json` prints of one image. */
export const PREDICTION = either(FINISHED, FAILED, "must be a prediction, or say why there is none");

export type PredictionJson = Of<typeof PREDICTION>;

/** A finished result. Records are keyed by label. */
export interface Result extends Omit<Of<typeof FINISHED>, "schema" | "thresholds"> {
  readonly labels: readonly string[];
  /** Each label's threshold. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** An image that could not be done. */
export type Failure = Omit<Of<typeof FAILED>, "schema">;

export const isFailure = (outcome: Result | Failure): outcome is Failure => "error" in outcome;
