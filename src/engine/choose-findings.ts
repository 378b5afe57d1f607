/**
 * Which findings of a prediction are shown.
 *
 * Knows: labels and probabilities. Not pictures.
 */

import { XrayError } from "../errors.ts";
import { matchLabel } from "../findings.ts";

/** Which findings to draw: the most probable one, the detected ones, all, or those named. */
export type FindingChoice = "top" | "detected" | "all" | readonly string[];

/**
 * Parse a user's choice of findings.
 *
 * @param words   `top`, `detected`, `all`, or names in any spelling.
 * @param labels  The model's labels.
 * @throws        XrayError `findings/unknown` that lists the model's labels.
 */
export function parseFindingChoice(words: readonly string[], labels: readonly string[]): FindingChoice {
  const [only] = words;
  if (words.length === 1 && (only === "top" || only === "detected" || only === "all")) return only;
  return words.map((word) => {
    const label = matchLabel(word, labels);
    if (label !== undefined) return label;
    throw new XrayError(
      "findings/unknown",
      `the model has no finding "${word}"; choose among ${labels.join(", ")}, or say top, detected or all`,
      { word, labels },
    );
  });
}

/** Indices of the findings to draw: the most probable first, or in the order in which they were named. */
export function chooseFindings(
  choice: FindingChoice,
  labels: readonly string[],
  probabilities: Float32Array,
  detected: readonly string[],
): readonly number[] {
  const ordered = labels.map((_, i) => i).sort((a, b) => probabilities[b]! - probabilities[a]!);
  if (choice === "top") return ordered.slice(0, 1);
  if (choice === "all") return ordered;
  if (choice === "detected") return ordered.filter((i) => detected.includes(labels[i]!));
  return choice.map((label) => labels.indexOf(label));
}
