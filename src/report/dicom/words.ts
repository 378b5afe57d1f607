/**
 * The sentences and the table of a report.
 *
 * Knows: results. Not DICOM.
 */

import { distinctWarnings } from "../../checks/check.ts";
import { NOTICE } from "../../models/notice.ts";
import type { Result } from "../../results/prediction.ts";
import { VERSION } from "../../version.ts";
import { type FindingRow, percentText } from "./finding-rows.ts";

/** What every object says of itself. */
export const RESEARCH_ONLY =
  "Research use only. Not a medical device; not for diagnosis. Preliminary, and not verified by a physician.";

/** `a, b and c`. */
const joined = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** What the findings come to, in a sentence or two. */
function summary(rows: readonly FindingRow[]): string {
  const reached = rows.filter(({ isReached }) => isReached);
  if (reached.length === 0)
    return "No finding reaches its operating point. This does not mean that none is present.";
  const named = joined(reached.map(({ name, probability }) => `${name} (${percentText(probability)})`));
  return `At or above ${reached.length === 1 ? "its operating point" : "their operating points"}: ${named}.`;
}

/** Where the operating points come from. */
function operatingPoints({ threshold }: Result): string {
  return threshold === "card"
    ? "Operating points: one for each finding, from the model's card."
    : `Operating point: ${percentText(threshold)} for every finding, which is a fixed number and was not measured for this model.`;
}

/** The notices that come with the result, but for what `RESEARCH_ONLY` says already. */
const notices = ({ notice }: Result): string => notice.replace(NOTICE, "").trim();

const present = (lines: readonly string[]): string => lines.filter((line) => line !== "").join("\n");

/** What a reader should see first. */
export const conclusionText = (result: Result, rows: readonly FindingRow[]): string =>
  present([
    RESEARCH_ONLY,
    notices(result),
    summary(rows),
    `Computed by Medical-X ${VERSION} with the model ${result.model.name}.`,
    ...distinctWarnings(result.checks).map(({ reason }) => `Warning: ${reason}`),
  ]);

/** How the result was computed, and what was assumed. */
export const procedureText = (result: Result, notes: readonly string[]): string =>
  present([
    `Program: Medical-X ${VERSION}.`,
    `Model: ${result.model.name}, SHA-256 ${result.model.sha256}.`,
    operatingPoints(result),
    ...(result.calibrated === undefined
      ? []
      : ["Operating points apply to the probabilities, not to the calibrated ones."]),
    `Names of the findings: ${result.model.labelSource}.`,
    `Preparation of the image: ${result.preparation.join("; ")}.`,
    ...[...notes, ...result.notes, ...result.model.notes].map((note) => `Note: ${note}`),
  ]);

/** Columns side by side: the first aligned left, the others right. Bars keep them apart where spaces are not kept. */
function aligned(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines
    .map((line) =>
      line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(" | "),
    )
    .join("\n");
}

/** All findings as a table for a monospaced font. */
export function findingsTable(rows: readonly FindingRow[]): string {
  const hasCalibration = rows.some(({ calibrated }) => calibrated !== undefined);
  const heading = ["Finding", "Probability", "Operating point", "Reached"];
  const lines = rows.map(({ name, probability, operatingPoint, isReached, calibrated }) => [
    name,
    percentText(probability),
    percentText(operatingPoint),
    isReached ? "yes" : "no",
    ...(hasCalibration ? [calibrated === undefined ? "-" : percentText(calibrated)] : []),
  ]);
  return aligned([[...heading, ...(hasCalibration ? ["Calibrated"] : [])], ...lines]);
}
