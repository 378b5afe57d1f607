/**
 * The film while it is drawn: how much tissue, and how much air, a ray meets.
 *
 * Knows: two maps and how to paint on them in the chest's plane. Not what is painted.
 */

import { at, type Bounds, boundsOf, type Path, type Point, type Pose } from "./geometry.ts";

/** A rectangle on the film in pixels: x, y of the left upper corner, width, height. */
export interface PixelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Gathers the rectangle around marked pixels. */
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

  /** Undefined where nothing was marked. */
  box(): PixelBox | undefined {
    if (this.#left > this.#right) return undefined;
    const [width, height] = [this.#right - this.#left + 1, this.#bottom - this.#top + 1];
    return { x: this.#left, y: this.#top, width, height };
  }
}

/** Called for each pixel: its place in the chest's plane, its number in the maps, its column and row. */
export type Paint = (x: number, y: number, i: number, column: number, row: number) => void;

/** A line to be drawn: its half-width at each share of its length, and its strength over its width. */
export interface Brush {
  /** Half-width where `t` of the line's length, 0 to 1, lies behind. */
  readonly radius: (t: number) => number;
  /** Strength at a share of the half-width, 0 in the middle to 1 at the edge. */
  readonly profile: (share: number) => number;
  /** Strength along the line. */
  readonly along?: (t: number) => number;
}

/** Tissue of a solid rod: as thick as a circle's chord. */
export const rod = (share: number): number => Math.sqrt(Math.max(0, 1 - share * share));

/** Tissue of a tube of bone, dense at its edges. */
export function tube(share: number): number {
  const rim = Math.max(0, 1 - ((share - 0.82) / 0.26) ** 2);
  return 0.62 * rod(share) + 0.5 * rim * rim;
}

/** Lines are drawn at least this wide, in pixels, and weaker instead: thinner ones would break up. */
const LEAST_RADIUS = 0.6;

/** Maps of the last film, for the next one: making and collecting them anew takes longer than drawing a lung. */
let spare: readonly Float32Array[] | undefined;

export class Canvas {
  readonly size: number;
  readonly pose: Pose;
  /** Tissue and bone along the ray, in shares of a thick chest's. [size, size]. */
  readonly tissue: Float32Array;
  /** Air along the ray, in shares of a full lung's. [size, size]. */
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

  /** Leave the maps to the next film. Nothing may be drawn or read afterwards. */
  release(): void {
    spare = [this.tissue, this.air, this.#line];
  }

  /** A place in the chest's plane in pixels; pixel centres lie at whole numbers and a half. */
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

  /** Visit the pixels of a rectangle of the chest's plane, or all. */
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
   * Draw a line. Where it crosses or bends over itself, the stronger part counts, not the sum.
   *
   * @param put  Called once for each pixel of the line with the brush's strength there.
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

/** The pixels between two places and `radius` around them. */
const pixelSpan = (a: number, b: number, radius: number, size: number): readonly [number, number] => [
  Math.max(0, Math.floor(Math.min(a, b) - radius)),
  Math.min(size - 1, Math.ceil(Math.max(a, b) + radius)),
];
