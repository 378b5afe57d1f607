/** Items of the page's list, as tests need them. */

import { FINDING_NAMES } from "../../../src/findings.ts";
import type { FinishedJson, ImageItem, KeptReading } from "../../../web/state/item.ts";

/** A result whose probabilities are 0.1 but for those that are given. */
export function jsonOf(image: string, given: Readonly<Record<string, number>> = {}): FinishedJson {
  const probabilities = Object.fromEntries(FINDING_NAMES.map((label) => [label, given[label] ?? 0.1]));
  return {
    schema: "medical-x/prediction@1",
    image,
    model: {
      name: "m.pth",
      sha256: "ab",
      labels: [...FINDING_NAMES],
      labelSource: "the model card",
      activation: "sigmoid",
      notes: [],
    },
    threshold: 0.5,
    detected: [],
    probabilities,
    logits: probabilities,
    preparation: ["decode png 8x8 grey8"],
    notes: [],
    checks: [],
    gradcam: [],
    notice: "For research.",
  };
}

export function readingOf(image: string, given: Readonly<Record<string, number>> = {}): KeptReading {
  return {
    json: jsonOf(image, given),
    heatmaps: Float32Array.of(0, 0.5, 1, -2),
    shape: [1, 2, 2],
    region: { x: 0, y: 0, width: 8, height: 8 },
    places: undefined,
    where: "browser",
    seconds: 0.1,
  };
}

export const item = (id: number, more: Partial<ImageItem> = {}): ImageItem => ({
  id,
  name: `${id}.png`,
  file: new Blob([]),
  state: "waiting",
  force: false,
  ...more,
});

export const readItem = (
  id: number,
  given: Readonly<Record<string, number>> = {},
  name = `${id}.png`,
): ImageItem => item(id, { name, state: "done", reading: readingOf(name, given) });

export const failedItem = (id: number, message = "broken"): ImageItem =>
  item(id, { state: "failed", error: { code: "dicom/damaged", message } });
