/**
 * Which options and commands are the way on after an error: added to its message wherever the command line shows it.
 *
 * Messages are whole without them, for those who use the library.
 *
 * Knows: codes, details, and what options are called.
 */

import type { ErrorCode, ErrorDetails, XrayError } from "../errors.ts";

/** What a hint depends on: the error's details, and the command that met it, such as `train`. */
type Hint = (details: ErrorDetails, command: string) => string | undefined;

/** The option of a library's option: `labelsFile` → `--labels-file`. */
const flagOf = (name: unknown): string =>
  name === "layer"
    ? "--gradcam-layer"
    : `--${String(name).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const always =
  (hint: string): Hint =>
  () =>
    hint;

/** The option that the error names. */
const named: Hint = ({ option }) => (option === undefined ? undefined : flagOf(option));

/** Elsewhere `--labels` chooses among the label file's. */
const outputLabels: Hint = (_, command) =>
  command === "predict" || command === "models" ? "--labels a,b,…" : undefined;

/** Commands whose `--labels` chooses among the label file's labels. */
const LABEL_CHOOSERS = ["train", "evaluate", "calibrate", "data"];

const tableLabels: Hint = (_, command) => (LABEL_CHOOSERS.includes(command) ? "--labels a,b,…" : undefined);

const laterals: Hint = ({ areLateral, laterals }) =>
  areLateral === true || Number(laterals ?? 0) > 0 ? "--include-laterals" : undefined;

/** A cache's folder cannot be used. */
const cache: Hint = ({ cache }) => (cache === undefined ? undefined : `--${cacheOption(cache)} off`);

const cacheOption = (cache: unknown): string => (cache === "features" ? "feature-cache" : "prediction-cache");

const HINTS: { readonly [code in ErrorCode]?: Hint } = {
  "calibrate/no-list": always("--list"),
  "calibrate/sidecar": always("--to"),
  "card/label-conflict": outputLabels,
  "card/label-count": outputLabels,
  "card/no-labels": outputLabels,
  "checkpoint/mismatch": always("`medical-x models inspect <file>`"),
  "checkpoint/no-such-weights": always("--weights"),
  "checkpoint/shape-mismatch": always("`medical-x models inspect <file>`"),
  "convert/dtype": always("--dtype"),
  "convert/out-of-range": always("--dtype float32"),
  "data/most-missing": always("--labels-file"),
  "data/no-label-file": named,
  "data/several-box-files": named,
  "data/several-label-files": named,
  "evaluation/bad-request": ({ options }) =>
    Array.isArray(options) ? options.map(flagOf).join(", ") : undefined,
  "evaluation/no-images": laterals,
  "evaluation/own-input": always("--out"),
  "features/no-space": always("--feature-cache off"),
  "file/in-use": always("--out"),
  "file/not-accessible": cache,
  "file/not-found": cache,
  "labels/bad-value": ({ areProbabilities }) =>
    areProbabilities === true ? "`medical-x evaluate --predictions`" : undefined,
  "labels/no-label-columns": tableLabels,
  "labels/unknown-finding": tableLabels,
  "model/none": always(
    "`medical-x models pull <name>`, `medical-x models list`, --model <file|name>, --model demo",
  ),
  "model/not-pulled": ({ name }) => `\`medical-x models pull ${name}\``,
  "phantom/folder-in-use": always("--out"),
  "phantom/other-settings": always("--out"),
  "predict/needs-out": always("--out <folder>"),
  "predictions/no-space": always("--prediction-cache off"),
  "pull/in-the-package": ({ name }) => `--model ${name}`,
  "pull/wrong-hash": always("--url"),
  "split/no-training": laterals,
  "threshold/no-card": always("--threshold 0.5"),
  "training/diverged": always("--lr"),
  "training/folder-taken": ({ canResume }) => (canResume === true ? "--resume, --out" : "--out"),
  "training/input-size": always("--input-size"),
  "training/no-validation": always("--val-fraction, --val-list"),
  "training/nothing-to-resume": always("--out"),
  "training/other-settings": always("--out"),
  "truth/no-labels": always("--truth"),
};

/**
 * An error's message as the command line shows it: with the options that are the way on in parentheses.
 *
 * @param command  The command under way; the one on this process's command line unless given.
 */
export function messageWithHint(error: XrayError, command = process.argv[2] ?? ""): string {
  const hint = HINTS[error.code]?.(error.details, command);
  return hint === undefined ? error.message : `${error.message} (${hint})`;
}
