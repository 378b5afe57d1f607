/**
 * Raw and calibrated probabilities: what calibration changed, for people and for programs.
 *
 * Knows: figures. Not how they are computed.
 */

import type { ReliabilityBin } from "../../evaluation/reliability.ts";
import { displayName } from "../../findings.ts";
import type { CalibratedFigures, CalibratedJson, CalibratedReport } from "../../results/calibrated.ts";
import { columns } from "../words/table.ts";
import { calibrationCells, calibrationHead } from "./figure-columns.ts";
import { calibrationValues } from "./figure-values.ts";

/** Rows for people: the finding, and each figure of its raw and calibrated probabilities. */
export const calibratedRows = ({ findings }: CalibratedReport, labels: readonly string[]): string[][] =>
  labels.flatMap((label, k) => {
    const figures = findings[k];
    if (!figures) return [];
    return [[displayName(label), ...calibrationCells(figures.raw, figures)]];
  });

/** The table that `evaluate` prints of it. */
export function calibratedLines(report: CalibratedReport, labels: readonly string[]): string[] {
  const rows = calibratedRows(report, labels);
  if (rows.length === 0) return [];
  return [
    "",
    `Raw and calibrated probabilities (${report.description}); operating points apply to the raw ones:`,
    ...columns([["", ...calibrationHead()], ...rows]),
  ];
}

/** Bins of a reliability diagram, for programs. */
export const binObjects = (bins: readonly ReliabilityBin[]) =>
  bins.map(({ count, meanProbability, observedShare }) => ({
    n: count,
    mean_probability: meanProbability,
    observed_share: observedShare,
  }));

/** The object of the JSON's field `calibrated`. */
export function calibratedObject(
  { description, findings }: CalibratedReport,
  labels: readonly string[],
): CalibratedJson {
  const entry = (figures: CalibratedFigures | null) =>
    figures && {
      ...calibrationValues(figures),
      raw: calibrationValues(figures.raw),
      reliability: binObjects(figures.bins),
    };
  return {
    description,
    findings: Object.fromEntries(labels.map((label, k) => [label, entry(findings[k]!)])),
  };
}
