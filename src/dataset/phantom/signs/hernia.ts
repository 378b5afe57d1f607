/** Hiatal hernia: part of the stomach behind the heart, a round sac with air above a fluid level. */

import { Extent } from "../drawing/canvas.ts";
import { around, at, smoothstep } from "../drawing/geometry.ts";
import { grade, type Sign } from "./sign.ts";

export const hernia: Sign = {
  paint(scene, { random, degree }) {
    const { thorax, canvas } = scene;
    const radius = grade(degree, 0.06, 0.095);
    const low = Math.max(thorax.dome.right, thorax.dome.left);
    const centre = at(thorax.centre + random.uniform(-0.005, 0.05), low + 0.035 - 0.72 * radius);
    const level = centre.y - radius * random.uniform(-0.1, 0.25);
    const extent = new Extent();
    canvas.each(around(centre, 1.2 * radius), (x, y, i, column, row) => {
      const distance = Math.hypot((x - centre.x) * 0.92, y - centre.y);
      const within = smoothstep(radius + 0.004, radius - 0.004, distance);
      if (within === 0) return;
      const wall = Math.exp(-(((distance - radius + 0.004) / 0.005) ** 2));
      const fluid = smoothstep(-0.003, 0.003, y - level);
      canvas.air[i]! *= 1 - within;
      canvas.tissue[i]! += within * (0.1 * fluid - 0.26 * (1 - fluid)) + 0.12 * wall;
      if (within > 0.5) extent.mark(column, row);
    });
    return [extent.box()];
  },
};
