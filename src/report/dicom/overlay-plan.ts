/**
 * The plan of an overlay that goes into an archive: of limited size, and saying what it is for.
 *
 * Knows: plans.
 */

import type { OverlayPlan } from "../overlay/plan.ts";

/**
 * Longer side of a panel in pixels. Its RGB pixels, which are not compressed, take at most 3 MB (a radiograph's own size
 * would take 25 MB or more). At an input of 224 pixels a map has at most 56 cells on a side, so it loses nothing, and the
 * X-ray itself is next to it in the study.
 */
const PANEL_SIZE = 1024;

/** With more panels, as drawing does unasked: 14 of them then take 13 MB. */
const SMALL_PANEL_SIZE = 512;
const MOST_LARGE_PANELS = 4;

const PURPOSE = "research use only";

/**
 * The same plan, limited to 1024 pixels a panel (512 from the fifth panel on), without boxes that somebody else drew, and
 * with its purpose below each title, since pixels may be copied without the attributes that say so.
 */
export const planForObject = (plan: OverlayPlan): OverlayPlan => ({
  ...plan,
  panels: plan.panels.map((panel) => ({ ...panel, boxes: [], remarks: [...panel.remarks, PURPOSE] })),
  maxSize: plan.panels.length > MOST_LARGE_PANELS ? SMALL_PANEL_SIZE : PANEL_SIZE,
});
