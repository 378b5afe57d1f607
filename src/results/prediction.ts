/**
 * The result for one image, in whatever format it is reported.
 *
 * Knows: plain data.
 */

import { CHECK_NAMES, CHECK_OUTCOMES } from "../checks/check.ts";
import { ACTIVATIONS } from "../models/activation.ts";
import {
  about,
  above,
  base64,
  byName,
  either,
  just,
  list,
  maybe,
  number,
  numbers,
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
const IMAGE = about("The path, as it was given or found.", text());

const MODEL = object({
  name: text(),
  sha256: about("SHA-256 of the file.", text()),
  labels: about("In the model's order.", texts()),
  labelSource: about("Where the labels come from, in words.", text()),
  calibration: maybe(about("How its calibration was fitted; only if it has one.", text())),
  activation: about(
    "The activation that was applied to its outputs; `none` if they are probabilities already.",
    oneOf(ACTIVATIONS),
  ),
  notes: about("Notes on how its file was read: what was found, assumed or left out.", texts()),
});

const PICTURE = object({
  finding: text(),
  file: text(),
  method: text(),
  layer: about(
    "The layers, as torchvision names them, joined by +; for norm5, its output before the ReLU.",
    text(),
  ),
});

const REGION = object({
  finding: text(),
  box: about("Left and top edges, width and height of the region, in pixels of the image.", numbers(4)),
  polygon: about(
    "The region's outer border as points [x, y], in pixels of the image. The last point joins the first.",
    list(numbers(2)),
  ),
  level: about(
    "Share of the heatmap's maximum that the region is at or above: the model card's for this finding, if the heatmap is the card's, or 180/255.",
    above(0, 1),
  ),
});

/** A region of an image where a finding's heatmap is hot. */
export type FindingRegion = Of<typeof REGION>;

const HEATMAPS = object({
  findings: maybe(
    about("The labels of the maps, in order; all labels in the model's order if absent.", texts()),
  ),
  shape: about("Number of maps, height and width.", numbers(3)),
  region: maybe(
    about(
      "The part of the image that the maps cover: left and top edges, width and height, in pixels of the image; with ten-crop, that of the centre crop.",
      numbers(4),
    ),
  ),
  data: about(
    "The raw maps as base64 of little-endian float32, map by map and row by row; after the ReLU, neither normalised nor resized unless fused.",
    base64(),
  ),
});

const CHECK = object({
  check: oneOf(CHECK_NAMES),
  outcome: about("`unknown` if there was nothing to judge by.", oneOf(CHECK_OUTCOMES)),
  reason: about("The figure or the attribute that decided, in words.", text()),
});

/** A finished image. */
export const FINISHED = object({
  schema: SCHEMA,
  image: IMAGE,
  model: MODEL,
  threshold: about(
    "One threshold for all findings; or `card`, in which case `thresholds` has one for each finding.",
    either(share(), just("card"), "must be a number from 0 to 1, or card"),
  ),
  thresholds: maybe(about("By label.", byName(share()))),
  detected: about("Labels whose probability is at or above their threshold, in the model's order.", texts()),
  truth: maybe(
    about(
      "What a label file says about the image, by label: 1, 0, or null if it does not say.",
      byName(orNull(oneOf([0, 1]))),
    ),
  ),
  probabilities: about("By label; float32 with nine digits.", byName(share())),
  calibrated: maybe(
    about(
      "By label: calibrated probabilities, if the model has a calibration. Thresholds apply to `probabilities`.",
      byName(share()),
    ),
  ),
  logits: about("By label; float32 with nine digits.", byName(number())),
  preparation: about("Every step that was applied to the image, in order.", texts()),
  notes: about("Notes on how the image was read; empty for most images.", texts()),
  checks: about("What the input checks say about the image. No check changes a probability.", list(CHECK)),
  gradcam: about("Pictures that were saved.", list(PICTURE)),
  regions: maybe(
    about(
      "Where the heatmaps that were drawn are hot: each finding's connected regions, largest first. Absent without overlays.",
      list(REGION),
    ),
  ),
  heatmaps: maybe(about("The heatmaps as numbers; only from the server and the page.", HEATMAPS)),
  notice: about("What the result may be used for.", text()),
});

/** An image that failed. */
export const FAILED = object({
  schema: SCHEMA,
  image: IMAGE,
  error: about("Why there is no result.", object({ code: text(), message: text() })),
});

/** What `predict --format json` prints for one image. */
export const PREDICTION = either(FINISHED, FAILED, "must be a prediction, or say why there is none");

export type PredictionJson = Of<typeof PREDICTION>;

/** A finished result. Records are keyed by label. */
export interface Result extends Omit<Of<typeof FINISHED>, "schema" | "thresholds"> {
  readonly labels: readonly string[];
  /** Each label's threshold. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** An image that failed. */
export type Failure = Omit<Of<typeof FAILED>, "schema">;

export const isFailure = (outcome: Result | Failure): outcome is Failure => "error" in outcome;
