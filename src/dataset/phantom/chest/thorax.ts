/**
 * The measurements of a chest: what differs between patients, and what findings change.
 *
 * Knows:      numbers and outlines. Side −1 is the patient's right, which is on the left of the image.
 * Reference:  proportions of adult posteroanterior films. A cardiothoracic ratio of up to 0.5 is normal.
 */

import type { Random } from "../../../random.ts";
import { at, closedCurve, type Path, type Point } from "../drawing/geometry.ts";
import type { Person } from "../patients/patients.ts";

export type Side = -1 | 1;
export const SIDES: readonly Side[] = [-1, 1];

/** One chest. Lengths are fractions of the film's side. Findings modify it before it is drawn. */
export interface Thorax {
  readonly isFemale: boolean;
  readonly age: number;
  readonly isAp: boolean;
  /** x of the middle of the spine. */
  readonly centre: number;
  /** y of the upper end of the lungs. */
  readonly apex: number;
  /** Half the inner width of the rib cage at its widest. */
  readonly halfWidth: number;
  /** y of the top of the diaphragm on the right and on the left. */
  dome: { right: number; left: number };
  /** Height of the domes above the costophrenic angles. */
  domeRise: number;
  /** Width of the heart as a fraction of the rib cage's. */
  cardiothoracicRatio: number;
  /** Distance of the heart's right border from the middle, as a fraction of the heart's width. */
  readonly rightShare: number;
  /** How far the aortic knob protrudes from the middle. */
  readonly knob: number;
  /** Air in the lungs, about 1. */
  inflation: number;
  /** Calibre of the vessels, about 1. */
  vascularity: number;
  /** How sharp the vessels and the hila are, 0 to 1. */
  vesselClarity: number;
  /** Strength of the bones, about 1. */
  readonly mineral: number;
  /** Thickness of the soft tissue over the ribs, about 1. */
  readonly build: number;
  /** Slope of the ribs, about 1. */
  readonly ribSlope: number;
}

/** Draw a person's measurements at random. All images of one patient draw from the same stream. */
export function thoraxOf(random: Random, person: Person): Thorax {
  const { sex, age, view } = person;
  const isAp = view === "AP";
  const child = Math.max(0, (16 - age) / 16);
  const apex = random.uniform(0.1, 0.15) + (isAp ? 0.02 : 0);
  const lift = isAp ? random.uniform(0.03, 0.06) : 0;
  const right = random.uniform(0.675, 0.735) - lift - 0.03 * child;
  const mineral = random.uniform(0.85, 1.15) - Math.max(0, age - 60) / 200;
  return {
    isFemale: sex === "F",
    age,
    isAp,
    centre: 0.5 + random.uniform(-0.012, 0.012),
    apex,
    halfWidth: random.uniform(0.34, 0.385) * (sex === "F" ? 0.96 : 1) * (1 - 0.1 * child),
    dome: { right, left: right + random.uniform(0.008, 0.028) },
    domeRise: random.uniform(0.085, 0.12),
    cardiothoracicRatio: random.uniform(0.4, 0.475) + (isAp ? 0.02 : 0) + 0.02 * child,
    rightShare: random.uniform(0.29, 0.36),
    knob: random.uniform(0.07, 0.085) + Math.max(0, age - 40) / 2600,
    inflation: random.uniform(0.92, 1.06),
    vascularity: random.uniform(0.9, 1.1),
    vesselClarity: isAp ? random.uniform(0.65, 0.9) : random.uniform(0.85, 1),
    mineral,
    build: random.uniform(0.85, 1.2),
    ribSlope: random.uniform(0.8, 1.25) * (isAp ? 0.8 : 1),
  };
}

/** y of the top of the diaphragm on one side. */
export const domeOf = ({ dome }: Thorax, side: Side): number => (side === -1 ? dome.right : dome.left);

/** Raise the diaphragm on one side, as if the lung were smaller. A negative height lowers it. */
export function raiseDome({ dome }: Thorax, side: Side, height: number): void {
  dome[side === -1 ? "right" : "left"] -= height;
}

/** y of the costophrenic angle on one side. */
export const angleHeight = (thorax: Thorax, side: Side): number => domeOf(thorax, side) + thorax.domeRise;

/** Half the inner width of the rib cage at height y. It is shaped like a bell, narrow at the apex. */
export function wallAt(thorax: Thorax, y: number): number {
  const bottom = angleHeight(thorax, -1);
  const t = Math.min(1, Math.max(0, (y - thorax.apex) / (bottom - thorax.apex)));
  const bell = Math.sin((Math.PI / 2) * Math.min(1, 1.3 * t)) ** 0.72;
  return thorax.halfWidth * (0.34 + 0.66 * bell - 0.03 * Math.max(0, t - 0.85));
}

/** y of the diaphragm at a fraction of the way from the middle (0) to the chest wall (1). */
export function diaphragmAt(thorax: Thorax, side: Side, share: number): number {
  const lateral = Math.max(0, (share - 0.52) / 0.48);
  const medial = Math.max(0, (0.52 - share) / 0.52);
  return domeOf(thorax, side) + thorax.domeRise * (0.92 * lateral ** 2.4 + 0.35 * medial ** 1.8);
}

/** A place in a lung: `across` from the middle (0) to the wall (1), `down` from the apex (0) to the diaphragm (1). */
export function placeIn(thorax: Thorax, side: Side, across: number, down: number): Point {
  const bottom = diaphragmAt(thorax, side, across);
  const y = thorax.apex + down * (bottom - thorax.apex);
  return at(thorax.centre + side * across * wallAt(thorax, y), y);
}

/** The lateral border of a lung, from the apex to the costophrenic angle. */
export function wallPath(thorax: Thorax, side: Side): Path {
  const { apex, centre } = thorax;
  const height = angleHeight(thorax, side) - apex;
  const wall = [0.03, 0.08, 0.15, 0.25, 0.37, 0.5, 0.63, 0.76, 0.88, 0.985].map((t) => {
    const y = apex + t * height;
    return at(centre + side * wallAt(thorax, y), y);
  });
  return [at(centre + side * 0.62 * wallAt(thorax, apex), apex - 0.004), ...wall];
}

/** The outline of a lung, ignoring the heart in front of it. */
export function lungOutline(thorax: Thorax, side: Side): Path {
  const { apex, centre } = thorax;
  const base = [0.97, 0.88, 0.76, 0.62, 0.48, 0.34, 0.2, 0.1].map((share) => {
    const y = diaphragmAt(thorax, side, share);
    return at(centre + side * share * wallAt(thorax, y), y);
  });
  const medial = [0.62, 0.5, 0.4, 0.28, 0.18].map((y) =>
    at(centre + side * (0.03 + 0.02 * Math.max(0, 0.35 - y)), apex + (y - 0.12) * 1.02),
  );
  const crown = at(centre + side * 0.3 * wallAt(thorax, apex), apex + 0.012);
  return closedCurve([...wallPath(thorax, side), ...base, ...medial, crown], 3);
}

/** Distances of the heart's right and left borders from the middle. */
export function heartBorders(thorax: Thorax): { readonly right: number; readonly left: number } {
  const width = thorax.cardiothoracicRatio * 2 * wallAt(thorax, thorax.dome.right);
  return { right: thorax.rightShare * width, left: (1 - thorax.rightShare) * width };
}

/** y of the heart's upper and lower ends. */
export function heartHeights(thorax: Thorax): { readonly top: number; readonly bottom: number } {
  const bottom = Math.max(thorax.dome.right, thorax.dome.left) + 0.05;
  return { top: bottom - 0.22 - 0.36 * thorax.cardiothoracicRatio, bottom };
}

/** The common outline of heart, great vessels and mediastinum. */
export function silhouetteOutline(thorax: Thorax): Path {
  const { centre: c, knob } = thorax;
  const { right, left } = heartBorders(thorax);
  const { top, bottom } = heartHeights(thorax);
  const height = bottom - top;
  const down = (share: number) => top + share * height;
  const arch = Math.min(top - 0.015, 0.3);
  return closedCurve(
    [
      at(c + 0.05, -0.05),
      at(c + 0.046, 0.12),
      at(c + 0.05, arch - 0.05),
      at(c + knob, arch),
      at(c + 0.8 * knob, arch + 0.04),
      at(c + Math.max(0.062, 0.3 * left), down(0.12)),
      at(c + 0.48 * left, down(0.3)),
      at(c + 0.78 * left, down(0.5)),
      at(c + 0.96 * left, down(0.7)),
      at(c + left, down(0.84)),
      at(c + 0.86 * left, down(1.02)),
      at(c, down(1.25)),
      at(c - 0.72 * right, down(1.05)),
      at(c - 0.97 * right, down(0.82)),
      at(c - right, down(0.62)),
      at(c - 0.86 * right, down(0.4)),
      at(c - 0.052, down(0.16)),
      at(c - 0.056, arch - 0.03),
      at(c - 0.046, 0.14),
      at(c - 0.05, -0.05),
    ],
    4,
  );
}

/** The outline of trunk, neck and shoulders. */
export function bodyOutline(thorax: Thorax): Path {
  const { centre: c, apex, build } = thorax;
  const neck = 0.095 + 0.02 * build;
  const flank = thorax.halfWidth + 0.055 + 0.05 * build;
  const half = (side: Side): Point[] => [
    at(c + side * neck, -0.1),
    at(c + side * neck, apex - 0.1),
    at(c + side * (neck + 0.05), apex - 0.045),
    at(c + side * 0.3, apex - 0.03),
    at(c + side * 0.43, apex + 0.005),
    at(c + side * 0.53, apex + 0.08),
    at(c + side * 0.56, apex + 0.25),
    at(c + side * Math.min(0.56, flank + 0.06), apex + 0.42),
    at(c + side * flank, apex + 0.55),
    at(c + side * flank, 0.85),
    at(c + side * flank, 1.1),
  ];
  return closedCurve([...half(1), ...half(-1).reverse()], 3);
}
