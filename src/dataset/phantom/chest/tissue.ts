/**
 * What a chest consists of besides bone: trunk, lungs, heart, diaphragm, breasts, airways, and air in the stomach.
 *
 * Knows: how much tissue and air a ray meets in a healthy chest.
 */

import type { Random } from "../../../random.ts";
import { rod } from "../drawing/canvas.ts";
import { Field } from "../drawing/field.ts";
import { around, at, openCurve, smoothstep } from "../drawing/geometry.ts";
import type { Scene } from "./scene.ts";
import { diaphragmAt, SIDES, wallAt } from "./thorax.ts";

/** Thickness of a lung along the ray, at a depth below its outline: a circle's chord. */
function chord(depth: number): number {
  const t = Math.min(1, Math.max(0, depth / 0.1));
  return Math.sqrt(t * (2 - t));
}

/** 1 − e^(−x / 0.05): how the trunk thickens below its outline. */
const saturation = (x: number): number => (x <= 0 ? 0 : 1 - Math.exp(-x / 0.05));

/** Tissue of trunk, heart and abdomen, ignoring their edges. */
function flesh({ thorax, heart, body }: Scene): Field {
  const lowest = Math.max(thorax.dome.right, thorax.dome.left);
  return Field.of((x, y) => {
    const middle = Math.max(0, 1 - ((x - thorax.centre) / 0.62) ** 2);
    const core = heart.at(x, y);
    const share = Math.abs(x - thorax.centre) / wallAt(thorax, y);
    const side = x < thorax.centre ? -1 : 1;
    // The diaphragm bulges up between the front and the back of the lung, and the abdomen thickens below it.
    const below = y - (share < 1.02 ? diaphragmAt(thorax, side, Math.min(1, share)) : lowest + 0.09);
    return (
      thorax.build * (0.3 + 0.34 * saturation(Math.min(body.at(x, y), 0.15)) * middle) +
      0.2 * saturation(core / 0.6) * smoothstep(thorax.apex - 0.08, thorax.apex + 0.1, y) +
      0.2 * saturation(below / 1.8)
    );
  });
}

/** Paint trunk, lungs and heart in one pass over the film. */
export function paintTrunk(scene: Scene): void {
  const { thorax, canvas, heart, body } = scene;
  const right = scene.lung(-1).depth;
  const left = scene.lung(1).depth;
  const { tissue, air } = canvas;
  const dense = flesh(scene);
  canvas.each(undefined, (x, y, i) => {
    const skin = body.at(x, y);
    if (skin < -0.004) return;
    tissue[i] = dense.at(x, y) * smoothstep(-0.004, 0.006, skin);
    const depth = (x < thorax.centre ? right : left).at(x, y);
    if (depth <= -0.002) return;
    const full = thorax.inflation * chord(depth) * (1 - 0.12 * smoothstep(0.5, 0.8, y));
    const free = 1 - 0.93 * smoothstep(-0.003, 0.005, heart.at(x, y));
    air[i] = smoothstep(-0.002, 0.004, depth) * full * free;
  });
}

/** Two soft discs over the lower lungs. */
export function paintBreasts(scene: Scene, random: Random): void {
  const { thorax, canvas } = scene;
  const reach = random.uniform(0.13, 0.19);
  const height = thorax.dome.right - random.uniform(-0.04, 0.05);
  const strength = random.uniform(0.05, 0.13) * thorax.build;
  if (!thorax.isFemale || thorax.age < 14) return;
  for (const side of SIDES) {
    const centre = at(thorax.centre + side * (thorax.halfWidth * 0.68), height - 0.35 * reach);
    canvas.each(around(centre, reach * 1.1), (x, y, i) => {
      const [u, v] = [(x - centre.x) / reach, (y - centre.y) / (reach * 0.92)];
      const square = u * u + v * v;
      if (square >= 1.1) return;
      // They are denser, and have a sharper edge, at the bottom.
      const edge = v > 0 ? smoothstep(1.04, 0.9, square) : smoothstep(1.1, 0.1, square);
      canvas.tissue[i]! += strength * edge * (0.55 + 0.45 * Math.max(0, v));
    });
  }
}

/** Trachea and main bronchi: bands of air in the mediastinum. */
export function paintAirways(scene: Scene, random: Random): void {
  const { thorax, canvas } = scene;
  const c = thorax.centre + random.uniform(-0.006, 0.006);
  const carina = 0.33 + random.uniform(-0.015, 0.015);
  const lines = [
    { path: [at(c, -0.05), at(c + 0.003, 0.15), at(c - 0.002, carina)], radius: 0.019, strength: 0.16 },
    {
      path: [at(c - 0.004, carina), at(c - 0.04, carina + 0.045), at(c - 0.075, carina + 0.075)],
      radius: 0.013,
      strength: 0.09,
    },
    {
      path: [at(c + 0.004, carina), at(c + 0.045, carina + 0.05), at(c + 0.085, carina + 0.07)],
      radius: 0.012,
      strength: 0.08,
    },
  ];
  for (const { path, radius, strength } of lines) {
    canvas.stroke(openCurve(path), { radius: () => radius, profile: rod }, (i, value) => {
      canvas.tissue[i]! -= strength * value;
    });
  }
}

/** Air in the stomach, below the left dome of the diaphragm, and in the bowel. */
export function paintBelly(scene: Scene, random: Random): void {
  const { thorax, canvas } = scene;
  const wanted = random.chance(0.6);
  const bubbles = [
    {
      x: thorax.centre + random.uniform(0.12, 0.22),
      y: thorax.dome.left + random.uniform(0.05, 0.08),
      w: random.uniform(0.04, 0.09),
      h: random.uniform(0.02, 0.035),
    },
    ...Array.from({ length: random.int(4) }, () => ({
      x: thorax.centre + random.uniform(-0.25, 0.3),
      y: random.uniform(0.88, 1),
      w: random.uniform(0.02, 0.05),
      h: random.uniform(0.015, 0.03),
    })),
  ];
  if (!wanted) return;
  for (const { x: cx, y: cy, w, h } of bubbles) {
    canvas.each(around(at(cx, cy), w * 1.2), (x, y, i) => {
      const square = ((x - cx) / w) ** 2 + ((y - cy) / h) ** 2;
      canvas.tissue[i]! -= 0.14 * smoothstep(1.15, 0.6, square);
    });
  }
}
