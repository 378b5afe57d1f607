/**
 * Overlay pictures: which findings to show, and what their panels are made of.
 *
 * Pipeline:   prediction → **chosen findings → plan** → JPEG
 * Knows:      predictions. The drawing is done in `image-work.ts`.
 */

import { XrayError } from "../errors.ts";
import { displayName, matchLabel } from "../findings.ts";
import type { ReadingOptions } from "../image/prepare.ts";
import type { ResolvedCard } from "../models/card.ts";
import type { ColormapName } from "../report/colormap.ts";
import type { OverlayPlan } from "./image-jobs.ts";
import type { KnownBox } from "./known-boxes.ts";
import type { Prediction } from "./predict.ts";

/** Which findings to draw: the most probable one, those detected, all, or these. */
export type FindingChoice = "top" | "detected" | "all" | readonly string[];

/**
 * The choice that a user's words stand for.
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
      `the model has no finding "${word}"; it has ${labels.join(", ")} (or say top, detected, all)`,
      { word, labels },
    );
  });
}

/** Indices of the findings to draw, the most probable first unless they were named. */
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

/** What a picture of heatmaps is to show. */
export interface OverlayWish {
  /** The model's. */
  readonly card: ResolvedCard;
  /** Indices of labels, at least one. */
  readonly findings: readonly number[];
  readonly colormap: ColormapName;
  /** Known places of findings; each panel shows those of its own finding. */
  readonly boxes: readonly KnownBox[];
  /** As the image was read for its prediction. */
  readonly reading?: ReadingOptions;
}

/**
 * Plan a picture of heatmaps.
 *
 * @param prediction  With heatmaps of the wanted findings.
 * @throws            XrayError `explain/no-heatmaps`.
 */
export function planOverlay(
  prediction: Prediction,
  { card, findings, colormap, boxes, reading = {} }: OverlayWish,
): OverlayPlan {
  const { source, heatmaps, prepared, probabilities } = prediction;
  if (heatmaps === undefined) {
    throw new XrayError("explain/no-heatmaps", "the model was opened without a heatmap method", {});
  }
  const { data, findings: mapped, height, width } = heatmaps;
  const size = height * width;
  const panels = findings.map((finding) => {
    const label = card.labels[finding]!;
    return {
      map: data.slice(mapped.indexOf(finding) * size, (mapped.indexOf(finding) + 1) * size),
      title: `${displayName(label)} ${(probabilities[finding]! * 100).toFixed(2)}%`,
      ...(card.trainedOn === "phantoms" ? { remark: "knows drawn phantoms only" } : {}),
      boxes: boxes.filter((box) => matchLabel(box.finding, [label]) !== undefined).map(({ place }) => place),
    };
  });
  const { region, bits } = prepared;
  return { source, reading, bits, panels, height, width, region, colormap };
}
