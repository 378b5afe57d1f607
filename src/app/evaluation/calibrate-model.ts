/**
 * Calibrating a model: logits and labels of validation images in, a model file with a calibration in its card out.
 *
 * Pipeline:   model and data folder → logits and labels → **fit, and how good it is on others** → model file
 * Knows:      files and cards. The arithmetic is `evaluation/`'s.
 */

import { dirname } from "node:path";
import type { ModelCalibration } from "../../calibration/by-label.ts";
import type { Calibration, CalibrationKind } from "../../calibration/calibration.ts";
import { PackedNames, packNames } from "../../dataset/image-hashes.ts";
import { XrayError } from "../../errors.ts";
import { calibrationFigures } from "../../evaluation/finding-figures.ts";
import { fitFindings, outOfFold } from "../../evaluation/model-calibration.ts";
import { checkNoFolder, checkWritable } from "../../node/files.ts";
import type { CalibrationReport, JudgedCalibration } from "../../results/fitted-calibration.ts";
import { agreeing, count, counted } from "../../text.ts";
import type { Dataset } from "../data/open-dataset.ts";
import { rememberedImages, seenName } from "../data/seen-names.ts";
import { checkTarget, convertFile } from "../models/convert.ts";
import { readSidecar } from "../models/locate-model.ts";
import { loadFile, type ModelFile, readModelFile } from "../models/open-model.ts";
import type { EvaluationInput } from "./input.ts";
import { inputFromModel, loadOptionsOf, type ModelRun, openRunDataset } from "./model.ts";
import type { FolderHooks } from "./predict-folder.ts";

/** What is calibrated, by which images, and where the model goes. */
export interface CalibrateRun extends ModelRun {
  readonly kind: CalibrationKind;
  /** A model file; its ending decides the format. */
  readonly to: string;
}

/** Fewer positives than this are few for an isotonic fit (Niculescu-Mizil and Caruana, 2005, for trees and SVMs). */
const FEW_POSITIVES = 200;

/** The images that chose the model's epoch and thresholds, where its card says which: they are meant for this. */
function validationImages(
  run: CalibrateRun,
  { checkpoint, hints }: ModelFile,
  { table, phantom }: Dataset,
): ReadonlySet<string> {
  const { learnedFrom = [] } = { ...checkpoint.card, ...hints.card };
  const packed = learnedFrom.at(-1)?.validation;
  const found = rememberedImages(
    packed === undefined ? undefined : new PackedNames(packed),
    table.images.map(({ image }) => image),
    phantom,
  );
  if (found.size > 0) return found;
  throw new XrayError(
    "calibrate/no-list",
    `${run.model}: its card does not say which images of ${run.data} were held out from training; name them with --list`,
    { model: run.model },
  );
}

/** Raw and calibrated figures of each finding, on images that took no part in the fit. */
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

/** What is to be said of fits that may do harm. */
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
        `calibrated probabilities are worse than raw ones on images that took no part (Brier): ${names}`,
    ),
    ...note(
      ({ raw, calibrated }) => raw !== null && calibrated === null,
      (names) =>
        `not judged on images that took no part, for four fifths of the images allow no fit of their own: ${names}`,
    ),
    ...note(
      (_, fit) => fit.kind === "platt" && fit.slope < 0,
      (names) =>
        `ranked the wrong way round by the model, so that calibration turns the order over: ${names}`,
    ),
    ...note(
      ({ positives }) => kind === "isotonic" && positives < FEW_POSITIVES,
      (names) =>
        `isotonic calibration wants many examples; fewer than ${FEW_POSITIVES} have ${names}: Platt's may serve better`,
    ),
  ];
}

/** What becomes of a calibration that the model has: a model has one, fitted to one set of images. */
function earlierNotes(earlier: ModelCalibration | undefined, fitted: ModelCalibration): string[] {
  if (earlier === undefined) return [];
  const lost = Object.keys(earlier.findings).filter((label) => fitted.findings[label] === undefined);
  return [
    `the calibration that the model had is replaced (${earlier.description})`,
    ...(lost.length === 0
      ? []
      : [
          `calibrated before, and in the new file no more: ${lost.join(", ")}; leave --labels out to fit all anew`,
        ]),
  ];
}

/** A calibration beside the file would count over the one in it. */
async function checkSidecar(target: string): Promise<void> {
  const { calibration } = await readSidecar(target);
  if (calibration === undefined) return;
  const file = `${target}.json`;
  throw new XrayError(
    "calibrate/sidecar",
    `${file}: it holds a calibration, which would count over the one in ${target}; take it out, or name another file with --to`,
    { file },
  );
}

/** A model knows its training images by heart: fitted to them, probabilities promise too much. */
function warningsOf({ seen, images, predictor }: EvaluationInput): string[] {
  if (seen.training === 0) return [...seen.unknowns];
  return [
    `${count(seen.training)} of the ${counted(images.length, "image")} that it is fitted to ${agreeing(seen.training, "was", "were")} in the training of ${predictor.name}: its probabilities will promise too much`,
    ...seen.unknowns,
  ];
}

/**
 * Calibrate a model.
 *
 * @returns  What was fitted, and how good it is.
 * @throws   XrayError `calibrate/no-list`, `calibrate/nothing`, `calibrate/sidecar`, `convert/…`, `file/…`, and those of
 *           `inputFromModel`.
 */
export async function calibrateModel(run: CalibrateRun, hooks: FolderHooks = {}): Promise<CalibrationReport> {
  checkTarget(run.to);
  await checkWritable(dirname(run.to));
  await checkNoFolder(run.to);
  await checkSidecar(run.to);
  const { bits, ...readOptions } = loadOptionsOf(run);
  const file = await readModelFile(run.model, readOptions);
  const dataset = await openRunDataset(run);
  const chosen = run.list === undefined ? validationImages(run, file, dataset) : undefined;
  const input = await inputFromModel(
    { ...run, ...(chosen === undefined ? {} : { chosen }), isLocalised: false, use: "calibrated" },
    hooks,
    { dataset, model: loadFile(file, bits) },
  );
  const { labels, truths, images, labelFile, predictor } = input;
  const findings = labels.map((_, k) => ({ logits: input.logits![k]!, truths: truths[k]! }));
  const fits = fitFindings(run.kind, findings);
  const fitted = labels.flatMap((label, k) => (fits[k] === null ? [] : [[label, fits[k]!] as const]));
  if (fitted.length === 0) {
    throw new XrayError(
      "calibrate/nothing",
      `${run.model}: no finding has images with it and without it among the ${counted(images.length, "image")}, and logits that a calibration can better; nothing was written`,
      { model: run.model },
    );
  }
  const patients = new Set(images.map(({ patient }) => patient)).size;
  const which = run.list ?? "held out in training";
  const calibration: ModelCalibration = {
    description: `${run.kind}, fitted to ${counted(images.length, "image")} of ${counted(patients, "patient")}, ${which}, ${labelFile.name} sha256 ${labelFile.sha256.slice(0, 12)}…${run.bits === undefined ? "" : `, read with --bits ${run.bits}`}`,
    // The card's labels, which the label file may spell otherwise.
    findings: Object.fromEntries(
      fitted.map(([label, fit]) => [input.modelLabels![labels.indexOf(label)]!, fit]),
    ),
    fittedTo: packNames(images.map(({ image }) => seenName(image, input.phantom))),
  };
  const judged = judge(input, run, findings);
  let earlier: ModelCalibration | undefined;
  await convertFile(file, run.to, {
    change: (card) => {
      earlier = card.calibration;
      return { ...card, calibration };
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
    failed: input.failed,
    warnings: warningsOf(input),
    notes: [...input.notes, ...earlierNotes(earlier, calibration), ...notesOf(run, judged, fits)],
    notices: input.notices,
  };
}
