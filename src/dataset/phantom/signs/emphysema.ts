/** Emphysema: hyperinflated, dark lungs, a low and flat diaphragm, thin vessels, a narrow heart, and bullae. */

import { placeIn, raiseDome, SIDES } from "../chest/thorax.ts";
import { around, smoothstep } from "../drawing/geometry.ts";
import { anySide, grade, type Sign } from "./sign.ts";

export const emphysema: Sign = {
  shape(thorax, { degree }) {
    const drop = grade(degree, 0.05, 0.085);
    for (const side of SIDES) raiseDome(thorax, side, -drop);
    thorax.domeRise *= grade(degree, 0.55, 0.32);
    thorax.inflation *= grade(degree, 1.12, 1.22);
    thorax.vascularity *= grade(degree, 0.72, 0.58);
    if (thorax.cardiothoracicRatio < 0.5)
      thorax.cardiothoracicRatio = Math.min(thorax.cardiothoracicRatio, 0.42) - 0.03;
  },
  paint(scene, { random, degree }) {
    const { canvas } = scene;
    for (let k = 0; k < 3 + random.int(3); k++) {
      const side = anySide(random);
      const centre = placeIn(scene.thorax, side, random.uniform(0.35, 0.85), random.uniform(0.1, 0.4));
      const radius = grade(degree, 0.022, 0.045) * random.uniform(0.8, 1.2);
      canvas.each(around(centre, 1.2 * radius), (x, y, i) => {
        if (!scene.isLung(side, x, y)) return;
        const distance = Math.hypot(x - centre.x, y - centre.y);
        const within = smoothstep(radius, radius - 0.004, distance);
        canvas.air[i] = canvas.air[i]! + within * (1.12 * scene.thorax.inflation - canvas.air[i]!) * 0.6;
        canvas.tissue[i]! += 0.04 * Math.exp(-(((distance - radius) / 0.0022) ** 2));
      });
    }
    return [];
  },
};
