/**
 * What else is on or in a patient and on the film: electrodes, lines, a tube, and the letter that marks the side.
 *
 * Knows: how they look. They depend on the projection, not on the findings, so that nothing can be learned from them.
 */

import type { Random } from "../../../random.ts";
import { rod } from "../drawing/canvas.ts";
import { at, openCurve, type Path } from "../drawing/geometry.ts";
import type { Scene } from "./scene.ts";

/** A wire that runs from the upper or lower edge to an electrode on the chest. */
function paintElectrode(scene: Scene, random: Random): void {
  const { centre } = scene.thorax;
  const end = at(centre + random.uniform(-0.34, 0.34), random.uniform(0.2, 0.75));
  const start = at(centre + random.uniform(-0.5, 0.5), random.chance(0.5) ? -0.02 : 1.02);
  const middle = at((start.x + end.x) / 2 + random.uniform(-0.1, 0.1), (start.y + end.y) / 2);
  scene.thicken(openCurve([start, middle, end], 12), () => 0.0022, 0.16, rod);
  scene.thicken([end, at(end.x + 0.001, end.y)], () => 0.011, 0.22, rod);
}

function paintLine(scene: Scene, path: Path, radius: number, strength: number): void {
  scene.thicken(
    openCurve(path, 12),
    () => radius,
    strength,
    (share) => (share > 0.45 ? 1 : 0.45),
  );
}

/** Electrodes, a tube and a line, which are more frequent in patients who are imaged in bed (AP). */
export function paintDevices(scene: Scene, random: Random): void {
  const { centre: c, isAp, apex } = scene.thorax;
  const [wires, tube, line] = isAp ? [0.5, 0.2, 0.35] : [0.04, 0.01, 0.06];
  const electrodes = random.chance(wires) ? 2 + random.int(3) : 0;
  for (let k = 0; k < electrodes; k++) paintElectrode(scene, random);
  if (random.chance(tube)) {
    paintLine(scene, [at(c, -0.05), at(c + 0.004, 0.1), at(c - 0.002, 0.27)], 0.0065, 0.1);
  }
  if (random.chance(line)) {
    const side = random.chance(0.7) ? -1 : 1;
    paintLine(
      scene,
      [
        at(c + side * 0.2, apex + 0.07),
        at(c + side * 0.1, apex + 0.08),
        at(c - 0.035, 0.25),
        at(c - 0.045, 0.4),
      ],
      0.0036,
      0.16,
    );
  }
}

/** The strokes of the two letters, in a box that is 1 wide and 1.6 high. */
const LETTERS: Readonly<Record<"L" | "R", readonly Path[]>> = {
  L: [[at(0, 0), at(0, 1.6), at(1, 1.6)]],
  R: [
    [at(0, 1.6), at(0, 0), at(0.75, 0), at(1, 0.22), at(1, 0.62), at(0.75, 0.84), at(0, 0.84)],
    [at(0.5, 0.84), at(1, 1.6)],
  ],
};

/** The lead letter that marks the side. Some films have none. */
export function paintMarker(scene: Scene, random: Random): void {
  const letter = random.chance(0.75) ? "L" : "R";
  const size = random.uniform(0.016, 0.024);
  const x = letter === "L" ? random.uniform(0.86, 0.93) : random.uniform(0.05, 0.12);
  const y = random.uniform(0.03, 0.14);
  if (random.chance(0.15)) return;
  for (const stroke of LETTERS[letter]) {
    const path = stroke.map((point) => at(x + size * point.x, y + size * point.y));
    scene.thicken(
      path,
      () => 0.0035,
      1.1,
      (share) => (share < 0.8 ? 1 : 0.6),
    );
  }
}
