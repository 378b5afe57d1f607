/**
 * A heatmap's contour lines on a canvas, as sharp as the screen whatever the zoom.
 *
 * Knows: canvases. The lines are those of `predict --overlay contour`.
 */

import type { ColormapName } from "../../../src/report/overlay/colormap.ts";
import { CASING_OPACITY, contourLines, lineWidths } from "../../../src/report/overlay/contour-lines.ts";
import type { ViewOverlay } from "../picture.ts";
import type { Placement } from "../view.ts";

/** Lines of one heat. */
interface Contour {
  /** In shares of the map's region, so that it does not depend on where the map lies. */
  readonly path: Path2D;
  readonly colour: string;
  readonly casing: string;
}

/** The contour lines of a map. */
function followed(overlay: ViewOverlay, colormap: ColormapName): Contour[] {
  const region = { x: 0, y: 0, width: 1, height: 1 };
  return contourLines({ ...overlay, region }, colormap).map(({ lines, colour, casing }) => {
    const path = new Path2D();
    for (const line of lines) {
      for (const [i, [x, y]] of line.entries()) {
        if (i === 0) path.moveTo(x, y);
        else path.lineTo(x, y);
      }
    }
    return { path, colour: `rgb(${colour.join(" ")})`, casing: `rgb(${casing} ${casing} ${casing})` };
  });
}

/** Draws contour lines, and keeps those of the maps that it has drawn for as long as the maps' memory lives. */
export class ContourLayer {
  readonly #known = new WeakMap<ArrayBufferLike, Map<string, readonly Contour[]>>();

  /** Compute the lines of a map, which is then drawn at once. */
  prepare(overlay: ViewOverlay, colormap: ColormapName): void {
    this.#contours(overlay, colormap);
  }

  draw(
    context: CanvasRenderingContext2D,
    overlay: ViewOverlay,
    colormap: ColormapName,
    { a, b, c, d, e, f }: Placement,
    density: number,
  ): void {
    const { width, height } = context.canvas;
    const widths = lineWidths(width, height);
    const line = Math.max(widths.line, 1.5 * density);
    const { x, y, width: across, height: down } = overlay.region;
    const matrix = new DOMMatrix([a, b, c, d, e, f]).translate(x, y).scale(across, down);
    const contours = this.#contours(overlay, colormap).map(({ path, ...ink }) => {
      const placed = new Path2D();
      placed.addPath(path, matrix);
      return { placed, ...ink };
    });
    context.save();
    context.lineJoin = "round";
    context.lineWidth = 2 * line;
    context.globalAlpha = CASING_OPACITY;
    for (const { placed, casing } of contours) {
      context.strokeStyle = casing;
      context.stroke(placed);
    }
    context.lineWidth = line;
    context.globalAlpha = 1;
    for (const { placed, colour } of contours) {
      context.strokeStyle = colour;
      context.stroke(placed);
    }
    context.restore();
  }

  #contours(overlay: ViewOverlay, colormap: ColormapName): readonly Contour[] {
    const { map, width, height } = overlay;
    const known = this.#known.get(map.buffer) ?? new Map<string, readonly Contour[]>();
    this.#known.set(map.buffer, known);
    // The same map may come as another view of the same memory.
    const key = [map.byteOffset, width, height, colormap].join();
    const contours = known.get(key) ?? followed(overlay, colormap);
    known.set(key, contours);
    return contours;
  }
}
