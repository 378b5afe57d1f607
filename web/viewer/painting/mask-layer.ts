/**
 * Erased pixels on a canvas: dimmed and hatched, so that it is seen where the picture is no longer the picture.
 *
 * Knows: canvases.
 */

import type { Placement, Size } from "../view.ts";

/** The mask is drawn from at most so many samples along its longer side. */
const MOST_SAMPLES = 1024;
/** From one line of the hatching to the next, in CSS pixels. */
const HATCH = 8;

/** A tile of the hatching: light and dark lines, both of which are seen on any grey. */
function hatching(context: CanvasRenderingContext2D, density: number): CanvasPattern {
  const size = Math.round(HATCH * density);
  const tile = new OffscreenCanvas(size, size);
  const ink = tile.getContext("2d")!;
  ink.fillStyle = "rgb(0 0 0 / 45%)";
  ink.fillRect(0, 0, size, size);
  ink.lineWidth = Math.max(1, density);
  ink.strokeStyle = "rgb(255 255 255 / 75%)";
  ink.beginPath();
  for (const shift of [-size, 0, size]) {
    ink.moveTo(shift - 1, size + 1);
    ink.lineTo(shift + size + 1, -1);
  }
  ink.stroke();
  return context.createPattern(tile, "repeat")!;
}

/** Draws masks of one picture after the other. */
export class MaskLayer {
  #samples: OffscreenCanvas | undefined;
  #layer: HTMLCanvasElement | undefined;
  #isStale = true;

  /** The mask changed, in itself or for another one. */
  invalidate(): void {
    this.#isStale = true;
  }

  draw(
    context: CanvasRenderingContext2D,
    mask: Uint8Array,
    picture: Size,
    { a, b, c, d, e, f }: Placement,
    density: number,
  ): void {
    const step = Math.ceil(Math.max(picture.width, picture.height) / MOST_SAMPLES);
    if (this.#isStale || this.#samples === undefined) this.#samples = this.#sampled(mask, picture, step);
    this.#isStale = false;
    const { width, height } = context.canvas;
    this.#layer ??= document.createElement("canvas");
    this.#layer.width = width;
    this.#layer.height = height;
    const layer = this.#layer.getContext("2d")!;
    layer.setTransform(a, b, c, d, e, f);
    layer.imageSmoothingEnabled = step > 1;
    layer.drawImage(this.#samples, 0, 0, this.#samples.width * step, this.#samples.height * step);
    layer.resetTransform();
    layer.globalCompositeOperation = "source-in";
    layer.fillStyle = hatching(layer, density);
    layer.fillRect(0, 0, width, height);
    context.drawImage(this.#layer, 0, 0);
  }

  /** One pixel of the mask of every `step` × `step`, opaque where it is erased. */
  #sampled(mask: Uint8Array, { width, height }: Size, step: number): OffscreenCanvas {
    const [across, down] = [Math.ceil(width / step), Math.ceil(height / step)];
    const image = new ImageData(across, down);
    const pixels = new Uint32Array(image.data.buffer);
    for (let y = 0, to = 0; y < down; y++) {
      for (let x = 0, from = y * step * width; x < across; x++, from += step, to++) {
        if (mask[from] === 1) pixels[to] = 0xff000000;
      }
    }
    const canvas = new OffscreenCanvas(across, down);
    canvas.getContext("2d")!.putImageData(image, 0, 0);
    return canvas;
  }
}
