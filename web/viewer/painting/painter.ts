/**
 * Everything that the viewer's canvas shows, from the bottom up.
 *
 * Knows: canvases and the viewer's state. Not elements or events.
 */

import type { ColormapName } from "../../../src/report/overlay/colormap.ts";
import { usesCrosshair } from "../commands.ts";
import { cellAt, wholeGrid } from "../grid.ts";
import type { Place, ViewOverlay, ViewOverlayStyle } from "../picture.ts";
import type { ViewerState } from "../state.ts";
import type { Placement } from "../view.ts";
import { ContourLayer } from "./contour-layer.ts";
import { drawBrush, drawCell, drawCrosshair, drawRuler, type Marked } from "./marks.ts";
import { MaskLayer } from "./mask-layer.ts";
import { PictureLayer } from "./picture-layer.ts";

/** How a state is painted. */
export interface Dress {
  readonly filled: Uint8Array | undefined;
  readonly overlay: ViewOverlay | undefined;
  readonly style: ViewOverlayStyle;
  readonly opacity: number;
  readonly colormap: ColormapName;
  /** Where the mouse is, on the picture. */
  readonly hover: Place | undefined;
}

/** The same place on whole pixels of the screen, so that nothing is blurred at 1:1. */
const snapped = (placement: Placement): Placement => ({
  ...placement,
  e: Math.round(placement.e),
  f: Math.round(placement.f),
});

/** Draws one state after the other. */
export class Painter {
  readonly #picture = new PictureLayer();
  readonly #contours = new ContourLayer();
  readonly #mask = new MaskLayer();

  /** The erased pixels are others than before. */
  maskChanged(): void {
    this.#mask.invalidate();
  }

  /** Compute what takes longest of a heatmap before it is chosen. */
  prepare(overlay: ViewOverlay, colormap: ColormapName): void {
    this.#contours.prepare(overlay, colormap);
  }

  /** Paint onto a canvas of the state's size; without a picture it stays empty. */
  paint(context: CanvasRenderingContext2D, state: ViewerState, dress: Dress): void {
    const { picture, look, canvas, density, dragged } = state;
    context.resetTransform();
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (picture === undefined) return;
    const { filled, overlay, style, opacity, colormap } = dress;
    const { scale } = state;
    const placement = snapped(state.placement);
    const wash = overlay && style === "wash" ? { placed: overlay, colormap, opacity } : undefined;
    const scene = { picture, filled, window: look.window, inverted: look.inverted, wash, dragged };
    this.#picture.draw(context, { ...scene, windowable: () => state.windowable }, placement, scale);
    if (overlay && style === "contour") this.#contours.draw(context, overlay, colormap, placement, density);
    if (state.mask !== undefined) this.#mask.draw(context, state.mask, picture, placement, density);
    this.#marks({ context, placement, density }, state, dress);
  }

  #marks(marked: Marked, state: ViewerState, { hover }: Dress): void {
    const { crosshair, pointed, look, tool } = state;
    const picture = state.picture!;
    const cell = pointed && cellAt(state.grid ?? wholeGrid(picture), pointed);
    if (cell !== undefined) drawCell(marked, cell);
    for (const ruler of look.rulers) drawRuler(marked, ruler, picture.spacing);
    if (state.rulerStart !== undefined && crosshair !== undefined) {
      drawRuler(marked, { from: state.rulerStart, to: crosshair }, picture.spacing);
    }
    if (crosshair !== undefined && usesCrosshair(tool)) drawCrosshair(marked, crosshair);
    const brush = crosshair ?? hover;
    if (tool === "erase" && brush !== undefined) drawBrush(marked, brush, state.radius, state.scale);
  }
}
