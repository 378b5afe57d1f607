/** Cardiomegaly: a heart that is wider than half the rib cage. */

import { heartBorders, heartHeights } from "../chest/thorax.ts";
import { Extent } from "../drawing/canvas.ts";
import { at, boundsOf } from "../drawing/geometry.ts";
import { grade, type Sign } from "./sign.ts";

export const cardiomegaly: Sign = {
  shape(thorax, { degree }) {
    thorax.cardiothoracicRatio = grade(degree, 0.57, 0.7);
  },
  paint(scene) {
    const { centre } = scene.thorax;
    const { right, left } = heartBorders(scene.thorax);
    const { top, bottom } = heartHeights(scene.thorax);
    const extent = new Extent();
    const bounds = boundsOf([at(centre - right, top), at(centre + left, bottom)]);
    scene.canvas.each(bounds, (x, y, _, column, row) => {
      const isWithin = x > centre - right && x < centre + left && y > top && y < bottom;
      if (isWithin && scene.heart.at(x, y) > 0) extent.mark(column, row);
    });
    return [extent.box()];
  },
};
