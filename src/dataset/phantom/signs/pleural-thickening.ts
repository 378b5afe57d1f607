/** Pleural thickening: a dense band along the inner chest wall, or a cap over the apex. */

import { domeOf } from "../chest/thorax.ts";
import { Field } from "../drawing/field.ts";
import { smoothstep } from "../drawing/geometry.ts";
import { grade, type Sign, sides } from "./sign.ts";

export const pleuralThickening: Sign = {
  paint(scene, { random, degree }) {
    const { thorax } = scene;
    const bumps = Field.noise(random, 0.05, 2);
    const width = grade(degree, 0.018, 0.032);
    const isCap = random.chance(0.35);
    const middle = isCap ? 0.05 : random.uniform(0.35, 0.65);
    const half = isCap ? random.uniform(0.12, 0.18) : random.uniform(0.2, 0.32);
    return sides(random, 0.3).map((side) => {
      const { bounds } = scene.lung(side);
      const wall = scene.wall(side);
      const height = domeOf(thorax, side) - thorax.apex;
      const extent = scene.fill(side, {
        bounds,
        mass: 0.13,
        marks: 0.4,
        share: (x, y) => {
          const distance = wall.at(x, y);
          if (distance > 0.06) return 0;
          const down = (y - thorax.apex) / height;
          const taper = smoothstep(half, 0.55 * half, Math.abs(down - middle));
          const edge = (width + 0.006 * bumps.at(x, y)) * taper;
          return 0.95 * smoothstep(edge + 0.003, edge - 0.004, distance) * smoothstep(0, 0.2, taper);
        },
      });
      return extent.box();
    });
  },
};
