/**
 * How an overlay shows heatmaps.
 *
 * Knows: names and shares.
 */

/** A wash of colour over the X-ray; or contour lines, which leave the anatomy visible. */
export type OverlayStyle = "wash" | "contour";

export const DEFAULT_STYLE: OverlayStyle = "wash";

/** The names of the styles. */
export const OVERLAY_STYLES: readonly OverlayStyle[] = ["wash", "contour"];

/** Contour lines are drawn at these shares of a heatmap's maximum. */
export const CONTOUR_SHARES = [0.3, 0.5, 0.7, 0.9] as const;
