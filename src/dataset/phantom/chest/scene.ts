/**
 * A chest that is about to be drawn: its measurements, its outlines as fields, and the film.
 *
 * Knows: where lungs and heart are. Findings are painted through it.
 */

import type { Random } from "../../../random.ts";
import { Canvas, Extent, type PixelBox } from "../drawing/canvas.ts";
import { Field } from "../drawing/field.ts";
import { type Bounds, boundsOf, type Path, type Pose, smoothstep } from "../drawing/geometry.ts";
import {
  bodyOutline,
  lungOutline,
  SIDES,
  type Side,
  silhouetteOutline,
  type Thorax,
  wallPath,
} from "./thorax.ts";

/** One lung. */
export interface Lung {
  readonly side: Side;
  /** Depth below the outline; negative outside. */
  readonly depth: Field;
  readonly bounds: Bounds;
}

/** How part of a lung is filled. */
export interface Filling {
  /** Where it may be. */
  readonly bounds: Bounds;
  /** The share of the air that is replaced by water, 0 to 1. */
  readonly share: (x: number, y: number) => number;
  /** Tissue that is added, so that it is also visible in front of bone. Default: 0.1. */
  readonly mass?: number;
  /** The smallest share that is marked as belonging to the finding. Default: 0.3. */
  readonly marks?: number;
}

export class Scene {
  readonly thorax: Thorax;
  readonly canvas: Canvas;
  readonly #right: Lung;
  readonly #left: Lung;
  readonly heart: Field;
  readonly body: Field;

  constructor(thorax: Thorax, size: number, pose: Pose) {
    this.thorax = thorax;
    this.canvas = new Canvas(size, pose);
    const [right, left] = SIDES.map((side): Lung => {
      const outline = lungOutline(thorax, side);
      return {
        side,
        depth: Field.within(outline, 0.1),
        bounds: boundsOf(outline, 0.01),
      };
    });
    this.#right = right!;
    this.#left = left!;
    this.heart = Field.within(silhouetteOutline(thorax), 0.08);
    this.body = Field.within(bodyOutline(thorax), 0.15);
  }

  lung(side: Side): Lung {
    return side === -1 ? this.#right : this.#left;
  }

  /** Distance from a lung's lateral border. Computed on demand, because few findings need it. */
  wall(side: Side): Field {
    return Field.from(wallPath(this.thorax, side), 0.2);
  }

  /** Whether a place is in a lung and not behind the heart, at least `margin` away from both borders. */
  isLung(side: Side, x: number, y: number, margin = 0): boolean {
    return this.lung(side).depth.at(x, y) > margin && this.heart.at(x, y) < -margin;
  }

  /** Fill the air of a lung with water, as exudate, fluid and tumours do. Marks the filled pixels in `extent`. */
  fill(side: Side, { bounds, share, mass = 0.1, marks = 0.3 }: Filling, extent = new Extent()): Extent {
    const { depth } = this.lung(side);
    const { air, tissue } = this.canvas;
    this.canvas.each(bounds, (x, y, i, column, row) => {
      const filled = share(x, y);
      if (filled <= 0) return;
      const within = smoothstep(-0.002, 0.006, depth.at(x, y));
      if (within === 0) return;
      air[i]! *= 1 - Math.min(1, filled) * within;
      tissue[i]! += mass * filled * within;
      if (filled * within >= marks && this.heart.at(x, y) < 0) extent.mark(column, row);
    });
    return extent;
  }

  /** Add tissue along a line anywhere on the film. */
  thicken(
    path: Path,
    radius: (t: number) => number,
    strength: number,
    profile: (share: number) => number,
  ): Extent {
    const extent = new Extent();
    const { tissue } = this.canvas;
    this.canvas.stroke(path, { radius, profile }, (i, value, column, row) => {
      tissue[i]! += strength * value;
      extent.mark(column, row);
    });
    return extent;
  }
}

/** Where a finding is visible, in pixels of the film. */
export interface DrawnBox {
  readonly finding: string;
  readonly box: PixelBox;
}

/** A place in a lung that fits, found by trial. If none of 61 does, the last one. */
export function findPlace(
  random: Random,
  draw: () => { readonly x: number; readonly y: number },
  fits: (x: number, y: number) => boolean,
): { readonly x: number; readonly y: number } {
  let place = draw();
  for (let trial = 0; trial < 60 && !fits(place.x, place.y); trial++) place = draw();
  random.next();
  return place;
}
