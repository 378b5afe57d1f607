/** Results of predictions, as an engine hands them out, without a model. */

import { FINDING_NAMES } from "../../src/findings.ts";
import { NOTICE } from "../../src/models/notice.ts";
import type { Result } from "../../src/results/prediction.ts";

/** Probabilities with many digits, in float32, from 0.98 down to some millionths. */
const share = (i: number): number => Math.fround(0.98765432 / (1 + i) ** (1 + i * 0.4));

/** A result of these labels; by default of the 14 findings at the operating point 0.5. */
export function resultOfLabels(
  labels: readonly string[] = FINDING_NAMES,
  changes: Partial<Result> = {},
): Result {
  const probabilities = Object.fromEntries(labels.map((label, i) => [label, share(i)]));
  return {
    image: "xray.dcm",
    model: {
      name: "densenet121_model.pth",
      sha256: "0123456789abcdef".repeat(4),
      labels: [...labels],
      labelSource: "the CheXNet family's order",
      activation: "sigmoid",
      notes: [],
    },
    labels,
    threshold: 0.5,
    thresholds: Object.fromEntries(labels.map((label) => [label, 0.5])),
    detected: labels.filter((label) => probabilities[label]! >= 0.5),
    probabilities,
    logits: Object.fromEntries(labels.map((label, i) => [label, 3 - i])),
    preparation: ["decode dicom 16x16 grey8, explicit little endian", "resize 224x224"],
    notes: [],
    checks: [],
    gradcam: [],
    notice: NOTICE,
    ...changes,
  };
}
