/**
 * The request for an evaluation: options with their defaults and ranges, and which of them go together.
 *
 * Pipeline:   options of a caller → **checked request** → evaluation
 * Knows:      names of files and figures. Not how an evaluation is done.
 */

import type { Model } from "../../engine/model.ts";
import { XrayError } from "../../errors.ts";
import { HEATMAP_METHODS } from "../../heatmaps/methods.ts";
import { MAX_BITS, MIN_BITS } from "../../image/preparation.ts";
import { VOI_CHOICES, type VoiChoice } from "../../image/prepare.ts";
import { WEIGHT_KINDS, type WeightKind } from "../../models/choose-weights.ts";
import { HEATMAP_LAYERS } from "../../models/densenet121.ts";
import { chooseMaps, type MapChoice, type MapOptions } from "../../models/map-choice.ts";
import type { Threshold } from "../../results/prediction.ts";
import { checkOptions } from "../../schema/options.ts";
import {
  above,
  between,
  either,
  just,
  maybe,
  object,
  oneOf,
  path,
  seed,
  some,
  text,
  whole,
  yesOrNo,
} from "../../schema/schema.ts";
import { type LoadedModel, loadedModel } from "../models/loaded-models.ts";

const MODEL_OPTIONS = {
  list: maybe(path()),
  weights: maybe(oneOf(WEIGHT_KINDS)),
  boxes: maybe(path()),
  method: maybe(oneOf([...HEATMAP_METHODS, "card"])),
  layer: maybe(
    either(
      oneOf(HEATMAP_LAYERS),
      some(oneOf(HEATMAP_LAYERS)),
      `must be one or more of ${HEATMAP_LAYERS.join(", ")}`,
    ),
  ),
  faithfulness: maybe(whole(1, 10_000)),
  predictionCache: maybe(yesOrNo()),
  device: maybe(text()),
  threads: maybe(whole(1, 1024)),
  batchSize: maybe(whole(1, 1024)),
  bits: maybe(whole(MIN_BITS, MAX_BITS)),
  voi: maybe(oneOf(VOI_CHOICES)),
  force: maybe(yesOrNo()),
};

const OPTIONS = object({
  ...MODEL_OPTIONS,
  data: maybe(path()),
  model: maybe(path()),
  predictions: maybe(path()),
  labelsFile: maybe(path()),
  labels: maybe(some(text())),
  against: maybe(path()),
  trainList: maybe(path()),
  includeLaterals: maybe(yesOrNo()),
  threshold: maybe(either(between(0, 1), just("card"), 'must be a number from 0 to 1, or "card"')),
  targetSensitivity: maybe(above(0, 1)),
  targetSpecificity: maybe(above(0, 1)),
  bootstrap: maybe(whole(100, 10_000)),
  seed: maybe(seed()),
  out: maybe(path()),
  examples: maybe(whole(0, 20)),
});

/** What to evaluate, and how: a model on a data folder, or predictions against a label file. */
export interface EvaluationOptions {
  /** A data folder, for use with `model`; its test_list.txt is used if present. */
  readonly data?: string | undefined;
  /** A checkpoint file, the name of a public model, `demo`, or a loaded model. */
  readonly model?: string | Model | undefined;
  /** Which of a checkpoint's weights to use; by default the plain ones, if there are any. */
  readonly weights?: WeightKind | undefined;
  /** A file with the images to evaluate, one name per line. */
  readonly list?: string | undefined;
  /** A CSV file with columns `Image Index` and `prob_<Finding>`, instead of a model. */
  readonly predictions?: string | undefined;
  /** The label file of the predictions, or one to use instead of the folder's. */
  readonly labelsFile?: string | undefined;
  /** Labels of the label file to evaluate; NIH's findings by default. */
  readonly labels?: readonly string[] | undefined;
  /** Other predictions of the same images, or another model, to compare with. */
  readonly against?: string | Model | undefined;
  /** The box file to compare heatmaps with; the folder's own by default. */
  readonly boxes?: string | undefined;
  /** A file with the images that the model was trained on. */
  readonly trainList?: string | undefined;
  /** Whether to include images with a lateral view; false by default. */
  readonly includeLaterals?: boolean | undefined;
  /** One operating point for all findings, or `card` for the model's own; by default the model's own, else 0.5. */
  readonly threshold?: Threshold | undefined;
  /** Also fit thresholds that reach this sensitivity, above 0 and at most 1. */
  readonly targetSensitivity?: number | undefined;
  /** Also fit thresholds that reach this specificity, above 0 and at most 1. */
  readonly targetSpecificity?: number | undefined;
  /** The method of the heatmaps that are compared with boxes; Grad-CAM by default, or `card` for the card's. */
  readonly method?: MapOptions["method"];
  /** norm5 by default; for fused methods norm5, denseblock3 and denseblock2. */
  readonly layer?: MapOptions["layer"];
  /** Draw deletion and insertion curves for at most this many images of each finding. */
  readonly faithfulness?: number | undefined;
  /** Bootstrap replicates over patients, 100 to 10,000; 1000 by default. */
  readonly bootstrap?: number | undefined;
  /** 0 by default. */
  readonly seed?: number | undefined;
  /** A folder for report.html, figures, metrics.json, metrics.csv and predictions.csv. */
  readonly out?: string | undefined;
  /** Worst misses, false alarms and best hits of each finding in the report, 0 to 20; 3 by default. */
  readonly examples?: number | undefined;
  /** Whether to keep predictions on disk, to resume or evaluate again; true by default. */
  readonly predictionCache?: boolean | undefined;
  /** By default `cpu`, or where a loaded model runs. */
  readonly device?: string | undefined;
  readonly threads?: number | undefined;
  readonly batchSize?: number | undefined;
  /** Number of bits in use in a 16-bit sample, 8 to 16, which takes precedence over the model's card. */
  readonly bits?: number | undefined;
  /** How the stored values of DICOM files become grey levels; as their headers say by default. */
  readonly voi?: VoiChoice | undefined;
  /** Whether to predict images that an input check refuses; false by default. */
  readonly force?: boolean | undefined;
}

/** Options completed with defaults. Files and models are given by name, including loaded models. */
export interface EvaluationRequest {
  readonly data?: string;
  readonly model?: string;
  /** The models behind `model` and `against`, if these have already been loaded. */
  readonly loaded: { readonly model?: LoadedModel; readonly against?: LoadedModel };
  readonly weights?: WeightKind;
  readonly list?: string;
  readonly predictions?: string;
  readonly labelsFile?: string;
  readonly labels?: readonly string[];
  readonly against?: string;
  readonly boxes?: string;
  readonly trainList?: string;
  readonly includeLaterals: boolean;
  readonly threshold?: Threshold;
  readonly targetSensitivity?: number;
  readonly targetSpecificity?: number;
  /** The heatmaps that are compared with boxes. */
  readonly maps: MapChoice;
  readonly faithfulness?: number;
  readonly bootstrap: number;
  readonly seed: number;
  readonly out?: string;
  readonly examples: number;
  readonly predictionCache: boolean;
  readonly device?: string;
  readonly threads?: number;
  readonly batchSize?: number;
  readonly bits?: number;
  readonly voi?: VoiChoice;
  readonly force?: boolean;
}

const DEFAULTS = {
  includeLaterals: false,
  bootstrap: 1000,
  seed: 0,
  examples: 3,
  predictionCache: true,
} as const;

/** Whether a name is that of a prediction file rather than of a model. */
export const isCsv = (name: string): boolean => /\.csv$/i.test(name);

function refuse(message: string, options: readonly string[]): XrayError {
  return new XrayError("evaluation/bad-request", message, { options });
}

/** The name of a model and, if it has been loaded, what belongs to it. */
function named(model: string | Model | undefined): { name?: string; loaded?: LoadedModel } {
  if (model === undefined) return {};
  if (typeof model === "string") return { name: model };
  const loaded = loadedModel(model);
  return { name: loaded.place, loaded };
}

/** Check that options go together. */
function checkTogether(options: EvaluationOptions, request: Partial<EvaluationRequest>): void {
  const { data, model, predictions, labelsFile, against, out, examples } = request;
  const isModel = predictions === undefined && data !== undefined && model !== undefined;
  const isPredictions =
    predictions !== undefined && labelsFile !== undefined && data === undefined && model === undefined;
  if (predictions !== undefined) {
    const name = Object.keys(MODEL_OPTIONS).find(
      (key) => options[key as keyof EvaluationOptions] !== undefined,
    );
    if (name !== undefined)
      throw refuse(`${name} applies to a model only: give data and model instead of predictions`, [name]);
  }
  if (!isModel && !isPredictions)
    throw refuse("an evaluation needs either a model and a data folder, or predictions and a label file", [
      "data",
      "model",
      "predictions",
      "labelsFile",
    ]);
  if (isPredictions && against !== undefined && !isCsv(against))
    throw refuse(
      `${against}: predictions can only be compared with other predictions in a CSV file; to compare two models, give data and model`,
      ["against"],
    );
  if (out === undefined && examples !== undefined && examples > 0)
    throw refuse("examples are part of the report: name a folder for it", ["examples", "out"]);
}

/** Weights and bits are chosen when a model is loaded. */
function checkUnloaded({ weights, bits }: EvaluationOptions, loaded: EvaluationRequest["loaded"]): void {
  const isWeights = weights !== undefined && loaded.model !== undefined;
  const isBits = bits !== undefined && (loaded.model ?? loaded.against) !== undefined;
  if (!isWeights && !isBits) return;
  const name = isWeights ? "weights" : "bits";
  throw refuse(`${name} must be given when the model is loaded, not when it is evaluated`, [name]);
}

/**
 * Make a request from options.
 *
 * @throws  XrayError `evaluation/bad-request` if an option has a wrong value, or if options do not go together;
 *          `heatmaps/layer-count`;
 *          `model/released`.
 */
export function evaluationRequest(options: EvaluationOptions): EvaluationRequest {
  const [model, against] = [named(options.model), named(options.against)];
  const checked = checkOptions(
    OPTIONS,
    { ...options, model: model.name, against: against.name },
    { code: "evaluation/bad-request", what: "this cannot be evaluated" },
  );
  checkTogether(options, checked);
  const loaded = {
    ...(model.loaded === undefined ? {} : { model: model.loaded }),
    ...(against.loaded === undefined ? {} : { against: against.loaded }),
  };
  checkUnloaded(options, loaded);
  const { method, layer, ...rest } = checked;
  return { ...DEFAULTS, ...rest, maps: chooseMaps({ method, layer }), loaded };
}
