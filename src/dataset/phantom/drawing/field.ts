/**
 * Smooth functions over the chest's plane, kept on a lattice: distances from outlines, and noise.
 *
 * Knows: numbers over the plane. Distances are exact at the lattice's points and interpolated between them. For
 *        outlines as smooth as a chest's, the error is less than a tenth of a pixel.
 */

import type { Random } from "../../../random.ts";
import { boundsOf, type Path } from "./geometry.ts";

/** The lattice extends a little beyond the film, from LOW to LOW + REACH, with CELLS cells per side. */
const LOW = -0.1;
const REACH = 1.2;
const CELLS = 100;
const SIDE = CELLS + 1;
const STEP = REACH / CELLS;

/** Distances are computed in blocks with this many points per side. */
const BLOCK = 5;

const firstPoint = (place: number): number => Math.max(0, Math.floor((place - LOW) / STEP));
const lastPoint = (place: number): number => Math.min(CELLS, Math.ceil((place - LOW) / STEP));

/** The segments between points, as five numbers each: start (2), direction (2) and 1 / length². */
function linesOf(path: Path, isClosed: boolean): Float64Array {
  const count = isClosed ? path.length : path.length - 1;
  const lines = new Float64Array(5 * count);
  for (let i = 0; i < count; i++) {
    const a = path[i]!;
    const b = path[(i + 1) % path.length]!;
    const square = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
    lines.set([a.x, a.y, b.x - a.x, b.y - a.y, square === 0 ? 0 : 1 / square], 5 * i);
  }
  return lines;
}

function distanceFrom(lines: Float64Array, x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < lines.length; i += 5) {
    const px = x - lines[i]!;
    const py = y - lines[i + 1]!;
    const dx = lines[i + 2]!;
    const dy = lines[i + 3]!;
    const along = Math.min(1, Math.max(0, (px * dx + py * dy) * lines[i + 4]!));
    const ex = px - along * dx;
    const ey = py - along * dy;
    const square = ex * ex + ey * ey;
    if (square < least) least = square;
  }
  return Math.sqrt(least);
}

/** Whether a point is inside a closed outline: a ray to the right crosses it an odd number of times. */
function isWithin(lines: Float64Array, x: number, y: number): boolean {
  let isInside = false;
  for (let i = 0; i < lines.length; i += 5) {
    const ay = lines[i + 1]!;
    const dy = lines[i + 3]!;
    const isBelow = ay > y;
    if (isBelow !== ay + dy > y && x < lines[i]! + ((y - ay) / dy) * lines[i + 2]!) isInside = !isInside;
  }
  return isInside;
}

/** A function over the plane, kept as [101, 101] values over [−0.1, 1.1]². */
export class Field {
  readonly #values: Float32Array;

  private constructor(values: Float32Array) {
    this.#values = values;
  }

  /**
   * Distance from a line, positive on both sides, or from a closed outline, positive inside and negative outside.
   *
   * @param reach  The largest distance that must be exact. Beyond it, the result is only known to be at least `reach`.
   */
  static #distance(path: Path, isClosed: boolean, reach: number): Field {
    const values = new Float32Array(SIDE * SIDE).fill(isClosed ? -reach : reach);
    const { left, top, right, bottom } = boundsOf(path, reach);
    const lines = linesOf(path, isClosed);
    const signed = (column: number, row: number) => {
      const x = LOW + column * STEP;
      const y = LOW + row * STEP;
      const distance = distanceFrom(lines, x, y);
      return isClosed && !isWithin(lines, x, y) ? -distance : distance;
    };
    for (let row = firstPoint(top); row <= lastPoint(bottom); row += BLOCK) {
      for (let column = firstPoint(left); column <= lastPoint(right); column += BLOCK) {
        // The distance of a block's middle often shows that the whole block is far from the line.
        const middle = signed(column + BLOCK / 2, row + BLOCK / 2);
        const isFar = Math.abs(middle) > reach + BLOCK * STEP;
        for (let v = row; v < Math.min(SIDE, row + BLOCK); v++) {
          for (let u = column; u < Math.min(SIDE, column + BLOCK); u++) {
            values[v * SIDE + u] = isFar ? middle : signed(u, v);
          }
        }
      }
    }
    return new Field(values);
  }

  /** A function that is smooth enough to be evaluated only at the lattice's points. */
  static of(value: (x: number, y: number) => number): Field {
    const values = new Float32Array(SIDE * SIDE);
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++) {
        values[row * SIDE + column] = value(LOW + column * STEP, LOW + row * STEP);
      }
    }
    return new Field(values);
  }

  /** Depth below a closed outline; negative outside. */
  static within(outline: Path, reach = 0.12): Field {
    return Field.#distance(outline, true, reach);
  }

  /** Distance from a line. */
  static from(line: Path, reach = 0.25): Field {
    return Field.#distance(line, false, reach);
  }

  /**
   * Value noise about 0, nearly within [−1, 1].
   *
   * @param grain    Size of the coarsest grains.
   * @param octaves  Number of octaves. Each has grains half as large and 0.6 times as strong as the one before.
   */
  static noise(random: Random, grain: number, octaves: number): Field {
    const values = new Float32Array(SIDE * SIDE);
    let strength = 1;
    let total = 0;
    for (let octave = 0; octave < octaves; octave++) {
      addGrains(values, random, Math.max(STEP, grain / 2 ** octave), strength);
      total += strength * strength;
      strength *= 0.6;
    }
    const scale = 1 / Math.sqrt(total);
    for (let i = 0; i < values.length; i++) values[i]! *= scale;
    return new Field(values);
  }

  /** The value at a place, interpolated bilinearly. */
  at(x: number, y: number): number {
    const u = Math.min(CELLS - 1e-6, Math.max(0, (x - LOW) / STEP));
    const v = Math.min(CELLS - 1e-6, Math.max(0, (y - LOW) / STEP));
    const column = u | 0;
    const row = v | 0;
    const s = u - column;
    const t = v - row;
    const i = row * SIDE + column;
    const values = this.#values;
    const upper = values[i]! + s * (values[i + 1]! - values[i]!);
    const lower = values[i + SIDE]! + s * (values[i + SIDE + 1]! - values[i + SIDE]!);
    return upper + t * (lower - upper);
  }
}

/** Add one octave: random values at the corners of a coarse lattice, interpolated smoothly. */
function addGrains(values: Float32Array, random: Random, grain: number, strength: number): void {
  const cells = Math.ceil(REACH / grain) + 1;
  const corners = Float32Array.from({ length: (cells + 1) ** 2 }, () => random.uniform(-1, 1));
  const places = Array.from({ length: SIDE }, (_, i) => {
    const place = (i * STEP) / grain;
    const cell = Math.floor(place);
    const t = place - cell;
    return { cell, t: t * t * (3 - 2 * t) };
  });
  for (let row = 0; row < SIDE; row++) {
    const { cell: v, t } = places[row]!;
    for (let column = 0; column < SIDE; column++) {
      const { cell: u, t: s } = places[column]!;
      const i = v * (cells + 1) + u;
      const j = i + cells + 1;
      const upper = corners[i]! + s * (corners[i + 1]! - corners[i]!);
      const lower = corners[j]! + s * (corners[j + 1]! - corners[j]!);
      values[row * SIDE + column]! += strength * (upper + t * (lower - upper));
    }
  }
}
