/**
 * The library's function that evaluates: it returns the figures as plain data, and writes a report folder if one is
 * named.
 *
 * Pipeline:   options → request → figures → **JSON** → caller
 * Knows:      what the command prints as JSON. Not how figures come about: that code is loaded on demand, so that
 *             programs which only predict need not wait for it.
 */

import { asXrayError } from "../../errors.ts";
import type { EvaluationJson } from "../../results/evaluation-json.ts";
import { abortable, type WorkOptions } from "../work/options.ts";
import type { EvaluationOptions } from "./request.ts";

/** What to evaluate, and how to follow the work. */
export interface EvaluateOptions extends EvaluationOptions, WorkOptions {}

/**
 * Evaluate a model on a data folder, or a file of predictions against a label file.
 *
 * Images that cannot be read are left out, reported to `onFailure` and counted in the notes. If `out` cannot be
 * written, `onFailure` receives the error and the figures are still returned; without `onFailure`, that error is
 * thrown.
 *
 * @param options  `data` and `model`, or `predictions` and `labelsFile`; the defaults are those of `medical-x
 *                 evaluate`.
 * @returns        What `medical-x evaluate --format json` prints: AUROC, average precision, calibration and operating
 * points of each finding with intervals, subgroups, localisation. Figures that cannot be computed from the images are
 * null.
 * @throws         XrayError `evaluation/…`, `model/…`, `data/…`, `labels/…`, `predictions/…`, `threshold/no-card`,
 *                 `file/…`; the reason of an aborted signal.
 *
 * @example
 * const report = await evaluate({ data: "chestxray14", model: "densenet121_model.pth", out: "figures" });
 * console.log(report.findings.Effusion?.auroc, report.findings.Effusion?.auroc_ci);
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationJson> {
  const { signal, onProgress, onFailure, ...rest } = options;
  const [{ evaluationRequest }, { evaluateRequest }, { evaluationJson }] = await Promise.all([
    import("./request.ts"),
    import("./evaluation-run.ts"),
    import("../../report/evaluation/json.ts"),
  ]);
  const request = evaluationRequest(rest);
  return abortable(signal, async (isStopping) => {
    const { report, notWritten } = await evaluateRequest(request, {
      isStopping,
      onError: (error) => onFailure?.(asXrayError(error)),
      withProgress: (stage, work) => {
        signal?.throwIfAborted();
        return work((done, total) => onProgress?.({ stage, done, total }));
      },
      untilStopped: (work) => {
        signal?.throwIfAborted();
        return work();
      },
    });
    signal?.throwIfAborted();
    if (notWritten !== undefined) {
      if (onFailure === undefined) throw notWritten;
      onFailure(notWritten);
    }
    return evaluationJson(report);
  });
}
