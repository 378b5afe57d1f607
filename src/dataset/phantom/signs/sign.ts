/**
 * What a radiographic sign is to the program, and the shapes that several signs share.
 *
 * Knows: how to fill lung. Not which finding does.
 */

import type { Random } from "../../../random.ts";
import type { Scene } from "../chest/scene.ts";
import type { Side, Thorax } from "../chest/thorax.ts";
import type { PixelBox } from "../drawing/canvas.ts";
import type { Field } from "../drawing/field.ts";
import { at, type Point, smoothstep } from "../drawing/geometry.ts";

/** One finding in one image. */
export interface Degree {
  /** A stream that is the same in all images of the patient: place and kind come from it. */
  readonly random: Random;
  /** How pronounced it is in this image, 0 to 1. */
  readonly degree: number;
}

/** How a finding shows. */
export interface Sign {
  /** Change the chest before it is drawn. */
  readonly shape?: (thorax: Thorax, degree: Degree) => void;
  /** Paint what shows, and return where: no box for what is everywhere. */
  readonly paint?: (scene: Scene, degree: Degree) => readonly (PixelBox | undefined)[];
}

export const anySide = (random: Random): Side => (random.chance(0.5) ? -1 : 1);

/** One side, or now and then both. */
export function sides(random: Random, both: number): readonly Side[] {
  const first = anySide(random);
  return random.chance(both) ? [first, first === 1 ? -1 : 1] : [first];
}

/** From `low` at degree 0 to `high` at degree 1. */
export const grade = (degree: number, low: number, high: number): number => low + degree * (high - low);

/** A patch with a ragged edge. */
export interface Patch {
  readonly centre: Point;
  readonly width: number;
  readonly height: number;
  /** Share of air lost in its middle. */
  readonly strength: number;
  /** Where it begins to fade, as a share of its radius: 0.9 for a sharp edge, 0.2 for a soft one. */
  readonly core: number;
  /** How much noise moves the edge, in shares of the radius. */
  readonly ragged: number;
  /** How much noise thins the inside, 0 to 1. */
  readonly patchy: number;
}

/** The share of air that a patch takes at a place. */
export function patchAt(patch: Patch, edge: Field, inner: Field, x: number, y: number): number {
  const u = (x - patch.centre.x) / patch.width;
  const v = (y - patch.centre.y) / patch.height;
  const radius = Math.sqrt(u * u + v * v);
  if (radius > 1.6) return 0;
  const moved = radius + patch.ragged * edge.at(x, y);
  const thinned = 1 - patch.patchy * (0.5 + 0.9 * inner.at(x, y));
  return patch.strength * smoothstep(1, patch.core, moved) * Math.min(1, Math.max(0, thinned));
}

/** A straight line with a bow in it. */
export function bow(from: Point, to: Point, sag: number, pieces = 10): Point[] {
  return Array.from({ length: pieces + 1 }, (_, k) => {
    const t = k / pieces;
    const lift = 4 * sag * t * (1 - t);
    return at(from.x + t * (to.x - from.x), from.y + t * (to.y - from.y) + lift);
  });
}
