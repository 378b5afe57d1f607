/**
 * The picture and its wash on a canvas. What was computed is kept, so that moving about costs only the copying of pixels.
 *
 * Pipeline:   picture, window, heatmap → `rasterOf` → **tile → canvas**
 * Knows:      canvases. Not elements or events.
 */

import { Levels, levelFor } from "../levels.ts";
import { type Part, rasterOf, type Wash } from "../raster.ts";
import { type Shown, shownSamples } from "../shown.ts";
import { type Placement, visiblePart } from "../view.ts";

/** What is drawn. */
export interface PictureScene extends Shown {
  readonly wash: Wash | undefined;
  /** What is dragged, so that quick matters more than fine: the window, or where the picture lies. */
  readonly dragged: "look" | "view" | undefined;
}

/** A level of at most so many pixels is drawn whole, so that it need not be drawn again when the picture is moved. */
const WHOLE_LEVEL = 2 ** 22;
/** Pixels are drawn as squares from this size on. */
const SQUARES_FROM = 4;

/** A part of a level, drawn. */
interface Tile {
  readonly canvas: OffscreenCanvas;
  /** What is drawn. */
  readonly of: readonly unknown[];
  /** At 2^-n of its size. */
  readonly n: number;
  /** In pixels of the level. */
  readonly part: Part;
}

/** A part of a picture, in pixels of a level. */
const atLevel = ({ left, top, right, bottom }: Part, n: number): Part => ({
  left: left >> n,
  top: top >> n,
  right: Math.ceil(right / 2 ** n),
  bottom: Math.ceil(bottom / 2 ** n),
});

const sameThings = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((each, i) => Object.is(each, b[i]));

const holds = (a: Part, b: Part): boolean =>
  a.left <= b.left && a.top <= b.top && a.right >= b.right && a.bottom >= b.bottom;

/** A part of a level with a margin to move about in. */
function withMargin({ left, top, right, bottom }: Part, width: number, height: number): Part {
  if (width * height <= WHOLE_LEVEL) return { left: 0, top: 0, right: width, bottom: height };
  const [x, y] = [(right - left) >> 1, (bottom - top) >> 1];
  return {
    left: Math.max(0, left - x),
    top: Math.max(0, top - y),
    right: Math.min(width, right + x),
    bottom: Math.min(height, bottom + y),
  };
}

/** Draws one picture after the other. */
export class PictureLayer {
  #levels = new Map<ArrayLike<number>, Levels>();
  #tile: Tile | undefined;
  #scratch: ArrayBuffer | undefined;

  /** Draw onto a canvas that is cleared. */
  draw(context: CanvasRenderingContext2D, scene: PictureScene, placement: Placement, scale: number): void {
    const { picture, dragged } = scene;
    const visible = visiblePart(placement, picture, context.canvas);
    if (visible.left >= visible.right || visible.top >= visible.bottom) return;
    const { part, canvas, n } = this.#tileOf(scene, levelFor(scale, dragged === "look"), visible);
    const size = 2 ** n;
    const { a, b, c, d, e, f } = placement;
    context.save();
    context.setTransform(a, b, c, d, e, f);
    // The last pixel of a smaller size may reach beyond the picture.
    context.beginPath();
    context.rect(0, 0, picture.width, picture.height);
    context.clip();
    context.imageSmoothingEnabled = scale <= SQUARES_FROM;
    context.imageSmoothingQuality = dragged === undefined ? "medium" : "low";
    context.drawImage(canvas, part.left * size, part.top * size, canvas.width * size, canvas.height * size);
    context.restore();
  }

  #tileOf(scene: PictureScene, n: number, visible: Part): Tile {
    const { picture, filled, window, inverted, wash, dragged } = scene;
    const { map, region } = wash?.placed ?? {};
    const of = [
      ...[picture, filled, window?.center, window?.width, inverted],
      // A map may come as another view of the same memory.
      ...[
        map?.buffer,
        map?.byteOffset,
        map?.length,
        region?.x,
        region?.y,
        region?.width,
        region?.height,
        wash?.opacity,
        wash?.colormap,
      ],
    ];
    const last = this.#tile;
    // While the picture is moved, any size of it will do.
    const isFit = last !== undefined && (last.n === n || dragged === "view") && sameThings(last.of, of);
    if (isFit && holds(last.part, atLevel(visible, last.n))) return last;
    const { level, table } = this.#samples(scene, n);
    const part = atLevel(visible, n);
    const drawn = dragged === "look" ? part : withMargin(part, level.width, level.height);
    const { width, height, data } = rasterOf(level, drawn, table, wash, 2 ** n, this.#scratch);
    this.#scratch = data.buffer;
    const canvas = this.#canvas(width, height);
    const image = new ImageData(new Uint8ClampedArray(data.buffer, 0, data.length), width, height);
    canvas.getContext("2d")!.putImageData(image, 0, 0);
    this.#tile = { canvas, of, n, part: drawn };
    return this.#tile;
  }

  /** The canvas of before, if it has the size. */
  #canvas(width: number, height: number): OffscreenCanvas {
    const last = this.#tile?.canvas;
    return last?.width === width && last.height === height ? last : new OffscreenCanvas(width, height);
  }

  /** The samples at one size, and the table for them. */
  #samples(scene: PictureScene, n: number) {
    const { picture } = scene;
    const { codes, table } = shownSamples(scene);
    let levels = this.#levels.get(codes);
    if (levels === undefined) {
      levels = new Levels({
        width: picture.width,
        height: picture.height,
        channels: picture.channels,
        codes,
      });
      // Two are kept: of values, grey levels and inverted ones, those that a picture was shown with last.
      if (this.#levels.size > 1) this.#levels.clear();
      this.#levels.set(codes, levels);
    }
    return { level: levels.at(n), table };
  }
}
