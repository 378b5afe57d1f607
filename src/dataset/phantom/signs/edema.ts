/** Edema: clouds around both hila like a bat's wings, blurred vessels, and short lines at the bases. */

import { domeOf, SIDES, wallAt } from "../chest/thorax.ts";
import { hilumOf } from "../chest/vessels.ts";
import { rod } from "../drawing/canvas.ts";
import { Field } from "../drawing/field.ts";
import { at } from "../drawing/geometry.ts";
import { grade, type Sign } from "./sign.ts";

export const edema: Sign = {
  shape(thorax, { degree }) {
    thorax.vascularity *= grade(degree, 1.2, 1.45);
    thorax.vesselClarity *= 0.75;
    thorax.cardiothoracicRatio = Math.max(thorax.cardiothoracicRatio, 0.48);
  },
  paint(scene, { random, degree }) {
    const clouds = Field.noise(random, 0.06, 3);
    const strength = grade(degree, 0.55, 0.85);
    const reach = grade(degree, 0.12, 0.16);
    const { thorax, canvas } = scene;
    for (const side of SIDES) {
      const hilum = hilumOf(thorax, side);
      scene.fill(side, {
        bounds: scene.lung(side).bounds,
        mass: 0.05,
        share: (x, y) => {
          const [u, v] = [(x - hilum.x - side * 0.035) / reach, (y - hilum.y - 0.04) / (1.35 * reach)];
          return (
            strength * Math.exp(-(u * u + v * v)) * Math.min(1, Math.max(0.1, 0.85 + 0.45 * clouds.at(x, y)))
          );
        },
      });
      // Septal lines (Kerley B) are short and horizontal, at the chest wall above the costophrenic angle.
      for (let k = 0; k < 9; k++) {
        const y = domeOf(thorax, side) - 0.005 - 0.014 * k + random.uniform(-0.003, 0.003);
        const wall = wallAt(thorax, y) - 0.006;
        const length = random.uniform(0.022, 0.036);
        const path = [
          at(thorax.centre + side * wall, y),
          at(thorax.centre + side * (wall - length), y - 0.003),
        ];
        canvas.stroke(path, { radius: () => 0.0016, profile: rod }, (i, value) => {
          canvas.air[i]! *= 1 - 0.5 * value;
        });
      }
    }
    return [];
  },
};
