/** Effusion: fluid that hides the diaphragm and rises along the chest wall, highest at the side. */

import { angleHeight, diaphragmAt, wallAt } from "../chest/thorax.ts";
import { smoothstep } from "../drawing/geometry.ts";
import { grade, type Sign, sides } from "./sign.ts";

export const effusion: Sign = {
  paint(scene, { random, degree }) {
    const { thorax } = scene;
    return sides(random, 0.3).map((side) => {
      const depth = grade(degree, 0.065, 0.2) * random.uniform(0.85, 1.15);
      const climb = grade(degree, 0.06, 0.11);
      const slope = random.uniform(0.05, 0.09);
      const { bounds } = scene.lung(side);
      const floor = angleHeight(thorax, side);
      const extent = scene.fill(side, {
        bounds: { ...bounds, top: floor - depth - climb - 0.08 },
        mass: 0.08,
        marks: 0.5,
        share: (x, y) => {
          const across = Math.abs(x - thorax.centre);
          const wall = Math.max(0, wallAt(thorax, y) - across);
          const level =
            floor - depth - climb * Math.exp(-wall / slope) - 0.25 * climb * Math.exp(-across / 0.06);
          // There is a little fluid behind the dome even if the level is below it.
          const behind = smoothstep(
            0.03,
            0,
            diaphragmAt(thorax, side, Math.min(1, across / thorax.halfWidth)) - y,
          );
          return Math.max(
            0.97 * smoothstep(-0.012, 0.016, y - level),
            0.35 * behind * (y > level - 0.03 ? 1 : 0),
          );
        },
      });
      return extent.box();
    });
  },
};
