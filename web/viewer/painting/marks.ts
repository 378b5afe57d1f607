/**
 * What lies over the picture: rulers, the cell that is pointed at, the crosshair and the brush. White or blue on a dark
 * casing, to be seen on any grey.
 *
 * Knows: canvases. Places are in pixels of the picture.
 */

import type { Place, ViewerPicture, ViewGrid } from "../picture.ts";
import { lengthWords, type Ruler } from "../rulers.ts";
import { type Placement, toCanvas } from "../view.ts";

/** Where marks are drawn. */
export interface Marked {
  readonly context: CanvasRenderingContext2D;
  readonly placement: Placement;
  /** Pixels of the screen per CSS pixel. */
  readonly density: number;
}

const LIGHT = "#ffffff";
const RULER = "#8fd3ff";
const DARK = "rgb(0 0 0 / 70%)";

/** Stroke a path twice: broad and dark, then in its colour. */
function cased({ context, density }: Marked, path: Path2D, colour: string, width = 1.5): void {
  context.lineWidth = (width + 2) * density;
  context.strokeStyle = DARK;
  context.stroke(path);
  context.lineWidth = width * density;
  context.strokeStyle = colour;
  context.stroke(path);
}

/** Words on a dark plate whose top left corner is at a place of the canvas, moved so that it is seen whole. */
function plate({ context, density }: Marked, words: string, at: Place): void {
  const [size, pad] = [13 * density, 4 * density];
  context.font = `${size}px system-ui, sans-serif`;
  context.textBaseline = "top";
  const width = context.measureText(words).width + 2 * pad;
  const height = size * 1.2 + 2 * pad;
  const x = Math.max(0, Math.min(at.x, context.canvas.width - width));
  const y = Math.max(0, Math.min(at.y, context.canvas.height - height));
  context.fillStyle = "rgb(0 0 0 / 75%)";
  context.beginPath();
  context.roundRect(x, y, width, height, pad);
  context.fill();
  context.fillStyle = LIGHT;
  context.fillText(words, x + pad, y + pad);
}

/** A line with a tick at each end, and its length beside it. */
export function drawRuler(marked: Marked, ruler: Ruler, spacing: ViewerPicture["spacing"]): void {
  const { placement, density } = marked;
  const [from, to] = [toCanvas(placement, ruler.from), toCanvas(placement, ruler.to)];
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const tick = 6 * density;
  const [x, y] = [(-(to.y - from.y) / length) * tick, ((to.x - from.x) / length) * tick];
  const path = new Path2D();
  path.moveTo(from.x, from.y);
  path.lineTo(to.x, to.y);
  for (const end of [from, to]) {
    path.moveTo(end.x - x, end.y - y);
    path.lineTo(end.x + x, end.y + y);
  }
  cased(marked, path, RULER);
  const beside = 10 * density;
  plate(marked, lengthWords(ruler, spacing), { x: to.x + beside, y: to.y + beside });
}

/** The outline of a cell. */
export function drawCell(marked: Marked, { x, y, width, height }: ViewGrid["region"]): void {
  const corners = [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ].map((corner) => toCanvas(marked.placement, corner));
  const path = new Path2D();
  for (const [i, corner] of corners.entries()) {
    if (i === 0) path.moveTo(corner.x, corner.y);
    else path.lineTo(corner.x, corner.y);
  }
  path.closePath();
  cased(marked, path, LIGHT);
}

/** Four strokes around a place that leave the place itself free. */
export function drawCrosshair(marked: Marked, place: Place): void {
  const { x, y } = toCanvas(marked.placement, place);
  const [near, far] = [5 * marked.density, 18 * marked.density];
  const path = new Path2D();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    path.moveTo(x + dx * near, y + dy * near);
    path.lineTo(x + dx * far, y + dy * far);
  }
  cased(marked, path, LIGHT, 2);
}

/** The outline of the brush. */
export function drawBrush(marked: Marked, place: Place, radius: number, scale: number): void {
  const { x, y } = toCanvas(marked.placement, place);
  const path = new Path2D();
  path.arc(x, y, Math.max(radius * scale, 1), 0, 2 * Math.PI);
  cased(marked, path, LIGHT);
}
