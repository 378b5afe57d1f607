/**
 * One run of `medical-x evaluate`: predictions and labels in, figures printed, a report written.
 *
 * Knows: what is said and written, and in which order. The work is done in `tasks/evaluation/`.
 */

import { basename, join } from "node:path";
import { asXrayError, printable, XrayError } from "../errors.ts";
import { readText } from "../node/data-folder.ts";
import type { FindingExamples } from "../report/evaluation/examples.ts";
import { evaluationJson } from "../report/evaluation/json.ts";
import type { EvaluationReport } from "../report/evaluation/report.ts";
import { evaluationText } from "../report/evaluation/text.ts";
import { compareInputs } from "../tasks/evaluation/compare.ts";
import { type EvaluateOptions, evaluateInput, warningsOf } from "../tasks/evaluation/evaluate.ts";
import { chooseExamples, drawExamples } from "../tasks/evaluation/examples.ts";
import { measureFaithfulness } from "../tasks/evaluation/faithfulness.ts";
import type { EvaluationInput } from "../tasks/evaluation/input.ts";
import { inputFromModel, type ModelRun } from "../tasks/evaluation/model.ts";
import { inputFromPredictions } from "../tasks/evaluation/predictions.ts";
import { locateModel } from "../tasks/locate-model.ts";
import { printResult, say, sayError } from "./console.ts";
import { type EvaluateFlags, isCsv } from "./evaluate-flags.ts";
import { checkInputs, checkOutput, writeReport } from "./evaluate-write.ts";
import { endOnInterrupt, Interrupt } from "./interrupt.ts";
import { withBar } from "./progress.ts";

/** One run, from its flags. */
class EvaluateRun {
  readonly #flags: EvaluateFlags;
  readonly #interrupt = new Interrupt();
  /** Images that could not be read, and pictures that could not be drawn; the others were done. */
  #failed = 0;

  constructor(flags: EvaluateFlags) {
    this.#flags = flags;
  }

  /** Files that are called alike in two folders are told apart by their paths. */
  #named(path: string): { name?: string } {
    const { model, predictions, against } = this.#flags;
    const own = model ?? predictions ?? "";
    const isAlike = against !== undefined && own !== against && basename(own) === basename(against);
    return isAlike ? { name: path } : {};
  }

  /** How a model is run over the folder; undefined where predictions come from a file. */
  #modelRun(model: string | undefined = this.#flags.model): ModelRun | undefined {
    const { data } = this.#flags;
    if (data === undefined || model === undefined) return undefined;
    return { ...this.#flags, ...this.#named(model), data, model };
  }

  /** Predict the folder's images; those that fail are named. */
  async #predicted(run: ModelRun, what: string): Promise<EvaluationInput> {
    const input = await this.#interrupt.during(() =>
      withBar(what, (onProgress) =>
        inputFromModel(run, {
          onProgress,
          onFailure: (error) => sayError(error, this.#flags.verbose ?? false),
          isStopping: () => this.#interrupt.isSet,
        }),
      ),
    );
    // Where nothing was left to predict, nobody has looked.
    if (this.#interrupt.isSet) throw new XrayError("evaluation/interrupted", "interrupted");
    this.#failed += input.failed;
    return input;
  }

  /** What can be found wrong before any image is predicted. */
  async #checkAhead(): Promise<void> {
    const { against, out, predictions, labelsFile, list, trainList, boxes } = this.#flags;
    if (out !== undefined) {
      const read = [predictions, against, labelsFile, list, trainList, boxes];
      await checkOutput(out);
      await checkInputs(
        out,
        read.filter((file) => file !== undefined),
      );
    }
    if (against === undefined) return;
    if (isCsv(against)) await readText(against);
    else await locateModel(against);
  }

  async #input(): Promise<EvaluationInput> {
    await this.#checkAhead();
    const run = this.#modelRun();
    if (run !== undefined) {
      const needsOperatingPoints = this.#flags.threshold === "card";
      return this.#predicted({ ...run, needsOperatingPoints }, "images");
    }
    const { predictions, labelsFile } = this.#flags;
    return inputFromPredictions({
      ...this.#flags,
      ...this.#named(predictions!),
      predictions: predictions!,
      labelsFile: labelsFile!,
    });
  }

  /** What the first input is compared with. */
  async #second(first: EvaluationInput): Promise<EvaluationInput | undefined> {
    const { against, labels, includeLaterals } = this.#flags;
    if (against === undefined) return undefined;
    if (!isCsv(against)) {
      // Options of the first model alone.
      const { trainList, weights, ...run } = this.#modelRun(against)!;
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

  /** Images that a report shows. */
  async #examples(input: EvaluationInput, report: EvaluationReport): Promise<FindingExamples[]> {
    const chosen = chooseExamples(input, report, this.#flags.examples);
    const run = this.#modelRun();
    if (run === undefined || chosen.length === 0) return chosen;
    const onFailure = (error: XrayError) => {
      this.#failed += 1;
      sayError(error, this.#flags.verbose ?? false);
    };
    return withBar("pictures", (onProgress) => drawExamples(run, input, chosen, { onProgress, onFailure }));
  }

  /** All figures. */
  async #evaluate(input: EvaluationInput): Promise<EvaluationReport> {
    const { bootstrap: replicates, seed, out, faithfulness } = this.#flags;
    const isStopping = () => this.#interrupt.isSet;
    const options: EvaluateOptions = { ...this.#flags, replicates, withCurves: out !== undefined };
    const second = await this.#second(input);
    const report = await withBar("draws of patients", async (onProgress) =>
      evaluateInput(input, { ...options, onProgress }),
    );
    const compared = second && compareInputs(input, second, { replicates, seed });
    const run = this.#modelRun();
    const measured =
      faithfulness === undefined || run === undefined
        ? undefined
        : await this.#interrupt.during(() =>
            withBar("pairs of image and finding", (onProgress) =>
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

  /** Returns the exit code: 0 all images done, 1 some failed. */
  async run(): Promise<number> {
    const { out, format, verbose } = this.#flags;
    const input = await this.#input();
    // What a folder itself has, and no option names.
    if (out !== undefined)
      await checkInputs(out, [input.labelFile.path, ...(input.boxFile === undefined ? [] : [input.boxFile])]);
    const report = await this.#evaluate(input);
    // Both in any case: a folder that cannot be written does not take the figures with it, nor a closed pipe the files or the
    // reason why there are none. Ctrl-C waits while files are written.
    const failure =
      out === undefined
        ? undefined
        : await this.#interrupt.during(() => writeReport(out, report, input)).catch(asXrayError);
    if (failure !== undefined) {
      sayError(failure, verbose ?? false);
      process.exitCode = 1;
    }
    if (format === "json") {
      for (const warning of report.warnings) say(`medical-x: warning: ${printable(warning)}`);
      for (const note of report.notes) say(`medical-x: ${printable(note)}`);
      await printResult(`${JSON.stringify(evaluationJson(report), null, 2)}\n`);
    } else {
      await printResult(`${evaluationText(report)}${report.notices.join("\n")}\n`);
    }
    if (out !== undefined && failure === undefined && format === "text")
      say(`medical-x: wrote ${join(out, "report.html")}`);
    return this.#failed > 0 || failure !== undefined ? 1 : 0;
  }
}

/** Run the command. Returns the exit code: 0 all images done, 1 some failed, 130 interrupted. */
export const runEvaluate = (flags: EvaluateFlags): Promise<number> =>
  endOnInterrupt(() => new EvaluateRun(flags).run(), flags);
