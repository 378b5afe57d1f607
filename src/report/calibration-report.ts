/**
 * The result of `calibrate`, for people and for programs.
 *
 * Knows: figures. Not how they are computed.
 */

import { printable } from "../errors.ts";
import { displayName } from "../findings.ts";
import type { CardMaps } from "../models/card-maps.ts";
import type { CalibrationReport, FittedCalibrationJson } from "../results/fitted-calibration.ts";
import { counted } from "../text.ts";
import { calibrationCells, calibrationHead } from "./evaluation/figure-columns.ts";
import { calibrationValues } from "./evaluation/figure-values.ts";
import { columns, share } from "./words/table.ts";

/** The chosen heatmaps. */
const mapLines = ({ description, findings }: CardMaps): string[] => [
  "",
  ...columns([
    ["", "pairs", "pointing", "control", "IoU ≥ 0.3", "  heatmap"],
    ...Object.entries(findings).map(([label, { method, layers, measured }]) => [
      displayName(label),
      ...(measured === undefined
        ? ["", "", "", ""]
        : [String(measured.pairs), ...[measured.pointing, measured.control, measured.overlap].map(share)]),
      `  ${method} ${layers.join("+")}`,
    ]),
  ]),
  `  Heatmaps were ${description}.`,
];

/** The text that `calibrate` prints. */
export function calibrationText(report: CalibrationReport): string {
  const { predictor, to, kind, images, patients, findings, missing, warnings, notes, notices } = report;
  return [
    `Model      : ${predictor.name} (sha256 ${predictor.sha256.slice(0, 12)}…)`,
    `Fitted to  : ${counted(images, "image")} of ${counted(patients, "patient")}`,
    `Kind       : ${kind}`,
    `Written to : ${to}`,
    ...warnings.map((warning) => `Warning    : ${warning}`),
    "",
    ...columns([
      ["", "positive", ...calibrationHead()],
      ...findings.map(({ label, positives, raw, calibrated }) => [
        displayName(label),
        String(positives),
        ...calibrationCells(raw, calibrated),
      ]),
    ]),
    "  calibrated: by five-fold cross-validation over patients. Operating points still apply to the raw probabilities.",
    ...(missing.length === 0
      ? []
      : [`Not calibrated, because no fit was possible: ${missing.map(displayName).join(", ")}.`]),
    ...(report.maps === undefined ? [] : mapLines(report.maps)),
    "",
    ...notes.map((note) => `Note: ${note}`),
    ...notices,
    "",
  ]
    .map(printable)
    .join("\n");
}

/** The object that `calibrate --format json` prints. */
export function calibrationJson(report: CalibrationReport): FittedCalibrationJson {
  const { predictor, to, kind, description, images, patients, findings, missing, warnings, notes } = report;
  const { maps } = report;
  return {
    schema: "medical-x/calibration@1",
    of: predictor,
    to,
    kind,
    description,
    n_images: images,
    n_patients: patients,
    findings: Object.fromEntries(
      findings.map(({ label, positives, raw, calibrated }) => [
        label,
        {
          n_positive: positives,
          raw: raw && calibrationValues(raw),
          calibrated_out_of_fold: calibrated && calibrationValues(calibrated),
        },
      ]),
    ),
    not_calibrated: missing,
    ...(maps === undefined ? {} : { maps }),
    warnings,
    notes,
    notice: report.notices.join(" "),
  };
}
