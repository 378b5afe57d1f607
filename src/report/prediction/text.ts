/**
 * A result for people: a block of text per image.
 *
 * Knows: results. Not terminals or files.
 */

import { displayName } from "../../findings.ts";
import type { Result } from "../../results/prediction.ts";

const TITLE = "── Result ";
const WIDTH = 48;
const FOOT = "─".repeat(WIDTH + 1);

/** The findings by falling probability; equals keep the model's order. */
export function byProbability(result: Result): readonly string[] {
  return [...result.labels].sort((a, b) => result.probabilities[b]! - result.probabilities[a]!);
}

const percent = (probability: number): string => `${(probability * 100).toFixed(2)}%`;

const list = (labels: readonly string[]): string => labels.map(displayName).join(", ") || "none";

/** The findings that are known to be there; what is not known is not called absent. */
function truthWords(truth: NonNullable<Result["truth"]>, labels: readonly string[]): string {
  const known = labels.filter((label) => typeof truth[label] === "number");
  if (known.length === 0) return "not known";
  const present = list(known.filter((label) => truth[label] === 1));
  return known.length === labels.length
    ? present
    : `${present} (known of ${known.length} of ${labels.length})`;
}

/** The block that `predict` prints for one image. */
export function textBlock(result: Result): string {
  const ordered = byProbability(result);
  const names = ordered.map(displayName);
  const width = Math.max(18, ...names.map((name) => name.length));
  const values = ordered.map((label) => percent(result.probabilities[label]!));
  const rows = ordered.map((label, i) => {
    const mark = result.detected.includes(label) ? " ◄" : "";
    const tick = result.truth?.[label] === 1 ? " ✓" : "";
    const row = `  ${names[i]!.padEnd(width)} : ${values[i]}${mark}${tick}`;
    const calibrated = result.calibrated?.[label];
    return calibrated === undefined ? row : `${row.padEnd(width + 16)}  calibrated ${percent(calibrated)}`;
  });
  const detected = ordered.filter((label) => result.detected.includes(label));
  return [
    TITLE.padEnd(WIDTH, "─"),
    `Image     : ${result.image}`,
    `Threshold : ${result.threshold}`,
    `Detected  : ${list(detected)}`,
    ...(result.model.calibration === undefined ? [] : [`Calibrated: ${result.model.calibration}`]),
    ...(result.truth === undefined ? [] : [`Truth   ✓ : ${truthWords(result.truth, ordered)}`]),
    "",
    "All probabilities:",
    ...rows,
    FOOT,
    "",
  ].join("\n");
}
