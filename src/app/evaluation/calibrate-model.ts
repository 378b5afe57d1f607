/**
 * Calibrates a model: logits and labels of validation images in, a model file with a calibration in its card out.
 *
 * Pipeline:   model and data folder → logits and labels → **fit, and figures on held-out images** → model file
 * Knows:      files and cards. The arithmetic is in `evaluation/`.
 */

import { dirname } from "node:path";
import type { ModelCalibration } from "../../calibration/by-label.ts";
import type { Calibration, CalibrationKind } from "../../calibration/calibration.ts";
import { PackedNames, packNames } from "../../dataset/image-hashes.ts";
import { XrayError } from "../../errors.ts";
import { calibrationFigures } from "../../evaluation/finding-figures.ts";
import { fitFindings, outOfFold } from "../../evaluation/model-calibration.ts";
import { rocTables } from "../../evaluation/roc-table.ts";
import type { CardRoc } from "../../models/card-roc.ts";
import { checkNoFolder, checkWritable } from "../../node/files.ts";
import type { CalibrationReport, JudgedCalibration } from "../../results/fitted-calibration.ts";
import { agreeing, count, counted } from "../../text.ts";
import type { Dataset } from "../data/open-dataset.ts";
import { rememberedImages, seenName } from "../data/seen-names.ts";
import { checkTarget, convertFile } from "../models/convert.ts";
import { readSidecar } from "../models/locate-model.ts";
import { loadFile, type ModelFile, readModelFile } from "../models/open-model.ts";
import { type CalibrationHooks, interrupted, knownImagesOf, mapPairsOf, mapsOf } from "./card-figures.ts";
import type { EvaluationInput } from "./input.ts";
import { inputFromModel, loadOptionsOf, type ModelRun, openRunDataset } from "./model.ts";

/** What to calibrate, on which images, and where to write the model. */
export interface CalibrateRun extends ModelRun {
  readonly kind: CalibrationKind;
  /** A model file; its extension decides the format. */
  readonly to: string;
  /** Whether to choose each finding's heatmap by the boxes of images that the model was not trained on. */
  readonly chooseMaps?: boolean;
}

/** Below this, positives are few for an isotonic fit (Niculescu-Mizil and Caruana, 2005, for trees and SVMs). */
const FEW_POSITIVES = 200;

/**
 * The images on which the model's epoch and thresholds were chosen, if its card names them: the right ones for this.
 */
function validationImages(
  run: CalibrateRun,
  { said }: ModelFile,
  { table, phantom }: Dataset,
): ReadonlySet<string> {
  const { learnedFrom = [] } = said;
  const packed = learnedFrom.at(-1)?.validation;
  const found = rememberedImages(
    packed === undefined ? undefined : new PackedNames(packed),
    table.images.map(({ image }) => image),
    phantom,
  );
  if (found.size > 0) return found;
  throw new XrayError(
    "calibrate/no-list",
    `${run.model}: its card does not say which images of ${run.data} were held out from training; name them in a list`,
    { model: run.model },
  );
}

/** Raw and calibrated figures of each finding, on images that were not used for the fit. */
function judge(
  { labels, truths, probabilities, images }: EvaluationInput,
  run: CalibrateRun,
  findings: readonly { readonly logits: Float32Array; readonly truths: Float32Array }[],
): JudgedCalibration[] {
  const unseen = outOfFold(
    run.kind,
    findings,
    images.map(({ patient }) => patient),
    run.seed,
  );
  return labels.map((label, k) => {
    const positives = truths[k]!.filter((truth) => truth === 1).length;
    const calibrated = unseen[k] ?? null;
    return {
      label,
      positives,
      raw: calibrationFigures(probabilities[k]!, truths[k]!),
      calibrated: calibrated && calibrationFigures(calibrated, truths[k]!),
    };
  });
}

/** Notes on fits that may do harm. */
function notesOf(
  { kind }: CalibrateRun,
  judged: readonly JudgedCalibration[],
  fits: readonly (Calibration | null)[],
): string[] {
  const note = (
    is: (one: JudgedCalibration, fit: Calibration) => boolean,
    words: (names: string) => string,
  ) => {
    const found = judged.filter((one, k) => fits[k] !== null && is(one, fits[k]!));
    return found.length === 0 ? [] : [words(found.map(({ label }) => label).join(", "))];
  };
  return [
    ...note(
      ({ raw, calibrated }) => raw !== null && calibrated !== null && calibrated.brier > raw.brier,
      (names) =>
        `the Brier score of calibrated probabilities is worse than that of raw ones, on images that took no part in the fit, for ${names}`,
    ),
    ...note(
      ({ raw, calibrated }) => raw !== null && calibrated === null,
      (names) =>
        `four fifths of the images are too few to fit ${names}, so the calibration could not be judged on images that took no part in the fit`,
    ),
    ...note(
      (_, fit) => fit.kind === "platt" && fit.slope < 0,
      (names) => `the model ranks images the wrong way round for ${names}, so calibration reverses the order`,
    ),
    ...note(
      ({ positives }) => kind === "isotonic" && positives < FEW_POSITIVES,
      (names) =>
        `isotonic calibration needs many examples, but fewer than ${FEW_POSITIVES} images have ${names}; Platt scaling may work better`,
    ),
  ];
}

/** Notes on the model's previous calibration. A model has only one, fitted to one set of images. */
function earlierNotes(earlier: ModelCalibration | undefined, fitted: ModelCalibration): string[] {
  if (earlier === undefined) return [];
  const lost = Object.keys(earlier.findings).filter((label) => fitted.findings[label] === undefined);
  return [
    `the calibration that the model had (${earlier.description}) is replaced`,
    ...(lost.length === 0
      ? []
      : [
          `the new file has no calibration for ${lost.join(", ")}, which had one before; name no labels to fit all of them again`,
        ]),
  ];
}

/** Refuse if what is written would be beside a file whose calibration, figures or heatmaps take precedence over it. */
async function checkSidecar({ to, chooseMaps = false }: CalibrateRun): Promise<void> {
  const { calibration, roc, maps } = await readSidecar(to);
  const written = [
    { is: calibration, what: "calibration", ones: "one", it: "it" },
    { is: roc, what: "ROC curves", ones: "ones", it: "them" },
    { is: chooseMaps ? maps : undefined, what: "heatmaps", ones: "ones", it: "them" },
  ];
  const found = written.find(({ is }) => is !== undefined);
  if (found === undefined) return;
  const { what, ones, it } = found;
  const file = `${to}.json`;
  throw new XrayError(
    "calibrate/sidecar",
    `${file}: its ${what} would take precedence over the ${ones} in ${to}; remove ${it} from this file, or write to another file`,
    { file },
  );
}

/** The images of a calibration, in words. */
const whichImages = (
  { list, bits }: CalibrateRun,
  { images, labelFile }: EvaluationInput,
  patients: number,
) =>
  `${counted(images.length, "image")} of ${counted(patients, "patient")}, ${list ?? "held out in training"}, ${labelFile.name} sha256 ${labelFile.sha256.slice(0, 12)}…${bits === undefined ? "" : `, read as ${bits}-bit images`}`;

/** Sensitivity and specificity by threshold, of the raw probabilities, which operating points apply to. */
function measuredRoc(
  { labels, modelLabels, probabilities, truths, phantom, seen }: EvaluationInput,
  which: string,
): CardRoc {
  const kind = phantom === undefined ? "" : ", drawn phantoms";
  const trained = seen.training === 0 ? "" : `, ${count(seen.training)} of them used to train it`;
  return {
    description: `${which}${kind}${trained}`,
    findings: rocTables(
      labels.map((_, k) => ({
        label: modelLabels![k]!,
        probabilities: probabilities[k]!,
        truths: truths[k]!,
      })),
    ),
  };
}

/** Warnings about training images. A model is overconfident on them, and so are probabilities fitted to them. */
function warningsOf({ seen, images, predictor }: EvaluationInput): string[] {
  if (seen.training === 0) return [...seen.unknowns];
  return [
    `${count(seen.training)} of the ${counted(images.length, "image")} that it is fitted to ${agreeing(seen.training, "was", "were")} used to train ${predictor.name}, so its probabilities will be overconfident`,
    ...seen.unknowns,
  ];
}

/**
 * Calibrate a model.
 *
 * @returns  The calibration, and its figures.
 * @throws   XrayError `calibrate/no-list`, `calibrate/nothing`, `calibrate/sidecar`, `convert/…`, `file/…`, or as in
 *           `inputFromModel`.
 */
export async function calibrateModel(run: CalibrateRun, hooks: CalibrationHooks): Promise<CalibrationReport> {
  checkTarget(run.to);
  await checkWritable(dirname(run.to));
  await checkNoFolder(run.to);
  await checkSidecar(run);
  const { bits, ...readOptions } = loadOptionsOf(run);
  const file = await readModelFile(run.model, readOptions);
  const dataset = await openRunDataset(run);
  const chosen = run.list === undefined ? validationImages(run, file, dataset) : undefined;
  const model = loadFile(file, bits);
  // A box file that cannot be used is refused before any work is done.
  const mapPairs = await mapPairsOf(run, model, dataset);
  const { withProgress, ...rest } = hooks;
  const input = await withProgress("images", (onProgress) =>
    inputFromModel(
      { ...run, ...(chosen === undefined ? {} : { chosen }), isLocalised: false, use: "calibrated" },
      { ...rest, onProgress },
      { dataset, model },
    ),
  );
  // If no image was left to predict, nothing has asked so far.
  if (hooks.isStopping()) throw interrupted();
  const { labels, truths, images, predictor } = input;
  const findings = labels.map((_, k) => ({ logits: input.logits![k]!, truths: truths[k]! }));
  const fits = fitFindings(run.kind, findings);
  const fitted = labels.flatMap((label, k) => (fits[k] === null ? [] : [[label, fits[k]!] as const]));
  if (fitted.length === 0) {
    throw new XrayError(
      "calibrate/nothing",
      `${run.model}: no finding can be calibrated on the ${counted(images.length, "image")}: each needs images with it and without it, and logits that a calibration can improve; nothing was written; use more images`,
      { model: run.model },
    );
  }
  const patients = new Set(images.map(({ patient }) => patient)).size;
  const which = whichImages(run, input, patients);
  const calibration: ModelCalibration = {
    description: `${run.kind}, fitted to ${which}`,
    // Under the card's labels, which the label file may spell differently.
    findings: Object.fromEntries(
      fitted.map(([label, fit]) => [input.modelLabels![labels.indexOf(label)]!, fit]),
    ),
    fittedTo: packNames(images.map(({ image }) => seenName(image, input.phantom))),
  };
  const judged = judge(input, run, findings);
  const roc = measuredRoc(input, which);
  const known = await knownImagesOf(run, model, dataset, input, hooks);
  const chosenMaps = await mapsOf(run, model, dataset, mapPairs, hooks);
  let earlier: ModelCalibration | undefined;
  await convertFile(file, run.to, {
    change: (card) => {
      earlier = card.calibration;
      const { maps } = chosenMaps;
      return {
        ...card,
        calibration,
        roc,
        ...("knownImages" in known ? known : {}),
        ...(maps === undefined ? {} : { maps }),
      };
    },
  });
  return {
    predictor,
    to: run.to,
    kind: run.kind,
    description: calibration.description,
    images: images.length,
    patients,
    findings: judged,
    missing: labels.filter((_, k) => fits[k] === null),
    ...(chosenMaps.maps === undefined ? {} : { maps: chosenMaps.maps }),
    failed: input.failed + chosenMaps.failed,
    warnings: warningsOf(input),
    notes: [
      ...input.notes,
      ...earlierNotes(earlier, calibration),
      ...notesOf(run, judged, fits),
      ...("without" in known ? [known.without] : []),
      ...chosenMaps.notes,
    ],
    notices: input.notices,
  };
}
