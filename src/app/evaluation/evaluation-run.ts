/**
 * One evaluation: predictions and labels in, figures and a report folder out.
 *
 * Pipeline:   request → input → **figures, comparison, faithfulness, examples → report, files** → caller
 * Knows:      the order of events. Not how figures are printed, or progress is shown.
 */

import { basename } from "node:path";
import { asXrayError, XrayError } from "../../errors.ts";
import { readText } from "../../node/data-folder.ts";
import type { EvaluationReport } from "../../results/evaluation.ts";
import type { FindingExamples } from "../../results/examples.ts";
import { locateModel } from "../models/locate-model.ts";
import { compareInputs } from "./compare.ts";
import { type EvaluateOptions, evaluateInput, warningsOf } from "./evaluate.ts";
import { chooseExamples, drawExamples } from "./examples.ts";
import { measureFaithfulness } from "./faithfulness.ts";
import type { EvaluationInput } from "./input.ts";
import { inputFromModel, type ModelRun } from "./model.ts";
import { inputFromPredictions } from "./predictions.ts";
import { type EvaluationRequest, isCsv } from "./request.ts";
import { checkInputs, checkOutput, writeReport } from "./write-report.ts";

/** Callbacks during a run. */
export interface EvaluationHooks {
  /** Called with a failure, after which the rest of the work continues. */
  readonly onError: (error: unknown) => void;
  /** Whether to end work that can be stopped. */
  readonly isStopping: () => boolean;
  /** Wraps long work, which reports how many items are done. */
  readonly withProgress: <T>(what: string, work: (onProgress: Progress) => Promise<T>) => Promise<T>;
  /** Wraps work that, after `isStopping`, ends by itself or is finished anyway. */
  readonly untilStopped: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Called with the number of items that are done, and their total. */
type Progress = (done: number, total: number) => void;

/** The outcome of a run. */
interface Evaluated {
  readonly report: EvaluationReport;
  /** Why the report folder was not written; undefined if it was, or if none was requested. */
  readonly notWritten: XrayError | undefined;
  /** Number of images that could not be read and pictures that could not be drawn; the others are done. */
  readonly failed: number;
}

/** One run of a request. */
class EvaluationRun {
  readonly #request: EvaluationRequest;
  readonly #hooks: EvaluationHooks;
  #failed = 0;

  constructor(request: EvaluationRequest, hooks: EvaluationHooks) {
    this.#request = request;
    this.#hooks = hooks;
  }

  /** Tells files of the same name in two folders apart by their paths. */
  #named(path: string): { name?: string } {
    const { model, predictions, against } = this.#request;
    const own = model ?? predictions ?? "";
    const isAlike = against !== undefined && own !== against && basename(own) === basename(against);
    return isAlike ? { name: path } : {};
  }

  /** How to run a model on the folder; undefined if predictions come from a file. */
  #modelRun(which: "model" | "against" = "model"): ModelRun | undefined {
    const { data, loaded: all, ...rest } = this.#request;
    const [model, loaded] = [rest[which], all[which]];
    if (data === undefined || model === undefined) return undefined;
    const { device, threads } = { ...loaded?.options, ...rest };
    return {
      ...rest,
      ...(device === undefined ? {} : { device }),
      ...(threads === undefined ? {} : { threads }),
      ...this.#named(model),
      data,
      model,
      ...(loaded === undefined ? {} : { loaded }),
    };
  }

  /** Predict the folder's images, reporting those that fail. */
  async #predicted(run: ModelRun, what: string): Promise<EvaluationInput> {
    const { onError, isStopping, withProgress, untilStopped } = this.#hooks;
    const input = await untilStopped(() =>
      withProgress(what, (onProgress) => inputFromModel(run, { onProgress, onFailure: onError, isStopping })),
    );
    // If there was nothing left to predict, nobody has checked yet.
    if (isStopping()) throw new XrayError("evaluation/interrupted", "interrupted");
    this.#failed += input.failed;
    return input;
  }

  /** Check for everything that can be found wrong before any image is predicted. */
  async #checkAhead(): Promise<void> {
    const { against, out, predictions, labelsFile, list, trainList, boxes } = this.#request;
    if (out !== undefined) {
      const read = [predictions, against, labelsFile, list, trainList, boxes];
      await checkOutput(out);
      await checkInputs(
        out,
        read.filter((file) => file !== undefined),
      );
    }
    if (against === undefined) return;
    if (!this.#isModel(against)) await readText(against);
    else if (this.#request.loaded.against === undefined) await locateModel(against);
  }

  async #input(): Promise<EvaluationInput> {
    await this.#checkAhead();
    const run = this.#modelRun();
    if (run !== undefined) {
      const needsOperatingPoints = this.#request.threshold === "card";
      return this.#predicted({ ...run, needsOperatingPoints }, "images");
    }
    const { predictions, labelsFile } = this.#request;
    return inputFromPredictions({
      ...this.#request,
      ...this.#named(predictions!),
      predictions: predictions!,
      labelsFile: labelsFile!,
    });
  }

  /** Whether the first input is compared with a model, rather than with a file of predictions. */
  #isModel(against: string): boolean {
    return this.#request.loaded.against !== undefined || !isCsv(against);
  }

  /** The input that the first one is compared with. */
  async #second(first: EvaluationInput): Promise<EvaluationInput | undefined> {
    const { against, labels, includeLaterals } = this.#request;
    if (against === undefined) return undefined;
    if (this.#isModel(against)) {
      // These options apply to the first model alone.
      const { trainList, weights, ...run } = this.#modelRun("against")!;
      return this.#predicted({ ...run, isLocalised: false }, "images of the second model");
    }
    return inputFromPredictions({
      ...this.#named(against),
      predictions: against,
      labelsFile: first.labelFile.path,
      includeLaterals,
      ...(labels === undefined ? {} : { labels }),
    });
  }

  /** The images shown in the report. */
  async #examples(input: EvaluationInput, report: EvaluationReport): Promise<FindingExamples[]> {
    const chosen = chooseExamples(input, report, this.#request.examples);
    const run = this.#modelRun();
    if (run === undefined || chosen.length === 0) return chosen;
    const onFailure = (error: XrayError) => {
      this.#failed += 1;
      this.#hooks.onError(error);
    };
    return this.#hooks.withProgress("pictures", (onProgress) =>
      drawExamples(run, input, chosen, { onProgress, onFailure }),
    );
  }

  /** Compute all figures. */
  async #evaluate(input: EvaluationInput): Promise<EvaluationReport> {
    const { bootstrap: replicates, seed, out, faithfulness } = this.#request;
    const { isStopping, withProgress, untilStopped } = this.#hooks;
    const options: EvaluateOptions = { ...this.#request, replicates, withCurves: out !== undefined };
    const second = await this.#second(input);
    const report = await withProgress("draws of patients", async (onProgress) =>
      evaluateInput(input, { ...options, onProgress }),
    );
    const compared = second && compareInputs(input, second, { replicates, seed });
    const run = this.#modelRun();
    const measured =
      faithfulness === undefined || run === undefined
        ? undefined
        : await untilStopped(() =>
            withProgress("pairs of image and finding", (onProgress) =>
              measureFaithfulness(run, input, faithfulness, { onProgress, isStopping }),
            ),
          );
    return {
      ...report,
      comparison: compared?.comparison ?? null,
      faithfulness: measured?.report ?? null,
      examples: out === undefined ? [] : await this.#examples(input, report),
      warnings: [...report.warnings, ...(second === undefined ? [] : warningsOf(second))],
      notes: [...report.notes, ...(compared?.notes ?? []), ...(measured?.notes ?? [])],
      notices: [...new Set([...(second?.notices ?? []), ...report.notices])],
    };
  }

  async run(): Promise<Evaluated> {
    const { out } = this.#request;
    const input = await this.#input();
    // Inputs that the folder itself provides, without an option.
    if (out !== undefined)
      await checkInputs(out, [input.labelFile.path, ...(input.boxFile === undefined ? [] : [input.boxFile])]);
    const report = await this.#evaluate(input);
    // The figures survive a folder that cannot be written. Writing files is never interrupted.
    const notWritten =
      out === undefined
        ? undefined
        : await this.#hooks
            .untilStopped(() => writeReport(out, report, input))
            .then(() => undefined, asXrayError);
    return { report, notWritten, failed: this.#failed };
  }
}

/**
 * Evaluate a model on a data folder, or a file of predictions.
 *
 * @throws  XrayError `evaluation/…`, `model/…`, `data/…`, `labels/…`, `predictions/…`, `threshold/no-card`, `file/…`.
 */
export async function evaluateRequest(
  request: EvaluationRequest,
  hooks: EvaluationHooks,
): Promise<Evaluated> {
  return new EvaluationRun(request, hooks).run();
}
