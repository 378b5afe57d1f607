/** Mass and nodule: round and dense. Above 3 cm it is a mass, below a nodule. */

import type { Random } from "../../../random.ts";
import { findPlace, type Scene } from "../chest/scene.ts";
import { placeIn, type Side } from "../chest/thorax.ts";
import { around, type Point, smoothstep } from "../drawing/geometry.ts";
import { anySide, grade, type Sign } from "./sign.ts";

/** A lobulated ball in the lung. */
function paintBall(scene: Scene, side: Side, centre: Point, radius: number, lobes: number, random: Random) {
  const waves = [2, 3, 5].map((n) => ({
    n,
    size: (lobes * random.uniform(0.3, 1)) / n,
    phase: random.uniform(0, 6.3),
  }));
  return scene.fill(side, {
    bounds: around(centre, 1.5 * radius),
    mass: 0.16,
    marks: 0.25,
    share: (x, y) => {
      const [dx, dy] = [x - centre.x, y - centre.y];
      const distance = Math.sqrt(dx * dx + dy * dy);
      if (distance > 1.5 * radius) return 0;
      const angle = Math.atan2(dy, dx);
      let edge = radius;
      for (const { n, size, phase } of waves) edge += radius * size * Math.sin(n * angle + phase);
      const inside = Math.max(0, 1 - (distance / edge) ** 2);
      return 0.92 * smoothstep(edge + 0.003, edge - 0.004, distance) * (0.55 + 0.45 * Math.sqrt(inside));
    },
  });
}

/** A place in a lung, away from the heart and the diaphragm. */
const placeFor = (scene: Scene, side: Side, radius: number, random: Random): Point =>
  findPlace(
    random,
    () => placeIn(scene.thorax, side, random.uniform(0.3, 0.85), random.uniform(0.15, 0.85)),
    (x, y) => scene.isLung(side, x, y, radius),
  );

export const mass: Sign = {
  paint(scene, { random, degree }) {
    const side = anySide(random);
    const radius = grade(degree, 0.046, 0.085) * random.uniform(0.9, 1.1);
    return [paintBall(scene, side, placeFor(scene, side, 0.6 * radius, random), radius, 0.3, random).box()];
  },
};

export const nodule: Sign = {
  paint(scene, { random, degree }) {
    return Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => {
      const side = anySide(random);
      const radius = grade(degree, 0.017, 0.031) * random.uniform(0.9, 1.1);
      return paintBall(scene, side, placeFor(scene, side, radius, random), radius, 0.12, random).box();
    });
  },
};
