/**
 * The request for a calibration: options with their defaults and ranges.
 *
 * Pipeline:   options of a caller → **checked run** → calibrated model file
 * Knows:      names of files. Not how calibrations are fitted.
 */

import { CALIBRATION_KINDS, type CalibrationKind } from "../../calibration/calibration.ts";
import { XrayError } from "../../errors.ts";
import { MAX_BITS, MIN_BITS } from "../../image/preparation.ts";
import { VOI_CHOICES, type VoiChoice } from "../../image/prepare.ts";
import { WEIGHT_KINDS, type WeightKind } from "../../models/choose-weights.ts";
import { PLAIN_RECIPE } from "../../models/map-recipe.ts";
import type { CalibrationReport } from "../../results/fitted-calibration.ts";
import { checkOptions } from "../../schema/options.ts";
import { maybe, object, oneOf, path, seed, some, text, whole, yesOrNo } from "../../schema/schema.ts";
import { calibrateModel } from "./calibrate-model.ts";
import type { CalibrationHooks } from "./card-figures.ts";

/** What to calibrate, on which images, and where to write the model. */
export interface CalibrationOptions {
  /** The data folder with the validation images. */
  readonly data: string;
  /** A checkpoint's file, a public model's name, or `demo`. */
  readonly model: string;
  /** The model file to write. Its extension decides the format: .safetensors, .pth or .onnx. */
  readonly to: string;
  /**
   * `platt` (the default): two numbers for each finding. `temperature`: one number for all findings. `isotonic`: an
   * ascending curve of straight lines for each finding.
   */
  readonly kind?: CalibrationKind | undefined;
  /** Which of a checkpoint's weights to use; by default the plain ones, if there are any. */
  readonly weights?: WeightKind | undefined;
  /** A file with the validation images, one name per line; by default those held out during training. */
  readonly list?: string | undefined;
  /**
   * Whether to choose the heatmap that points best at each finding, by the boxes of images that the model was not
   * trained on, and to write it into the model's card; false by default.
   */
  readonly chooseMaps?: boolean | undefined;
  /** A box file, as a path or as a name in the folder; by default the folder's only one, if there is one. */
  readonly boxes?: string | undefined;
  /** A label file to use instead of the folder's. */
  readonly labelsFile?: string | undefined;
  /** Labels of the label file to calibrate; NIH's findings by default. */
  readonly labels?: readonly string[] | undefined;
  /** Whether to include images with a lateral view; false by default. */
  readonly includeLaterals?: boolean | undefined;
  /** A file with the images that the model was trained on. */
  readonly trainList?: string | undefined;
  /** Random seed of the cross-validation's folds; 0 by default. */
  readonly seed?: number | undefined;
  /** Whether to keep predictions on disk, to resume or to evaluate later; true by default. */
  readonly predictionCache?: boolean | undefined;
  /** `cpu` by default. */
  readonly device?: string | undefined;
  readonly threads?: number | undefined;
  readonly batchSize?: number | undefined;
  /** Number of bits in use in a 16-bit sample, 8 to 16, which takes precedence over the model's card. */
  readonly bits?: number | undefined;
  /** How the stored values of DICOM files become grey levels; as their headers say by default. */
  readonly voi?: VoiChoice | undefined;
  /** Whether to use images that an input check refuses; false by default. */
  readonly force?: boolean | undefined;
}

const OPTIONS = object({
  data: path(),
  model: path(),
  to: path(),
  kind: maybe(oneOf(CALIBRATION_KINDS)),
  weights: maybe(oneOf(WEIGHT_KINDS)),
  list: maybe(path()),
  chooseMaps: maybe(yesOrNo()),
  boxes: maybe(path()),
  labelsFile: maybe(path()),
  labels: maybe(some(text())),
  includeLaterals: maybe(yesOrNo()),
  trainList: maybe(path()),
  seed: maybe(seed()),
  predictionCache: maybe(yesOrNo()),
  device: maybe(text()),
  threads: maybe(whole(1, 1024)),
  batchSize: maybe(whole(1, 1024)),
  bits: maybe(whole(MIN_BITS, MAX_BITS)),
  voi: maybe(oneOf(VOI_CHOICES)),
  force: maybe(yesOrNo()),
});

/**
 * Calibrate, and return a report for printing. Throws what `calibrate` throws, or `evaluation/interrupted` if stopped.
 */
export async function calibrationReport(
  options: CalibrationOptions,
  hooks: CalibrationHooks,
): Promise<CalibrationReport> {
  const run = checkOptions(OPTIONS, options, {
    code: "calibrate/bad-request",
    what: "this cannot be calibrated",
  });
  if (run.boxes !== undefined && run.chooseMaps !== true) {
    const message = "boxes are only used to choose heatmaps; ask for that too, or leave the box file out";
    throw new XrayError("calibrate/bad-request", message, { option: "chooseMaps" });
  }
  return calibrateModel({ kind: "platt", seed: 0, ...run, maps: PLAIN_RECIPE }, hooks);
}
