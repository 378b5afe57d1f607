/**
 * Hints at the options and commands that help after an error, which the command line adds to the error's message.
 *
 * Messages are complete without them, for users of the library.
 *
 * Knows: codes, details, and the names of options.
 */

import type { ErrorCode, ErrorDetails, XrayError } from "../errors.ts";

/** Makes a hint from the error's details and the command that failed, such as `train`. */
type Hint = (details: ErrorDetails, command: string) => string | undefined;

/** The command-line option for an option of the library: `labelsFile` → `--labels-file`. */
const flagOf = (name: unknown): string =>
  name === "layer"
    ? "--gradcam-layer"
    : `--${String(name).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const always =
  (hint: string): Hint =>
  () =>
    hint;

/** Hints at the option that the error names. */
const named: Hint = ({ option }) => (option === undefined ? undefined : flagOf(option));

/** Commands whose `--labels` names the model's outputs. Elsewhere it chooses among the label file's labels. */
const outputLabels: Hint = (_, command) =>
  command === "predict" || command === "models" ? "--labels a,b,…" : undefined;

/** Commands whose `--labels` chooses among the label file's labels. */
const LABEL_CHOOSERS = ["train", "evaluate", "calibrate", "data"];

const tableLabels: Hint = (_, command) => (LABEL_CHOOSERS.includes(command) ? "--labels a,b,…" : undefined);

const laterals: Hint = ({ areLateral, laterals }) =>
  areLateral === true || Number(laterals ?? 0) > 0 ? "--include-laterals" : undefined;

/** Commands that can predict what a check refuses. */
const FORCERS = ["predict", "evaluate", "calibrate", "pacs"];

const force: Hint = (_, command) => (FORCERS.includes(command) ? "--force" : undefined);

/** Commands that read one frame of each file. */
const FRAMERS = ["predict", "data"];

const frame: Hint = (_, command) => (FRAMERS.includes(command) ? "--frame" : undefined);

/** For a cache folder that cannot be used. */
const cache: Hint = ({ cache }) => (cache === undefined ? undefined : `--${cacheOption(cache)} off`);

const cacheOption = (cache: unknown): string => (cache === "features" ? "feature-cache" : "prediction-cache");

const HINTS: { readonly [code in ErrorCode]?: Hint } = {
  "calibrate/no-list": always("--list"),
  "calibrate/sidecar": always("--to"),
  "card/label-conflict": outputLabels,
  "convert/no-images": always("--calibrate"),
  "heatmaps/layer-count": always("--gradcam-layer, --method"),
  "heatmaps/no-card": always("`medical-x calibrate --choose-maps`, --method"),
  "card/label-count": outputLabels,
  "card/no-labels": outputLabels,
  "checkpoint/mismatch": always("`medical-x models inspect <file>`"),
  "checkpoint/no-such-weights": always("--weights"),
  "checkpoint/shape-mismatch": always("`medical-x models inspect <file>`"),
  "convert/dtype": ({ needsImages }) => (needsImages === true ? "--calibrate" : "--dtype"),
  "convert/out-of-range": always("--dtype float32"),
  "data/most-missing": always("--labels-file"),
  "data/no-label-file": named,
  "data/several-box-files": named,
  "data/several-label-files": named,
  "data/own-input": always("--to"),
  "dicom/no-such-frame": frame,
  "evaluation/bad-request": ({ options }) =>
    Array.isArray(options) ? options.map(flagOf).join(", ") : undefined,
  "evaluation/no-images": laterals,
  "evaluation/own-input": always("--out"),
  "features/incomplete": always("--extract"),
  "features/no-plan": always("--features"),
  "features/no-share": always("--unfreeze, --feature-cache on, --features"),
  "features/no-space": always("--feature-cache off"),
  "features/other-plan": always("--features"),
  "file/in-use": (_, command) => (command === "pacs" ? "--state" : "--out"),
  "file/not-accessible": cache,
  "file/not-found": cache,
  "input/modality": force,
  "input/not-frontal-chest": force,
  "labels/bad-value": ({ areProbabilities }) =>
    areProbabilities === true ? "`medical-x evaluate --predictions`" : undefined,
  "labels/no-label-columns": tableLabels,
  "labels/unknown-finding": tableLabels,
  "model/none": always(
    "`medical-x models pull <name>`, `medical-x models list`, --model <file|name>, --model demo",
  ),
  "model/not-pulled": ({ name }) => `\`medical-x models pull ${name}\``,
  "pacs/bad-certificate": always("--ca, --client-cert, --client-key"),
  "pacs/bad-aet": always("--aet, --send-to, --allow-aet"),
  "pacs/needs-certificate": always("--client-cert, --client-key"),
  "pacs/needs-senders": always("--allow-aet"),
  "pacs/no-port": always("--port"),
  "pacs/no-study": always("--study"),
  "pacs/not-frontal": always("--force"),
  "pacs/plain-password": always("--allow-plain-http"),
  "pacs/tls": ({ needs }) =>
    needs === "ca" ? "--ca" : needs === "client" ? "--client-cert, --client-key" : undefined,
  "phantom/folder-in-use": always("--out"),
  "phantom/other-settings": always("--out"),
  "pacs/bad-match": always("--match"),
  "pacs/bad-state": always("--state"),
  "pacs/deadly": always("--retry"),
  "pacs/other-archive": ({ isSameKind }) => (isSameKind === true ? "--state, --moved" : "--state"),
  "pacs/no-archive": always("--orthanc <url>, --dicomweb <root>"),
  "pacs/no-state": always("--state"),
  "predict/needs-out": always("--out <folder>"),
  "predictions/no-space": always("--prediction-cache off"),
  "pull/in-the-package": ({ name }) => `--model ${name}`,
  "pull/wrong-hash": always("--url"),
  "scoring/bad-scheduler": always("--shard i/n"),
  "scoring/no-image": always("--image"),
  "scoring/other-count": always("--shard i/n"),
  "scoring/plan-changed": always("--out"),
  "server/bad-token": always("--token-file"),
  "server/needs-token": always("--token-file"),
  "server/no-port": always("--port"),
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
 * An error's message as shown on the command line, with a hint in parentheses if there is one.
 *
 * @param command  The current command; by default the one on this process's command line.
 */
export function messageWithHint(error: XrayError, command = process.argv[2] ?? ""): string {
  const hint = HINTS[error.code]?.(error.details, command);
  return hint === undefined ? error.message : `${error.message} (${hint})`;
}
