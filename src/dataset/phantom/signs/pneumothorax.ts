/** Pneumothorax: air without vessels between the chest wall and the fine line of the collapsed lung's pleura. */

import { domeOf } from "../chest/thorax.ts";
import { Extent, rod } from "../drawing/canvas.ts";
import { smoothstep } from "../drawing/geometry.ts";
import { anySide, grade, type Sign } from "./sign.ts";

export const pneumothorax: Sign = {
  paint(scene, { random, degree }) {
    const side = anySide(random);
    const { thorax, canvas } = scene;
    const { depth, bounds } = scene.lung(side);
    const wall = scene.wall(side);
    const width = grade(degree, 0.035, 0.09) * random.uniform(0.9, 1.1);
    const length = grade(degree, 0.6, 1.1);
    const lungHeight = domeOf(thorax, side) - thorax.apex;
    /** Width of the gap, measured from the chest wall. It is widest near the apex. */
    const gap = (y: number) => {
      const down = (y - thorax.apex) / (lungHeight * length);
      return width * Math.sqrt(Math.max(0, 1 - Math.max(0, down) ** 2));
    };
    const extent = new Extent();
    const { air, tissue } = canvas;
    canvas.each(bounds, (x, y, i, column, row) => {
      const within = smoothstep(0, 0.006, depth.at(x, y));
      if (within === 0 || scene.heart.at(x, y) > 0) return;
      const beyond = gap(y) - wall.at(x, y);
      if (beyond < -0.006) return;
      const free = smoothstep(-0.002, 0.003, beyond) * within;
      air[i] = air[i]! + free * (1.18 * rod(1 - Math.min(1, depth.at(x, y) / 0.05)) - air[i]!);
      tissue[i]! -= 0.02 * free;
      // The pleura, seen edge on.
      const line = Math.exp(-(((beyond + 0.0015) / 0.0026) ** 2)) * within;
      tissue[i]! += 0.11 * line;
      air[i]! *= 1 - 0.25 * line;
      if (free > 0.5) extent.mark(column, row);
    });
    return [extent.box()];
  },
};
