/**
 * What a calibration is asked for: options with their defaults and ranges.
 *
 * Pipeline:   options of a caller → **checked run** → calibrated model file
 * Knows:      names of files. Not how calibrations are fitted.
 */

import { CALIBRATION_KINDS, type CalibrationKind } from "../../calibration/calibration.ts";
import { MAX_BITS, MIN_BITS } from "../../image/preparation.ts";
import { WEIGHT_KINDS, type WeightKind } from "../../models/choose-weights.ts";
import type { CalibrationReport } from "../../results/fitted-calibration.ts";
import { check, maybe, object, oneOf, path, some, text, whole, yesOrNo } from "../../schema/schema.ts";
import { calibrateModel } from "./calibrate-model.ts";
import type { FolderHooks } from "./predict-folder.ts";

/** What is calibrated, by which images, and where the model goes. */
export interface CalibrationOptions {
  /** The data folder with the validation images. */
  readonly data: string;
  /** A checkpoint's file, a public model's name, or `demo`. */
  readonly model: string;
  /** The model file to write; its ending decides the format: .safetensors, .pth or .onnx. */
  readonly to: string;
  /**
   * `platt` unless given: two numbers for each finding. `temperature`: one number for all findings. `isotonic`: a rising
   * curve of straight lines for each finding.
   */
  readonly kind?: CalibrationKind | undefined;
  /** Which of a checkpoint's weights are used: plain ones where there are any, unless given. */
  readonly weights?: WeightKind | undefined;
  /** A file with the validation images, one name a line; those that the training held out unless given. */
  readonly list?: string | undefined;
  /** A label file in place of the folder's. */
  readonly labelsFile?: string | undefined;
  /** Labels of the label file to calibrate; NIH's findings unless given. */
  readonly labels?: readonly string[] | undefined;
  /** Whether images with a lateral view take part; they do not unless asked for. */
  readonly includeLaterals?: boolean | undefined;
  /** A file with the images that the model was trained on. */
  readonly trainList?: string | undefined;
  /** Of the cross-validation's folds; 0 unless given. */
  readonly seed?: number | undefined;
  /** Whether predictions are kept on disk, to resume and to evaluate later; they are unless turned off. */
  readonly predictionCache?: boolean | undefined;
  /** `cpu` unless given. */
  readonly device?: string | undefined;
  readonly threads?: number | undefined;
  readonly batchSize?: number | undefined;
  /** How many bits of a 16-bit sample are used, 8 to 16, over what the model's card says. */
  readonly bits?: number | undefined;
}

const OPTIONS = object({
  data: path(),
  model: path(),
  to: path(),
  kind: maybe(oneOf(CALIBRATION_KINDS)),
  weights: maybe(oneOf(WEIGHT_KINDS)),
  list: maybe(path()),
  labelsFile: maybe(path()),
  labels: maybe(some(text())),
  includeLaterals: maybe(yesOrNo()),
  trainList: maybe(path()),
  seed: maybe(whole(0, 2 ** 32 - 1)),
  predictionCache: maybe(yesOrNo()),
  device: maybe(text()),
  threads: maybe(whole(1, 1024)),
  batchSize: maybe(whole(1, 1024)),
  bits: maybe(whole(MIN_BITS, MAX_BITS)),
});

/** Calibrate, with a report that can be printed. Throws as `calibrate`; `evaluation/interrupted` where it is stopped. */
export async function calibrationReport(
  options: CalibrationOptions,
  hooks: FolderHooks,
): Promise<CalibrationReport> {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const run = check(OPTIONS, given, { code: "calibrate/bad-request", what: "this cannot be calibrated" });
  return calibrateModel({ kind: "platt", seed: 0, ...run, method: "gradcam", layer: "norm5" }, hooks);
}
