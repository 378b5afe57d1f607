/**
 * Shapes as the share of each pixel that they cover: closed paths of lines and quadratic curves.
 *
 * Knows:      geometry. Not colours, letters or images.
 * Reference:  Exact coverage from signed areas, as FreeType's smooth rasteriser computes it (ftgrays.c), gathered in a buffer
 *             of differences as font-rs does (R. Levien, "Inside the fastest font renderer in the world", 2016).
 *
 * There are only sums, products, quotients, square roots and roundings down, which IEEE 754 defines to the last bit: every
 * machine covers the same pixels by the same shares.
 */

/** The longest way, in pixels, between a curve and the lines that stand for it. */
export const TOLERANCE = 0.02;

/** Shares that are only what rounding leaves of sums of areas that cancel out. */
const NOTHING = 1e-9;

/**
 * A grid of pixels on which paths are filled, y downwards, the first pixel from (0, 0) to (1, 1).
 *
 * Contours close by themselves. The non-zero rule holds where contours do not cross inside a pixel; what is filled twice
 * is filled once. What lies outside the grid is cut off.
 */
export class Mask {
  readonly width: number;
  readonly height: number;
  /** How much more of each pixel is covered than of its left neighbour; one column more than there are pixels. */
  readonly #steps: Float64Array;
  /** 1 where there may be such a step. */
  readonly #touched: Uint8Array;
  #startX = 0;
  #startY = 0;
  #x = 0;
  #y = 0;

  /** @param width, height  In whole pixels. */
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#steps = new Float64Array((width + 1) * height);
    this.#touched = new Uint8Array((width + 1) * height);
  }

  /** Begin a contour. */
  moveTo(x: number, y: number): void {
    this.lineTo(this.#startX, this.#startY);
    this.#startX = this.#x = x;
    this.#startY = this.#y = y;
  }

  lineTo(x: number, y: number): void {
    this.#edge(this.#x, this.#y, x, y);
    this.#x = x;
    this.#y = y;
  }

  /**
   * A quadratic Bézier curve, as n lines over equal steps of its parameter: no point of the curve is further from them than
   * |start − 2 control + end| / 4n².
   */
  quadraticTo(controlX: number, controlY: number, x: number, y: number): void {
    const startX = this.#x;
    const startY = this.#y;
    const bendX = startX - 2 * controlX + x;
    const bendY = startY - 2 * controlY + y;
    const bend = Math.sqrt(bendX * bendX + bendY * bendY);
    const count = Math.ceil(Math.sqrt(bend / (4 * TOLERANCE)));
    for (let i = 1; i < count; i++) {
      const t = i / count;
      const a = (1 - t) * (1 - t);
      const b = 2 * t * (1 - t);
      const c = t * t;
      this.lineTo(a * startX + b * controlX + c * x, a * startY + b * controlY + c * y);
    }
    this.lineTo(x, y);
  }

  /**
   * What is covered, row by row from the left, as runs of pixels that are covered alike: of row `y` those from `from` to
   * before `to`, each by a share of at most 1. Shares of less than a thousand-millionth are none. Closes the last contour.
   */
  forEachRun(visit: (y: number, from: number, to: number, share: number) => void): void {
    this.moveTo(0, 0);
    const stride = this.width + 1;
    let sum = 0;
    let row = 0;
    for (let at = this.#touched.indexOf(1); at >= 0; ) {
      if (at >= row + stride) {
        row = Math.floor(at / stride) * stride;
        sum = 0;
      }
      sum += this.#steps[at]!;
      const next = this.#touched.indexOf(1, at + 1);
      const end = row + this.width;
      const to = next < 0 || next > end ? end : next;
      const share = Math.min(1, Math.abs(sum));
      if (share > NOTHING && at < to) visit(row / stride, at - row, to - row, share);
      at = next;
    }
  }

  /** A line, cut where it passes from one row of pixels to the next. */
  #edge(startX: number, startY: number, endX: number, endY: number): void {
    if (startY === endY) return;
    const slope = (endX - startX) / (endY - startY);
    const sign = startY < endY ? 1 : -1;
    const top = Math.max(0, Math.min(startY, endY));
    const bottom = Math.min(this.height, Math.max(startY, endY));
    for (let row = Math.floor(top); row < bottom; row++) {
      const from = Math.max(row, top);
      const to = Math.min(row + 1, bottom);
      const x = startX + (from - startY) * slope;
      this.#piece(row, x, x + (to - from) * slope, sign * (to - from));
    }
  }

  /**
   * A line within a row, cut where it passes from one pixel to the next. To the right of it lies `rise` more of the shape:
   * in the pixel that it passes the part right of its middle, and all of that from the next pixel on.
   */
  #piece(row: number, x0: number, x1: number, rise: number): void {
    const { width } = this;
    const first = row * (width + 1);
    const left = Math.min(x0, x1);
    const right = Math.max(x0, x1);
    for (let column = Math.floor(left); ; column++) {
      const from = Math.max(left, column);
      const to = Math.min(right, column + 1);
      const part = left < right ? (rise * (to - from)) / (right - left) : rise;
      if (column < 0) {
        this.#add(first, part);
      } else if (column < width) {
        const beyond = part * ((from + to) / 2 - column);
        this.#add(first + column, part - beyond);
        this.#add(first + column + 1, beyond);
      }
      if (column + 1 >= right) break;
    }
  }

  #add(at: number, step: number): void {
    this.#steps[at]! += step;
    this.#touched[at] = 1;
  }
}
