/** Pneumonia: one clouded segment with ragged edges, in which air-filled bronchi are visible. */

import type { Random } from "../../../random.ts";
import type { Scene } from "../chest/scene.ts";
import { placeIn } from "../chest/thorax.ts";
import { rod } from "../drawing/canvas.ts";
import { Field } from "../drawing/field.ts";
import { around, at, type Point } from "../drawing/geometry.ts";
import { anySide, bow, grade, type Patch, patchAt, type Sign } from "./sign.ts";

/** Dark, forking lines inside filled lung. */
export function paintBronchogram(
  scene: Scene,
  from: Point,
  angle: number,
  length: number,
  random: Random,
): void {
  const { air } = scene.canvas;
  for (let k = 0; k < 5; k++) {
    const start = at(
      from.x + 0.16 * k * length * Math.cos(angle),
      from.y + 0.16 * k * length * Math.sin(angle),
    );
    const turn = angle + (k % 2 === 0 ? 1 : -1) * random.uniform(0.15, 0.7);
    const reach = length * random.uniform(0.4, 0.8);
    const end = at(start.x + reach * Math.cos(turn), start.y + reach * Math.sin(turn));
    const brush = {
      radius: (t: number) => 0.0046 * (1 - 0.6 * t),
      profile: rod,
      along: (t: number) => 1 - 0.8 * t,
    };
    scene.canvas.stroke(bow(start, end, random.uniform(-0.01, 0.01), 6), brush, (i, value) => {
      air[i] = Math.min(0.85, air[i]! + 0.2 * value);
    });
  }
}

export const pneumonia: Sign = {
  paint(scene, { random, degree }) {
    const side = anySide(random);
    const edge = Field.noise(random, 0.06, 3);
    const inner = Field.noise(random, 0.045, 2);
    const centre = placeIn(scene.thorax, side, random.uniform(0.45, 0.7), random.uniform(0.4, 0.78));
    const patch: Patch = {
      centre,
      width: grade(degree, 0.075, 0.12) * random.uniform(0.9, 1.1),
      height: grade(degree, 0.075, 0.12) * random.uniform(0.9, 1.15),
      strength: grade(degree, 0.72, 0.9),
      core: 0.35,
      ragged: 0.32,
      patchy: 0.4,
    };
    const extent = scene.fill(side, {
      bounds: around(centre, 1.6 * Math.max(patch.width, patch.height)),
      mass: 0.07,
      share: (x, y) => patchAt(patch, edge, inner, x, y),
    });
    const start = at(centre.x - side * 0.5 * patch.width, centre.y - 0.3 * patch.height);
    paintBronchogram(scene, start, side === 1 ? 0.45 : Math.PI - 0.45, patch.width, random);
    return [extent.box()];
  },
};
