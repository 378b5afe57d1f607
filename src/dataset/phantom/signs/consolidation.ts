/** Consolidation: a lobe without air, dense and homogeneous, with a straight border at a fissure. */

import { domeOf, wallAt } from "../chest/thorax.ts";
import { Field } from "../drawing/field.ts";
import { at, smoothstep } from "../drawing/geometry.ts";
import { paintBronchogram } from "./pneumonia.ts";
import { anySide, grade, type Sign } from "./sign.ts";

export const consolidation: Sign = {
  paint(scene, { random, degree }) {
    const side = anySide(random);
    const { thorax } = scene;
    const { bounds } = scene.lung(side);
    const edge = Field.noise(random, 0.05, 3);
    const isUpper = random.chance(0.5);
    const height = domeOf(thorax, side) - thorax.apex;
    const fissure = thorax.apex + height * (isUpper ? random.uniform(0.4, 0.5) : random.uniform(0.52, 0.64));
    const reach = grade(degree, 0.14, 0.24);
    const tilt = random.uniform(-0.12, 0.12);
    const strength = grade(degree, 0.82, 0.95);
    const inward = random.uniform(0.1, 0.3);
    const extent = scene.fill(side, {
      bounds,
      mass: 0.08,
      marks: 0.4,
      share: (x, y) => {
        const across = Math.abs(x - thorax.centre);
        const line = fissure + tilt * (across - 0.17);
        // Distance from the fissure, positive inside the lobe.
        const into = isUpper ? line - y : y - line;
        const fading = smoothstep(reach * 1.15, reach * 0.65, into + 0.035 * edge.at(x, y));
        const medial = smoothstep(
          inward - 0.25,
          inward - 0.1,
          across / wallAt(thorax, y) + 0.08 * edge.at(y, x),
        );
        return strength * smoothstep(-0.003, 0.004, into) * fading * medial;
      },
    });
    const middle = at(thorax.centre + side * 0.13, fissure + (isUpper ? -0.3 : 0.3) * reach);
    paintBronchogram(
      scene,
      middle,
      side === 1 ? (isUpper ? -0.5 : 0.5) : Math.PI + (isUpper ? 0.5 : -0.5),
      0.08,
      random,
    );
    return [extent.box()];
  },
};
