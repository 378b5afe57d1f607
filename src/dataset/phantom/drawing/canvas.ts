/**
 * The film while it is drawn: how much tissue and how much air each ray meets.
 *
 * Knows: two maps, and how to paint on them in the chest's plane. Not what is painted.
 */

import { at, type Bounds, boundsOf, type Path, type Point, type Pose } from "./geometry.ts";

/** A rectangle on the film in pixels: x and y of the upper left corner, width and height. */
export interface PixelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Collects the rectangle around marked pixels. */
export class Extent {
  #left = Infinity;
  #top = Infinity;
  #right = -Infinity;
  #bottom = -Infinity;

  mark(column: number, row: number): void {
    if (column < this.#left) this.#left = column;
    if (column > this.#right) this.#right = column;
    if (row < this.#top) this.#top = row;
    if (row > this.#bottom) this.#bottom = row;
  }

  /** The rectangle; undefined if nothing was marked. */
  box(): PixelBox | undefined {
    if (this.#left > this.#right) return undefined;
    const [width, height] = [this.#right - this.#left + 1, this.#bottom - this.#top + 1];
    return { x: this.#left, y: this.#top, width, height };
  }
}

/** Called for each pixel with its place in the chest's plane, its index in the maps, its column and its row. */
export type Paint = (x: number, y: number, i: number, column: number, row: number) => void;

/** How a line is drawn: its width and its strength. */
export interface Brush {
  /** Half-width at position `t` along the line, 0 at its start to 1 at its end. */
  readonly radius: (t: number) => number;
  /** Strength across the line, 0 in the middle to 1 at the edge. */
  readonly profile: (share: number) => number;
  /** Strength along the line, as a factor. Default: 1. */
  readonly along?: (t: number) => number;
}

/** Tissue of a solid rod, whose thickness is a circle's chord. */
export const rod = (share: number): number => Math.sqrt(Math.max(0, 1 - share * share));

/** Tissue of a tubular bone, which is dense at its edges. */
export function tube(share: number): number {
  const rim = Math.max(0, 1 - ((share - 0.82) / 0.26) ** 2);
  return 0.62 * rod(share) + 0.5 * rim * rim;
}

/** Smallest half-width of a line in pixels. Thinner lines would break up, so they are drawn weaker instead. */
const LEAST_RADIUS = 0.6;

/** The last film's maps, reused for the next: allocating and collecting new ones takes longer than drawing a lung. */
let spare: readonly Float32Array[] | undefined;

export class Canvas {
  readonly size: number;
  readonly pose: Pose;
  /** Tissue and bone along each ray, relative to a thick chest. [size, size]. */
  readonly tissue: Float32Array;
  /** Air along each ray, relative to a full lung. [size, size]. */
  readonly air: Float32Array;
  readonly #line: Float32Array;

  constructor(size: number, pose: Pose) {
    this.size = size;
    this.pose = pose;
    const maps =
      spare?.[0]?.length === size * size ? spare : [0, 0, 0].map(() => new Float32Array(size * size));
    spare = undefined;
    for (const map of maps) map.fill(0);
    [this.tissue, this.air, this.#line] = maps as [Float32Array, Float32Array, Float32Array];
  }

  /** Leave the maps for the next film. Nothing may be drawn or read afterwards. */
  release(): void {
    spare = [this.tissue, this.air, this.#line];
  }

  /** Convert a place in the chest's plane to pixels. The centre of pixel i is at i + ½. */
  toPixels(point: Point): Point {
    const { x, y } = this.pose.toFilm(point);
    return at(x * this.size, y * this.size);
  }

  /** The pixels that a rectangle of the chest's plane may touch: first and last column and row. */
  #window(bounds: Bounds | undefined): readonly [number, number, number, number] {
    const last = this.size - 1;
    if (bounds === undefined) return [0, last, 0, last];
    const { left, top, right, bottom } = bounds;
    const corners = [at(left, top), at(right, top), at(left, bottom), at(right, bottom)];
    const found = boundsOf(
      corners.map((corner) => this.toPixels(corner)),
      1,
    );
    return [
      Math.max(0, Math.floor(found.left)),
      Math.min(last, Math.ceil(found.right)),
      Math.max(0, Math.floor(found.top)),
      Math.min(last, Math.ceil(found.bottom)),
    ];
  }

  /** Visit the pixels of a rectangle in the chest's plane, or all pixels. */
  each(bounds: Bounds | undefined, paint: Paint): void {
    const [left, right, top, bottom] = this.#window(bounds);
    const origin = this.pose.toChest(at(0.5 / this.size, 0.5 / this.size));
    const next = this.pose.toChest(at(1.5 / this.size, 0.5 / this.size));
    const [dx, dy] = [next.x - origin.x, next.y - origin.y];
    for (let row = top; row <= bottom; row++) {
      let x = origin.x - row * dy + left * dx;
      let y = origin.y + row * dx + left * dy;
      let i = row * this.size + left;
      for (let column = left; column <= right; column++, i++) {
        paint(x, y, i, column, row);
        x += dx;
        y += dy;
      }
    }
  }

  /**
   * Draw a line. Where it crosses or overlaps itself, the strongest part counts, not the sum.
   *
   * @param put  Called once for each pixel of the line, with the brush's strength there.
   */
  stroke(
    path: Path,
    brush: Brush,
    put: (i: number, strength: number, column: number, row: number) => void,
  ): void {
    const points = path.map((point) => this.toPixels(point));
    const scale = this.pose.scale * this.size;
    const last = points.length - 1;
    let [left, top, right, bottom] = [this.size, this.size, -1, -1];
    const line = this.#line;
    for (let k = 0; k < last; k++) {
      const [a, b] = [points[k]!, points[k + 1]!];
      const t = (k + 0.5) / last;
      const wanted = brush.radius(t) * scale;
      const radius = Math.max(LEAST_RADIUS, wanted);
      const strength = (brush.along?.(t) ?? 1) * Math.min(1, wanted / LEAST_RADIUS);
      const [x0, x1] = pixelSpan(a.x, b.x, radius, this.size);
      const [y0, y1] = pixelSpan(a.y, b.y, radius, this.size);
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const square = Math.max(1e-9, dx * dx + dy * dy);
      for (let row = y0; row <= y1; row++) {
        for (let column = x0; column <= x1; column++) {
          const ex = column + 0.5 - a.x;
          const ey = row + 0.5 - a.y;
          const along = Math.min(1, Math.max(0, (ex * dx + ey * dy) / square));
          const fx = ex - along * dx;
          const fy = ey - along * dy;
          const share = Math.sqrt(fx * fx + fy * fy) / radius;
          if (share >= 1) continue;
          const value = strength * brush.profile(share);
          const i = row * this.size + column;
          if (value > line[i]!) line[i] = value;
        }
      }
      if (x0 < left) left = x0;
      if (x1 > right) right = x1;
      if (y0 < top) top = y0;
      if (y1 > bottom) bottom = y1;
    }
    for (let row = top; row <= bottom; row++) {
      for (let column = left, i = row * this.size + left; column <= right; column++, i++) {
        const value = line[i]!;
        if (value === 0) continue;
        put(i, value, column, row);
        line[i] = 0;
      }
    }
  }
}

/** The first and the last pixel between two places, extended by `radius`. */
const pixelSpan = (a: number, b: number, radius: number, size: number): readonly [number, number] => [
  Math.max(0, Math.floor(Math.min(a, b) - radius)),
  Math.min(size - 1, Math.ceil(Math.max(a, b) + radius)),
];
