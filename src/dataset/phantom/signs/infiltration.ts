/** Infiltration: several faint, streaky patches without clear borders, usually on both sides. */

import { placeIn } from "../chest/thorax.ts";
import { Field } from "../drawing/field.ts";
import { around } from "../drawing/geometry.ts";
import { grade, type Patch, patchAt, type Sign, sides } from "./sign.ts";

export const infiltration: Sign = {
  paint(scene, { random, degree }) {
    const edge = Field.noise(random, 0.07, 3);
    const streaks = Field.noise(random, 0.028, 3);
    return sides(random, 0.6).map((side) => {
      const down = random.uniform(0.35, 0.75);
      const patches: Patch[] = Array.from({ length: 3 + random.int(3) }, () => ({
        centre: placeIn(scene.thorax, side, random.uniform(0.4, 0.8), down + random.uniform(-0.17, 0.17)),
        width: random.uniform(0.04, 0.075),
        height: random.uniform(0.04, 0.08),
        strength: grade(degree, 0.36, 0.58),
        core: 0.1,
        ragged: 0.5,
        patchy: 0.85,
      }));
      const extents = patches.map((patch) => ({ patch, bounds: around(patch.centre, 1.7 * patch.height) }));
      const extent = scene.fill(side, { ...oneFilling(extents[0]!, edge, streaks) });
      for (const each of extents.slice(1)) scene.fill(side, oneFilling(each, edge, streaks), extent);
      return extent.box();
    });
  },
};

const oneFilling = (
  { patch, bounds }: { readonly patch: Patch; readonly bounds: ReturnType<typeof around> },
  edge: Field,
  streaks: Field,
) => ({
  bounds,
  mass: 0.03,
  marks: 0.15,
  share: (x: number, y: number) => patchAt(patch, edge, streaks, x, y),
});
