/** Atelectasis: plates of airless lung above a raised diaphragm. */

import { placeIn, raiseDome } from "../chest/thorax.ts";
import { Extent, rod } from "../drawing/canvas.ts";
import { at } from "../drawing/geometry.ts";
import { anySide, bow, grade, type Sign } from "./sign.ts";

export const atelectasis: Sign = {
  shape(thorax, { random, degree }) {
    raiseDome(thorax, anySide(random), grade(degree, 0.012, 0.04));
  },
  paint(scene, { random, degree }) {
    const side = anySide(random);
    const { air, tissue } = scene.canvas;
    const extent = new Extent();
    const plates = 2 + random.int(2);
    const first = random.uniform(0.7, 0.84);
    for (let k = 0; k < plates; k++) {
      const start = placeIn(scene.thorax, side, random.uniform(0.28, 0.42), first - 0.075 * k);
      const end = placeIn(scene.thorax, side, random.uniform(0.72, 0.93), first - 0.075 * k);
      const path = bow(
        start,
        at(end.x, start.y + random.uniform(-0.02, 0.035)),
        random.uniform(-0.012, 0.012),
      );
      const radius = grade(degree, 0.0055, 0.0105) * random.uniform(0.8, 1.2);
      const brush = { radius: (t: number) => radius * (0.45 + 2.2 * t * (1 - t)), profile: rod };
      scene.canvas.stroke(path, brush, (i, value, column, row) => {
        air[i]! *= 1 - 0.75 * value;
        tissue[i]! += 0.06 * value;
        extent.mark(column, row);
      });
    }
    return [extent.box()];
  },
};
