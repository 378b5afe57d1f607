/**
 * The vessels of the lungs: trees that start at the hila, fork, and become thinner towards the pleura.
 *
 * Knows: where vessels run. They displace air, so they are invisible where there is none.
 */

import type { Random } from "../../../random.ts";
import { rod } from "../drawing/canvas.ts";
import { around, at, type Point } from "../drawing/geometry.ts";
import type { Scene } from "./scene.ts";
import { domeOf, SIDES, type Side, type Thorax } from "./thorax.ts";

/** The point from which the vessels of a lung start. */
export function hilumOf(thorax: Thorax, side: Side): Point {
  const height = thorax.apex + 0.47 * (domeOf(thorax, side) - thorax.apex);
  return at(thorax.centre + side * 0.085, height + (side === 1 ? -0.025 : 0));
}

/** A twig that has yet to be drawn. */
interface Twig {
  readonly from: Point;
  readonly angle: number;
  readonly length: number;
  readonly radius: number;
}

/** Thinner twigs are invisible. */
const LEAST_RADIUS = 0.0011;

/** Draw a twig and return those into which it forks. */
function growTwig(scene: Scene, side: Side, random: Random, twig: Twig): Twig[] {
  const { canvas, thorax } = scene;
  const bend = random.uniform(-0.35, 0.35);
  const path: Point[] = [twig.from];
  let { angle } = twig;
  let point = twig.from;
  for (let k = 0; k < 4; k++) {
    angle += bend / 4;
    point = at(point.x + (Math.cos(angle) * twig.length) / 4, point.y + (Math.sin(angle) * twig.length) / 4);
    path.push(point);
  }
  const radius = twig.radius * thorax.vascularity;
  const strength = thorax.vesselClarity * Math.min(0.75, 22 * radius + 0.12);
  canvas.stroke(path, { radius: (t) => radius * (1 - 0.25 * t), profile: rod }, (i, value) => {
    canvas.air[i]! *= 1 - strength * value;
  });
  if (twig.radius * 0.72 < LEAST_RADIUS || scene.lung(side).depth.at(point.x, point.y) < 0.012) return [];
  const count = random.chance(0.85) ? 2 : 1;
  return Array.from({ length: count }, (_, k) => ({
    from: point,
    angle: angle + (k === 0 ? 1 : -1) * random.uniform(0.12, 0.55),
    length: twig.length * random.uniform(0.72, 0.95),
    radius: twig.radius * random.uniform(0.62, 0.8),
  }));
}

/** The hilum itself, where vessels overlap and are seen end on. */
function paintHilum(scene: Scene, side: Side, random: Random): void {
  const { canvas, thorax } = scene;
  const hilum = hilumOf(thorax, side);
  const reach = random.uniform(0.036, 0.048) * thorax.vascularity;
  const strength = random.uniform(0.45, 0.6);
  canvas.each(around(hilum, reach * 2.2), (x, y, i) => {
    const square = ((x - hilum.x) / reach) ** 2 + ((y - hilum.y) / (1.45 * reach)) ** 2;
    canvas.air[i]! *= 1 - strength * Math.exp(-square);
  });
}

/** Both lungs' vessels. */
export function paintVessels(scene: Scene, random: Random): void {
  for (const side of SIDES) {
    paintHilum(scene, side, random);
    const hilum = hilumOf(scene.thorax, side);
    // Twigs run towards the apex, the side and the base, which has the most blood.
    const twigs: Twig[] = [-1.25, -0.75, -0.3, 0.1, 0.5, 0.85, 1.15, 1.4].map((angle) => ({
      from: at(hilum.x, hilum.y + 0.03 * Math.sin(angle)),
      angle: side === 1 ? angle + random.uniform(-0.12, 0.12) : Math.PI - angle + random.uniform(-0.12, 0.12),
      length: random.uniform(0.055, 0.085),
      radius: angle < 0 ? random.uniform(0.0045, 0.006) : random.uniform(0.006, 0.009),
    }));
    for (let twig = twigs.pop(); twig !== undefined; twig = twigs.pop()) {
      twigs.push(...growTwig(scene, side, random, twig));
    }
  }
}
