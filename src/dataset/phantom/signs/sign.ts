/**
 * The interface of a radiographic sign, and the shapes that several signs share.
 *
 * Knows: how lung is filled. Not by which finding.
 */

import type { Random } from "../../../random.ts";
import type { Scene } from "../chest/scene.ts";
import type { Side, Thorax } from "../chest/thorax.ts";
import type { PixelBox } from "../drawing/canvas.ts";
import type { Field } from "../drawing/field.ts";
import { at, type Point, smoothstep } from "../drawing/geometry.ts";

/** A finding in an image. */
export interface Degree {
  /** A stream that is the same in all images of the patient, and determines the finding's place and form. */
  readonly random: Random;
  /** How pronounced it is in this image, 0 to 1. */
  readonly degree: number;
}

/** How a finding looks. */
export interface Sign {
  /** Change the chest before it is drawn. */
  readonly shape?: (thorax: Thorax, degree: Degree) => void;
  /** Paint the finding and return its boxes. A finding that is everywhere has none. */
  readonly paint?: (scene: Scene, degree: Degree) => readonly (PixelBox | undefined)[];
}

export const anySide = (random: Random): Side => (random.chance(0.5) ? -1 : 1);

/** One side, or both with probability `both`. */
export function sides(random: Random, both: number): readonly Side[] {
  const first = anySide(random);
  return random.chance(both) ? [first, first === 1 ? -1 : 1] : [first];
}

/** A value between `low` at degree 0 and `high` at degree 1. */
export const grade = (degree: number, low: number, high: number): number => low + degree * (high - low);

/** A patch with a ragged edge. */
export interface Patch {
  readonly centre: Point;
  readonly width: number;
  readonly height: number;
  /** Fraction of the air that is lost in its middle. */
  readonly strength: number;
  /** Where it begins to fade, as a fraction of its radius: 0.9 for a sharp edge, 0.2 for a soft one. */
  readonly core: number;
  /** How much noise moves the edge, as a fraction of the radius. */
  readonly ragged: number;
  /** How much noise thins the inside, 0 to 1. */
  readonly patchy: number;
}

/** The fraction of the air that a patch replaces at a place. */
export function patchAt(patch: Patch, edge: Field, inner: Field, x: number, y: number): number {
  const u = (x - patch.centre.x) / patch.width;
  const v = (y - patch.centre.y) / patch.height;
  const radius = Math.sqrt(u * u + v * v);
  if (radius > 1.6) return 0;
  const moved = radius + patch.ragged * edge.at(x, y);
  const thinned = 1 - patch.patchy * (0.5 + 0.9 * inner.at(x, y));
  return patch.strength * smoothstep(1, patch.core, moved) * Math.min(1, Math.max(0, thinned));
}

/** A line between two points that is bowed by `sag` in its middle. */
export function bow(from: Point, to: Point, sag: number, pieces = 10): Point[] {
  return Array.from({ length: pieces + 1 }, (_, k) => {
    const t = k / pieces;
    const lift = 4 * sag * t * (1 - t);
    return at(from.x + t * (to.x - from.x), from.y + t * (to.y - from.y) + lift);
  });
}
