/**
 * Points and curves of a phantom, and how the patient is positioned relative to the film.
 *
 * Knows: the chest's own plane. x runs from the left of the image, the patient's right, to the other side, and y down.
 *        The film is the unit square, and the spine is near x = 0.5. Lengths are fractions of the film's side.
 */

/** A place in the chest's plane, or on the film. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Path = readonly Point[];

export const at = (x: number, y: number): Point => ({ x, y });

/** 0 below `low`, 1 above `high`, and 3t² − 2t³ between them. If high < low, it falls from 1 to 0. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

/** The point at `t` on one segment of a uniform Catmull–Rom spline, from b (0) to c (1). */
function stretch(a: Point, b: Point, c: Point, d: Point, t: number): Point {
  const along = (p: number, q: number, r: number, s: number) =>
    q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
  return at(along(a.x, b.x, c.x, d.x), along(a.y, b.y, c.y, d.y));
}

function spline(points: Path, stretches: number, pick: (i: number) => Point, pieces: number): Path {
  const path: Point[] = [];
  for (let i = 0; i < stretches; i++) {
    for (let k = 0; k < pieces; k++) {
      path.push(stretch(pick(i - 1), pick(i), pick(i + 1), pick(i + 2), k / pieces));
    }
  }
  if (stretches < points.length) path.push(points.at(-1)!);
  return path;
}

/** A smooth curve through all points, from the first to the last. */
export const openCurve = (points: Path, pieces = 8): Path =>
  spline(points, points.length - 1, (i) => points[Math.min(points.length - 1, Math.max(0, i))]!, pieces);

/** A smooth closed curve through all points. */
export const closedCurve = (points: Path, pieces = 6): Path =>
  spline(points, points.length, (i) => points[(i + points.length) % points.length]!, pieces);

/** A rectangle, including its sides. */
export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The bounding rectangle of points, extended by `margin` on every side. */
export function boundsOf(points: Path, margin = 0): Bounds {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin };
}

export const around = (centre: Point, reach: number): Bounds => boundsOf([centre], reach);

/** The patient's position: rotated, magnified and moved. This is a similarity, so ratios of lengths are kept. */
export class Pose {
  readonly scale: number;
  readonly #cos: number;
  readonly #sin: number;
  readonly #shift: Point;

  /** @param angle  In radians. */
  constructor(angle: number, scale: number, shift: Point) {
    this.scale = scale;
    this.#cos = scale * Math.cos(angle);
    this.#sin = scale * Math.sin(angle);
    this.#shift = shift;
  }

  /** From the chest's plane onto the film. */
  toFilm({ x, y }: Point): Point {
    const [dx, dy] = [x - 0.5, y - 0.5];
    return at(
      0.5 + this.#cos * dx - this.#sin * dy + this.#shift.x,
      0.5 + this.#sin * dx + this.#cos * dy + this.#shift.y,
    );
  }

  /** From the film into the chest's plane. */
  toChest({ x, y }: Point): Point {
    const [dx, dy] = [x - 0.5 - this.#shift.x, y - 0.5 - this.#shift.y];
    const square = this.scale * this.scale;
    return at(
      0.5 + (this.#cos * dx + this.#sin * dy) / square,
      0.5 + (this.#cos * dy - this.#sin * dx) / square,
    );
  }
}
