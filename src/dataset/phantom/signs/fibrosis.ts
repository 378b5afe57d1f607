/** Fibrosis: a network of fine lines and small rings, densest at the bases and near the pleura, in smaller lungs. */

import { domeOf, placeIn, raiseDome, SIDES } from "../chest/thorax.ts";
import { rod } from "../drawing/canvas.ts";
import { Field } from "../drawing/field.ts";
import { at, smoothstep } from "../drawing/geometry.ts";
import { bow, grade, type Sign } from "./sign.ts";

export const fibrosis: Sign = {
  shape(thorax, { degree }) {
    for (const side of SIDES) raiseDome(thorax, side, grade(degree, 0.01, 0.03));
    thorax.inflation *= 0.94;
  },
  paint(scene, { random, degree }) {
    const { canvas, thorax } = scene;
    const strength = grade(degree, 0.34, 0.5);
    const thin = (i: number, value: number) => {
      canvas.air[i]! *= 1 - strength * value;
    };
    const line = { radius: () => 0.0019, profile: rod };
    const haze = Field.noise(random, 0.04, 3);
    for (const side of SIDES) {
      const { bounds } = scene.lung(side);
      const wall = scene.wall(side);
      scene.fill(side, {
        bounds,
        mass: 0.02,
        share: (x, y) => {
          const low = smoothstep(thorax.apex + 0.15, domeOf(thorax, side), y);
          return 0.4 * low * Math.exp(-wall.at(x, y) / 0.09) * Math.max(0, 0.7 + haze.at(x, y));
        },
      });
      for (let k = 0; k < grade(degree, 260, 400); k++) {
        const across = 1 - 0.6 * random.next() ** 1.5;
        const down = 1 - 0.62 * random.next() ** 1.3;
        const start = placeIn(thorax, side, 0.98 * across, 0.99 * down);
        const angle = random.uniform(0, Math.PI);
        const length = random.uniform(0.012, 0.034);
        const end = at(start.x + length * Math.cos(angle), start.y + length * Math.sin(angle));
        if (random.chance(0.8)) {
          canvas.stroke(bow(start, end, random.uniform(-0.006, 0.006), 3), line, thin);
          continue;
        }
        const radius = random.uniform(0.003, 0.006);
        const ring = Array.from({ length: 9 }, (_, n) =>
          at(start.x + radius * Math.cos((n * Math.PI) / 4), start.y + radius * Math.sin((n * Math.PI) / 4)),
        );
        canvas.stroke(ring, line, thin);
      }
    }
    return [];
  },
};
