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
      "At thresholds fitted to these very images, by criterion: optimistic. Null where no threshold reaches the criterion; not in subgroups.",
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
  findings: about("By label. Figures are null where there is no positive or no negative.", byName(FINDING)),
  mean: about("Over the findings that have both classes.", object({ n_findings: count(), ...meanFields() })),
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
    "Differences from the other group or, of more than two, from their median.",
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
  label_file: about("Against which labels.", file()),
  bootstrap: about(
    "How many times patients were drawn for the intervals, and the seed.",
    object({ replicates: whole(0), seed: whole(0) }),
  ),
  thresholds: about("Where those of `operating_point` are from.", oneOf(["card", "given", "default"])),
  warnings: about("What makes figures mean less than they seem to.", texts()),
  seen_by_model: about("Evaluated images that the model has seen, as far as that is known.", SEEN),
  ...EVALUATED,
  calibrated: about("The model card's calibration; null where it has none.", orNull(CALIBRATED)),
  comparison: about(
    "With a second model, or a second file of predictions; null without.",
    orNull(COMPARISON),
  ),
  subgroups: about(
    "By trait and group; a trait with fewer than two groups is null.",
    object({ sex: groups(), age: groups(), view: groups() }),
  ),
  localisation: about("How often heatmaps hit known boxes; null without boxes.", orNull(LOCALISATION)),
  faithfulness: about("Of the heatmaps; null where that was not asked for.", orNull(FAITHFULNESS)),
  notes: about("What was left out, with counts.", texts()),
  notice: about("What it may be used for.", text()),
});

export type EvaluationJson = Of<typeof EVALUATION>;
