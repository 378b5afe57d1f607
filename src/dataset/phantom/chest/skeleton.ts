/**
 * Bones: spine, ribs, clavicles, scapulae and humeral heads.
 *
 * Knows: where bones are in a frontal projection. Ribs run down and outwards behind, down and inwards in front.
 */

import type { Random } from "../../../random.ts";
import { rod, tube } from "../drawing/canvas.ts";
import { Field } from "../drawing/field.ts";
import { at, boundsOf, closedCurve, openCurve, type Path, smoothstep } from "../drawing/geometry.ts";
import type { Scene } from "./scene.ts";
import { angleHeight, SIDES, type Side, type Thorax, wallAt } from "./thorax.ts";

const RIBS = 11;

/** The posterior and the anterior part of a rib, which meet in its lateral bend at the chest wall. */
function ribPaths(thorax: Thorax, side: Side, rib: number): { readonly behind: Path; readonly before: Path } {
  const { centre, apex, ribSlope } = thorax;
  const spacing = (angleHeight(thorax, side) + 0.02 - apex) / (RIBS + 0.6);
  const start = apex + 0.012 + rib * spacing;
  const drop = ribSlope * (0.035 + 0.011 * rib);
  const bend = start + drop;
  const wall = wallAt(thorax, bend) + 0.008;
  const on = (share: number, y: number) => at(centre + side * share * wall, y);
  const rise = 0.02 + 0.002 * rib;
  const behind = openCurve([
    at(centre + side * 0.035, start),
    on(0.32, start - rise * 0.7),
    on(0.6, start - rise * 0.2 + drop * 0.12),
    on(0.85, start + drop * 0.48),
    on(1, bend),
  ]);
  const fall = ribSlope * (0.05 + 0.009 * rib);
  const before = openCurve([
    on(1, bend),
    on(0.97, bend + fall * 0.35),
    on(0.82, bend + fall * 0.78),
    on(0.62, bend + fall),
    on(Math.max(0.4, 0.3 + 0.03 * rib), bend + fall * 1.06),
  ]);
  return { behind, before };
}

function paintRibs(scene: Scene, random: Random): void {
  const { thorax } = scene;
  const strength = thorax.mineral * random.uniform(0.1, 0.14);
  const width = random.uniform(0.0105, 0.0135);
  const anterior = random.uniform(0.5, 0.75);
  for (const side of SIDES) {
    for (let rib = 0; rib < RIBS; rib++) {
      const { behind, before } = ribPaths(thorax, side, rib);
      scene.thicken(behind, (t) => width * (0.75 + 0.25 * Math.min(1, 3 * t)), strength, tube);
      if (rib < 8) scene.thicken(before, (t) => width * (1 + 0.25 * t), strength * anterior, tube);
    }
  }
}

function paintSpine(scene: Scene, random: Random): void {
  const { thorax, canvas } = scene;
  const bodies = 17;
  const lean = random.uniform(-0.012, 0.012);
  const strength = thorax.mineral * random.uniform(0.07, 0.1);
  let top = -0.02;
  for (let k = 0; k < bodies; k++) {
    const height = 0.046 + 0.0018 * k;
    const half = 0.028 + 0.0011 * k;
    const cx = thorax.centre + lean * Math.sin((Math.PI * top) / 0.8);
    const cy = top + height / 2;
    canvas.each(boundsOf([at(cx - half * 1.6, top), at(cx + half * 1.6, top + height)]), (x, y, i) => {
      const across = Math.abs(x - cx) / half;
      const down = Math.abs(y - cy) / (height / 2);
      const body = smoothstep(1.06, 0.94, across) * smoothstep(0.96, 0.78, down);
      const rim = Math.exp(-(((across - 0.93) / 0.09) ** 2)) + 0.8 * Math.exp(-(((down - 0.8) / 0.1) ** 2));
      const pedicle = Math.exp(
        -(((across - 0.62) / 0.16) ** 2 + ((y - cy + 0.25 * height) / (0.16 * height)) ** 2),
      );
      const wings = 0.4 * smoothstep(1.6, 1.2, across) * Math.exp(-(((y - cy) / (0.22 * height)) ** 2));
      canvas.tissue[i]! +=
        strength * (0.55 * body + 0.28 * rim * (across < 1.1 && down < 1 ? 1 : 0) + 0.4 * pedicle + wings);
    });
    top += height;
  }
}

function paintShoulders(scene: Scene, random: Random): void {
  const { thorax } = scene;
  const { centre: c, apex, isAp } = thorax;
  const strength = thorax.mineral * random.uniform(0.11, 0.15);
  const lift = random.uniform(-0.015, 0.02);
  // With the arms forward, the shoulder blades move away from the lungs. In patients lying down, they stay over them.
  const inward = isAp ? random.uniform(0.03, 0.07) : random.uniform(-0.02, 0.02);
  for (const side of SIDES) {
    const x = (distance: number) => c + side * distance;
    const clavicle = openCurve([
      at(x(0.04), apex + 0.06),
      at(x(0.11), apex + 0.025 - lift * 0.4),
      at(x(0.2), apex + 0.012 - lift),
      at(x(0.3), apex - 0.012 - lift),
      at(x(0.385), apex - 0.005 - lift),
    ]);
    scene.thicken(clavicle, (t) => 0.0145 - 0.004 * Math.sin(Math.PI * t), strength, tube);
    scene.thicken([at(x(0.475), apex + 0.055), at(x(0.478), apex + 0.06)], () => 0.05, strength * 1.2, rod);
    scene.thicken([at(x(0.49), apex + 0.08), at(x(0.545), apex + 0.36)], () => 0.026, strength, tube);
    const blade = closedCurve([
      at(x(0.37 - inward), apex + 0.03),
      at(x(0.45), apex + 0.035),
      at(x(0.455), apex + 0.1),
      at(x(0.43 - inward * 0.5), apex + 0.2),
      at(x(0.385 - inward), apex + 0.33),
      at(x(0.355 - inward), apex + 0.29),
      at(x(0.345 - inward), apex + 0.15),
    ]);
    const field = Field.within(blade, 0.05);
    const { tissue } = scene.canvas;
    scene.canvas.each(boundsOf(blade, 0.01), (px, py, i) => {
      const depth = field.at(px, py);
      if (depth < -0.004) return;
      const plate = smoothstep(-0.003, 0.004, depth);
      tissue[i]! += strength * plate * (0.3 + 0.4 * Math.exp(-Math.abs(depth - 0.004) / 0.005));
    });
  }
}

/** All bones. */
export function paintSkeleton(scene: Scene, random: Random): void {
  paintSpine(scene, random);
  paintRibs(scene, random);
  paintShoulders(scene, random);
}
