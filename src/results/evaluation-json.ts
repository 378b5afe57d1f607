/**
 * An evaluation as JSON: the schema `medical-x/evaluation@1`.
 *
 * Knows: plain data. What the figures mean is in docs/evaluation.md.
 */

import {
  about,
  byName,
  just,
  maybe,
  number,
  type Of,
  object,
  oneOf,
  orNull,
  type SchemaOf,
  text,
  whole,
} from "../schema/schema.ts";
import { CALIBRATED } from "./calibrated.ts";
import { COMPARISON } from "./comparison.ts";
import { FAITHFULNESS } from "./faithfulness.ts";
import { diagnosticFields, findingFields, meanFields } from "./figure-fields.ts";
import { count, file, interval, reliability, texts } from "./figures.ts";
import { LOCALISATION } from "./localisation.ts";
import { PREDICTOR } from "./predictor.ts";
import { SEEN } from "./seen.ts";

const point = object({
  threshold: number(),
  ...diagnosticFields(),
  tp: count(),
  fp: count(),
  tn: count(),
  fn: count(),
});

/** A threshold and what it gives. */
export type PointJson = Of<typeof point>;
export const POINT: SchemaOf<PointJson> = point;

const finding = object({
  n_positive: count(),
  n_negative: count(),
  n_unknown: count(),
  ...findingFields(),
  reliability: orNull(reliability()),
  operating_point: orNull(POINT),
  fitted_here: maybe(
    about(
      "Figures at thresholds that were fitted to these same images, by criterion; they are optimistic. Null if no threshold reaches the criterion; absent in subgroups.",
      orNull(byName(orNull(POINT))),
    ),
  ),
});

/** Figures are null where there is no positive or no negative. */
export type FindingJson = Of<typeof finding>;
export const FINDING: SchemaOf<FindingJson> = finding;

const EVALUATED = {
  n_images: about("Images that have both a prediction and labels.", count()),
  n_patients: count(),
  findings: about("By label. Figures are null if there are no positives or no negatives.", byName(FINDING)),
  mean: about(
    "Means over the findings that have both positives and negatives.",
    object({ n_findings: count(), ...meanFields() }),
  ),
};

const difference = () => orNull(number());

const GAP = {
  auroc: difference(),
  auroc_ci: interval(),
  sensitivity: difference(),
  sensitivity_ci: interval(),
  specificity: difference(),
  specificity_ci: interval(),
};

const group = object({
  ...EVALUATED,
  gaps: about(
    "Differences from the other group or, with more than two groups, from the median of all.",
    object({
      findings: about("By label.", byName(object(GAP))),
      mean: object({ n_findings: count(), ...GAP }),
    }),
  ),
});

/** The figures of some of the images. */
export type GroupJson = Of<typeof group>;
export const GROUP: SchemaOf<GroupJson> = group;

const groups = () => orNull(byName(GROUP));

/** What `evaluate --format json` prints and `--out` writes as `metrics.json`. */
export const EVALUATION = object({
  schema: just("medical-x/evaluation@1"),
  of: about("What was evaluated.", PREDICTOR),
  label_file: about("The label file that it was evaluated against.", file()),
  bootstrap: about(
    "How many times patients were resampled for the intervals, and the random seed.",
    object({ replicates: whole(0), seed: whole(0) }),
  ),
  thresholds: about(
    "Where the thresholds of `operating_point` come from.",
    oneOf(["card", "given", "default"]),
  ),
  warnings: about(
    "Reasons why the figures may be optimistic, such as images that the model has seen.",
    texts(),
  ),
  seen_by_model: about("How many evaluated images the model has seen, as far as that is known.", SEEN),
  ...EVALUATED,
  calibrated: about(
    "Figures of the probabilities after the model card's calibration; null if the card has none.",
    orNull(CALIBRATED),
  ),
  comparison: about(
    "Comparison with a second model or prediction file; null without one.",
    orNull(COMPARISON),
  ),
  subgroups: about(
    "By trait and group. A trait with fewer than two groups is null.",
    object({ sex: groups(), age: groups(), view: groups() }),
  ),
  localisation: about(
    "How often heatmaps hit known boxes; null if there are no boxes.",
    orNull(LOCALISATION),
  ),
  faithfulness: about("Faithfulness of the heatmaps; null unless it was asked for.", orNull(FAITHFULNESS)),
  notes: about("What was left out, with counts.", texts()),
  notice: about("What the result may be used for.", text()),
});

/** What `medical-x evaluate --format json` prints; as JSON Schema in `docs/schemas/evaluation.json`. */
export type EvaluationJson = Of<typeof EVALUATION>;
