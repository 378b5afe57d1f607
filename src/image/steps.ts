/**
 * The steps of a preparation, carried out one by one on one view.
 *
 * Pipeline:   decode → 8 bits → **colour → resize → crop → normalise** → tensor
 * Knows:      which file has each step's arithmetic, and each step's words for the receipt.
 */

import { luma } from "./colour.ts";
import { centerCrop, centerSquare, tenCrop, type View } from "./crop.ts";
import { normaliseXrv } from "./normalise.ts";
import type { PreparationStep } from "./preparation.ts";
import { type Raster8, resizeBilinear } from "./resample.ts";
import { resizeSkimage } from "./resize-skimage.ts";

/** Size after torchvision's `Resize(size)`: the shorter side becomes `size`, the longer is rounded down. */
function shorterSide({ width, height }: View, size: number): { width: number; height: number } {
  if (width <= height) return { width: size, height: Math.trunc((size * height) / width) };
  return { width: Math.trunc((size * width) / height), height: size };
}

function resize(view: View, width: number, height: number): View {
  if (view.data instanceof Float32Array) {
    return { ...view, ...resizeSkimage({ ...view, data: view.data }, width, height) };
  }
  return { ...view, ...resizeBilinear({ ...view, data: view.data } satisfies Raster8, width, height) };
}

/** A step as it appears on the receipt. */
export function describe(step: PreparationStep): string {
  switch (step.step) {
    case "bits":
      return `${step.bits} bits of 16`;
    case "rgb":
    case "grey":
      return step.step;
    case "resize":
      return `resize ${step.width}x${step.height} ${step.resample === "pil" ? "bilinear antialias" : "linear gaussian antialias"}`;
    case "resize-shorter":
      return `resize shorter side ${step.size} bilinear antialias`;
    case "center-crop":
      return `centre crop ${step.size}x${step.size}`;
    case "center-square":
      return "centre crop square";
    case "ten-crop":
      return `ten-crop ${step.size}x${step.size}`;
    case "normalise":
      return step.scheme === "imagenet" ? "normalise imagenet" : "normalise [-1024, 1024]";
  }
}

/** Apply one step to one view. Ten-crop makes ten views of it. */
export function applyStep(step: PreparationStep, view: View): View[] {
  const { data } = view;
  switch (step.step) {
    case "bits":
      // Already applied: all other steps work on 8 bits.
      return [view];
    case "rgb":
      // A grey image stays one channel until it is normalised, because three equal channels are resized alike.
      return [view];
    case "grey":
      return view.channels === 3 && data instanceof Uint8Array
        ? [{ ...view, channels: 1, data: luma(data) }]
        : [view];
    case "resize":
      return [resize(view, step.width, step.height)];
    case "resize-shorter": {
      const { width, height } = shorterSide(view, step.size);
      return [resize(view, width, height)];
    }
    case "center-crop":
      return [centerCrop(view, step.size)];
    case "center-square":
      return [centerSquare(view)];
    case "ten-crop":
      return tenCrop(view, step.size);
    case "normalise":
      // ImageNet's normalisation is always the last step, and is applied while the planes are written.
      return step.scheme === "xrv" && data instanceof Uint8Array
        ? [{ ...view, data: normaliseXrv(data) }]
        : [view];
  }
}
