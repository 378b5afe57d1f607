/**
 * Which part of a picture is seen, how large, and which way round: as an affine map from the picture to the canvas.
 *
 * Knows: geometry. Not canvases or pictures' samples.
 */

import type { Place } from "./picture.ts";

/** Width and height, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A view. It says nothing in pixels, so that pictures of other sizes can be shown the same way. */
export interface View {
  /** How many times larger than the whole picture fits the canvas. */
  readonly zoom: number;
  /** The place in the middle of the canvas, in shares of the picture's width and height. */
  readonly x: number;
  readonly y: number;
  /** Whether left and right are exchanged, before turning. */
  readonly flipped: boolean;
  /** Quarter turns clockwise. */
  readonly turns: 0 | 1 | 2 | 3;
}

/** The whole picture, the way it is stored. */
export const WHOLE: View = { zoom: 1, x: 0.5, y: 0.5, flipped: false, turns: 0 };

/** (x, y) of the picture lies at (a x + c y + e, b x + d y + f) on the canvas. */
export interface Placement {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

const LARGEST_PIXEL = 64;
const SMALLEST_ZOOM = 0.25;

/** Canvas pixels per pixel of the picture when the whole picture just fits. */
export function fitScale(picture: Size, canvas: Size, { turns }: Pick<View, "turns">): number {
  const [width, height] = turns % 2 === 0 ? [picture.width, picture.height] : [picture.height, picture.width];
  return Math.min(canvas.width / width, canvas.height / height);
}

/** Canvas pixels per pixel of the picture. */
export const scaleOf = (view: View, picture: Size, canvas: Size): number =>
  view.zoom * fitScale(picture, canvas, view);

const COSINES = [1, 0, -1, 0] as const;

/** Where a picture lies on a canvas. */
export function placementOf(view: View, picture: Size, canvas: Size): Placement {
  const scale = scaleOf(view, picture, canvas);
  const [cos, sin] = [COSINES[view.turns], COSINES[(view.turns + 3) % 4]!];
  const across = view.flipped ? -scale : scale;
  const [a, b, c, d] = [cos * across, sin * across, -sin * scale, cos * scale];
  const [x, y] = [view.x * picture.width, view.y * picture.height];
  return { a, b, c, d, e: canvas.width / 2 - a * x - c * y, f: canvas.height / 2 - b * x - d * y };
}

/** A place of the picture, on the canvas. */
export const toCanvas = ({ a, b, c, d, e, f }: Placement, { x, y }: Place): Place => ({
  x: a * x + c * y + e,
  y: b * x + d * y + f,
});

/** A place on the canvas, of the picture. */
export function toPicture({ a, b, c, d, e, f }: Placement, { x, y }: Place): Place {
  const determinant = a * d - b * c;
  const [dx, dy] = [x - e, y - f];
  return { x: (d * dx - c * dy) / determinant, y: (a * dy - b * dx) / determinant };
}

const clamped = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** A view whose middle is on the picture. */
const kept = (view: View): View => ({ ...view, x: clamped(view.x, 0, 1), y: clamped(view.y, 0, 1) });

/** Move the picture by so many canvas pixels. */
export function panned(view: View, picture: Size, canvas: Size, dx: number, dy: number): View {
  const placement = placementOf(view, picture, canvas);
  const { x, y } = toPicture(placement, { x: canvas.width / 2 - dx, y: canvas.height / 2 - dy });
  return kept({ ...view, x: x / picture.width, y: y / picture.height });
}

/** The zoom that is allowed next to this one: from a quarter of the fitting size to pixels of 64. */
export function allowedZoom(zoom: number, view: View, picture: Size, canvas: Size): number {
  const largest = LARGEST_PIXEL / fitScale(picture, canvas, view);
  return clamped(zoom, Math.min(SMALLEST_ZOOM, largest), Math.max(largest, 1));
}

/** Zoom, so that what lies at a place of the canvas stays there. */
export function zoomedAbout(view: View, picture: Size, canvas: Size, zoom: number, at: Place): View {
  const next = { ...view, zoom: allowedZoom(zoom, view, picture, canvas) };
  const under = toPicture(placementOf(view, picture, canvas), at);
  const now = toCanvas(placementOf(next, picture, canvas), under);
  return panned(next, picture, canvas, at.x - now.x, at.y - now.y);
}

/** One pixel of the picture on one pixel of the canvas, with the same middle. */
export const oneToOne = (view: View, picture: Size, canvas: Size): View => ({
  ...view,
  zoom: 1 / fitScale(picture, canvas, view),
});

/** The whole picture, turned and flipped as it is. */
export const fitted = ({ flipped, turns }: View): View => ({ ...WHOLE, flipped, turns });

/** Left and right of what is seen exchanged. */
export function mirrored(view: View): View {
  // Seen from the canvas, a turned picture is mirrored by turning it the other way as well.
  const turns = ((4 - view.turns) % 4) as View["turns"];
  return { ...view, flipped: !view.flipped, turns };
}

/** What is seen turned a quarter clockwise. */
export const turned = (view: View): View => ({ ...view, turns: ((view.turns + 1) % 4) as View["turns"] });

/** The part of a picture that a canvas shows, in whole pixels of the picture; empty if it shows none. */
export function visiblePart(
  placement: Placement,
  picture: Size,
  canvas: Size,
): { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } {
  const corners = [
    toPicture(placement, { x: 0, y: 0 }),
    toPicture(placement, { x: canvas.width, y: canvas.height }),
  ];
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  return {
    left: clamped(Math.floor(Math.min(...xs)), 0, picture.width),
    top: clamped(Math.floor(Math.min(...ys)), 0, picture.height),
    right: clamped(Math.ceil(Math.max(...xs)), 0, picture.width),
    bottom: clamped(Math.ceil(Math.max(...ys)), 0, picture.height),
  };
}
