/**
 * Rectangles, plain and with round corners.
 *
 * Knows: geometry. Not colours or images.
 */

import { type Mask, TOLERANCE } from "./mask.ts";

/** Fill a rectangle. */
export function fillRectangle(mask: Mask, x: number, y: number, width: number, height: number): void {
  mask.moveTo(x, y);
  mask.lineTo(x + width, y);
  mask.lineTo(x + width, y + height);
  mask.lineTo(x, y + height);
}

/** The corners in their order, each by where the arc comes from and where it goes to, seen from its centre. */
const CORNERS = [
  { right: 0, down: 0, from: [-1, 0], to: [0, -1] },
  { right: 1, down: 0, from: [0, -1], to: [1, 0] },
  { right: 1, down: 1, from: [1, 0], to: [0, 1] },
  { right: 0, down: 1, from: [0, 1], to: [-1, 0] },
] as const;

/**
 * Fill the whole mask but for its corners, which are quarters of circles.
 *
 * An arc is drawn through points of the rational circle ((1 − t²) / (1 + t²), 2t / (1 + t²)), which needs no sine. Points
 * whose t are 1/n apart are at most an angle of 2/n apart, so the chord between them is off by radius / 2n² at most.
 *
 * @param radius  At most half of the shorter side is used.
 */
export function fillRounded(mask: Mask, radius: number): void {
  const r = Math.min(radius, mask.width / 2, mask.height / 2);
  const count = Math.max(1, Math.ceil(Math.sqrt(r / (2 * TOLERANCE))));
  mask.moveTo(0, r);
  for (const { right, down, from, to } of CORNERS) {
    const x = right * (mask.width - 2 * r) + r;
    const y = down * (mask.height - 2 * r) + r;
    for (let i = 0; i <= count; i++) {
      const t = i / count;
      const [a, b] = [(r * (1 - t * t)) / (1 + t * t), (r * 2 * t) / (1 + t * t)];
      mask.lineTo(x + a * from[0] + b * to[0], y + a * from[1] + b * to[1]);
    }
  }
}
