/**
 * The JSON documents that the commands print, write and read, with the schema of each.
 *
 * `scripts/make-schemas.mjs` makes docs/schemas/ of them.
 *
 * Knows: the schemas of this room and of those below.
 */

import { DRAWN_NOTE } from "../dataset/phantom/note.ts";
import { CARD } from "../models/card.ts";
import type { Schema } from "../schema/schema.ts";
import { EPOCH_METRICS } from "../training/metrics.ts";
import { RUN_CONFIG } from "../training/run-config.ts";
import { DATA_SUMMARY, SPLIT_PART } from "./data-summary.ts";
import { DICOM_PART, DICOM_SUMMARY } from "./dicom-summary.ts";
import { EVALUATION, FINDING, GROUP, POINT } from "./evaluation-json.ts";
import { CURVES } from "./faithfulness.ts";
import { FITTED_CALIBRATION } from "./fitted-calibration.ts";
import { INSPECTION } from "./inspection.ts";
import { MAP_HITS, MAP_REGIONS } from "./localisation.ts";
import { MODELS_LIST } from "./models-list.ts";
import { PACS_IMAGE, PACS_STATUS, PACS_STUDY } from "./pacs-status.ts";
import { PAGE } from "./page.ts";
import { PREDICTION } from "./prediction.ts";
import { PREDICTOR } from "./predictor.ts";
import { SCORE_STATUS } from "./score-status.ts";
import { PLAN } from "./scoring-plan.ts";
import { SEEN } from "./seen.ts";
import { SERVED_MODEL } from "./served-model.ts";

/** One kind of JSON. */
export interface Document {
  /** `prediction`, of which `@1` is the version. */
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly schema: Schema;
  /** Parts that occur several times, by name. */
  readonly parts?: Readonly<Record<string, Schema>>;
}

export const DOCUMENTS: readonly Document[] = [
  {
    name: "prediction",
    version: 1,
    title: "Prediction for one image",
    description:
      "What `medical-x predict --format json` or `ndjson` prints for each image, and `POST /api/predict` answers.",
    schema: PREDICTION,
  },
  {
    name: "evaluation",
    version: 1,
    title: "Evaluation",
    description: "What `medical-x evaluate --format json` prints, and `--out` writes as metrics.json.",
    schema: EVALUATION,
    parts: {
      curves: CURVES,
      finding: FINDING,
      group: GROUP,
      map_hits: MAP_HITS,
      map_regions: MAP_REGIONS,
      point: POINT,
      predictor: PREDICTOR,
      seen: SEEN,
    },
  },
  {
    name: "plan",
    version: 1,
    title: "Plan for scoring many images",
    description: "What `medical-x score` writes as plan.json.",
    schema: PLAN,
  },
  {
    name: "score-status",
    version: 1,
    title: "How far a plan is",
    description: "What `medical-x score --status --format json` prints.",
    schema: SCORE_STATUS,
  },
  {
    name: "calibration",
    version: 1,
    title: "Fitted calibration",
    description: "What `medical-x calibrate --format json` prints.",
    schema: FITTED_CALIBRATION,
  },
  {
    name: "data-summary",
    version: 1,
    title: "Summary of a data folder",
    description: "What `medical-x data summary --format json` prints.",
    schema: DATA_SUMMARY,
    parts: { dicom_part: DICOM_PART, split_part: SPLIT_PART },
  },
  {
    name: "dicom-summary",
    version: 1,
    title: "Summary of a folder of DICOM files",
    description: "What `medical-x data summary --format json` prints for a folder without a label file.",
    schema: DICOM_SUMMARY,
    parts: { dicom_part: DICOM_PART },
  },
  {
    name: "inspection",
    version: 1,
    title: "Inspection of a checkpoint",
    description: "What `medical-x models inspect --format json` prints.",
    schema: INSPECTION,
  },
  {
    name: "models",
    version: 1,
    title: "Models that a name stands for",
    description:
      "What `medical-x models list --format json` prints: the public models of the catalogue, and the package's own.",
    schema: MODELS_LIST,
  },
  {
    name: "model",
    version: 1,
    title: "Model of a server",
    description: "What `GET /api/model` answers.",
    schema: SERVED_MODEL,
  },
  {
    name: "card",
    version: 1,
    title: "Model card",
    description:
      "What is known about a model besides its weights, in the metadata of its file or in a sidecar `<model file>.json`. Only known fields are set.",
    schema: CARD,
  },
  {
    name: "pacs-status",
    version: 1,
    title: "What was done for an archive",
    description: "What `medical-x pacs status --format json` prints.",
    schema: PACS_STATUS,
    parts: { image: PACS_IMAGE, study: PACS_STUDY },
  },
  {
    name: "page",
    version: 1,
    title: "What the page is told",
    description:
      "The page.json beside the page, which `medical-x serve` answers and `--export` writes: the model, example images, and where images may be computed.",
    schema: PAGE,
  },
  {
    name: "training",
    version: 1,
    title: "Configuration of a training run",
    description: "The config.json in the folder of a run.",
    schema: RUN_CONFIG,
  },
  {
    name: "epoch",
    version: 1,
    title: "Metrics of one epoch",
    description: "One line of metrics.ndjson in the folder of a run.",
    schema: EPOCH_METRICS,
  },
  {
    name: "phantom",
    version: 1,
    title: "Note on drawn phantoms",
    description: "The phantom.json in a folder that `medical-x data phantom` wrote.",
    schema: DRAWN_NOTE,
  },
];
