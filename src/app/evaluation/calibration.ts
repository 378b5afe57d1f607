/**
 * The library's function that calibrates a model.
 *
 * Pipeline:   options → checked → calibrated model file → **JSON** → caller
 * Knows:      what the command prints as JSON. Not how calibrations are fitted.
 */

import type { FittedCalibrationJson } from "../../results/fitted-calibration.ts";
import { abortable, type WorkOptions } from "../work/options.ts";
import type { CalibrationOptions } from "./calibration-request.ts";

/** What to calibrate, and how to follow the work. */
export interface CalibrateOptions extends CalibrationOptions, WorkOptions {}

/**
 * Fit calibrated probabilities on validation images, and write a copy of the model with the calibration.
 *
 * @param options  `data`, `model` and `to`; the defaults are those of `medical-x calibrate`.
 * @returns        What `medical-x calibrate --format json` prints: the calibration, and the Brier score and calibration
 *                 error of each finding before and after, cross-validated over patients.
 * @throws         XrayError `calibrate/…`, `convert/…`, `model/…`, `data/…`, `labels/…`, `evaluation/…`, `file/…`; the
 *                 reason of an aborted signal.
 *
 * @example
 * const model = "densenet121_model.pth";
 * await calibrate({ data: "chestxray14", model, list: "validation.txt", to: "calibrated.safetensors" });
 */
export async function calibrate(options: CalibrateOptions): Promise<FittedCalibrationJson> {
  const { signal, onProgress, onFailure, ...rest } = options;
  const [{ calibrationReport }, { calibrationJson }] = await Promise.all([
    import("./calibration-request.ts"),
    import("../../report/calibration-report.ts"),
  ]);
  const report = await abortable(signal, (isStopping) =>
    calibrationReport(rest, {
      isStopping,
      withProgress: (stage, work) => work((done, total) => onProgress?.({ stage, done, total })),
      onFailure: (error) => onFailure?.(error),
    }),
  );
  return calibrationJson(report);
}
