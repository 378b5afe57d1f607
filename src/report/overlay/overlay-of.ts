/**
 * The overlay picture of one image, as programs ask a loaded model for it.
 *
 * Pipeline:   image → prediction with maps → **which findings → plan** → picture, drawn by whoever can
 * Knows:      running models. Not how pictures are drawn or encoded.
 */

import { chooseFindings, parseFindingChoice } from "../../engine/choose-findings.ts";
import { type ExplainOptions, hooksOf, readingOf } from "../../engine/model.ts";
import type { ImageSource } from "../../engine/ports.ts";
import { type RunningModel, unwrap } from "../../engine/running-model.ts";
import { decide, detect } from "../../engine/thresholds.ts";
import { quote, XrayError } from "../../errors.ts";
import type { ReadingOptions } from "../../image/prepare.ts";
import { chooseDrawn } from "../../models/map-choice.ts";
import { COLORMAP_NAMES, type ColormapName, DEFAULT_COLORMAP } from "./colormap.ts";
import { type OverlayPlan, planOverlay } from "./plan.ts";
import { DEFAULT_STYLE, OVERLAY_STYLES, type OverlayStyle } from "./style.ts";

/** What a picture of heatmaps shows. */
export interface OverlayOptions extends ExplainOptions {
  /** `top` (the most probable) unless given, `detected` (at or over the threshold), `all`, or names of findings. */
  readonly findings?: "top" | "detected" | "all" | readonly string[];
  /** Inferno unless given. */
  readonly colormap?: ColormapName;
  /** `wash` (the heatmap as colour over the X-ray) unless given, or `contour` (lines at shares of its maximum). */
  readonly style?: OverlayStyle;
}

/** Draws a picture of an image. */
type Draw<T> = (source: ImageSource, reading: ReadingOptions, plan: OverlayPlan) => Promise<T>;

/**
 * Predict one image and draw heatmaps over it: one finding's at the image's own size, or a grid of several.
 *
 * @throws  XrayError `findings/unknown`, `findings/none`, `heatmaps/…`, `threshold/…`, or the image's.
 */
export async function overlayOf<T>(
  running: RunningModel,
  source: ImageSource,
  { findings = "top", colormap = DEFAULT_COLORMAP, style = DEFAULT_STYLE, ...options }: OverlayOptions,
  draw: Draw<T>,
): Promise<T> {
  if (!COLORMAP_NAMES.includes(colormap)) {
    const message = `there is no colormap ${quote(colormap)}; choose one of ${COLORMAP_NAMES.join(", ")}`;
    throw new XrayError("heatmaps/unknown-colormap", message, { value: colormap, known: COLORMAP_NAMES });
  }
  if (!OVERLAY_STYLES.includes(style)) {
    const message = `there is no overlay style ${quote(style)}; choose one of ${OVERLAY_STYLES.join(", ")}`;
    throw new XrayError("heatmaps/unknown-style", message, { value: style, known: OVERLAY_STYLES });
  }
  if (findings.length === 0) {
    throw new XrayError(
      "findings/none",
      "no finding is named, so there is nothing to draw; name the findings to draw",
      {},
    );
  }
  const { card } = running.model;
  const { thresholds } = decide(options.threshold, card);
  const maps = chooseDrawn(options, running.model);
  const choice = parseFindingChoice(typeof findings === "string" ? [findings] : findings, card.labels);
  const reading = readingOf(options);
  const request = { images: [source], reading, maps, ...hooksOf(options) };
  return running.predict(request, async ({ card: { labels }, drawn }, [outcome]) => {
    const prediction = unwrap(outcome!);
    const { probabilities } = prediction;
    const detected = detect(labels, probabilities, thresholds);
    const chosen = chooseFindings(choice, labels, probabilities, detected);
    if (chosen.length === 0) {
      throw new XrayError(
        "findings/none",
        "no finding was detected, so there is nothing to draw; name the findings to draw",
        {},
      );
    }
    const { recipes } = drawn!;
    const wish = { card, recipes, findings: chosen, colormap, style, boxes: [] };
    return draw(source, reading, planOverlay(prediction, wish));
  });
}
