/**
 * Crops and mirror images, and which part of the original image they show.
 *
 * Pipeline:   decode → 8 bits → resize → **crop** → normalise
 * Knows:      samples and rectangles. Not files.
 * Reference:  torchvision.transforms.functional (center_crop, ten_crop); torchxrayvision XRayCenterCrop.
 */

import { XrayError } from "../errors.ts";

/** A rectangle: its left and top edges, its width and its height. In pixels of the original image, unless a field says otherwise. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Samples on their way to the network, channels interleaved: 8-bit until they are normalised. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array | Float32Array;
  readonly region: Region;
}

/** Python's `round`: halves go to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Cut out a rectangle. Outside the image it is 0, as torchvision pads it. */
export function crop(view: View, left: number, top: number, width: number, height: number): View {
  const { channels, region } = view;
  const length = width * height * channels;
  const data = view.data instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  const x = Math.max(0, -left);
  const end = Math.min(width, view.width - left);
  for (let y = Math.max(0, -top); y < Math.min(height, view.height - top); y++) {
    const from = ((y + top) * view.width + left + x) * channels;
    data.set(view.data.subarray(from, from + (end - x) * channels), (y * width + x) * channels);
  }
  const [sx, sy] = [region.width / view.width, region.height / view.height];
  const kept = { x: region.x + left * sx, y: region.y + top * sy, width: width * sx, height: height * sy };
  return { width, height, channels, data, region: kept };
}

/** Where a centred crop begins, rounded as in Python. If padding is needed, the smaller half comes first. */
function centerStart(extent: number, size: number): number {
  return extent < size ? -Math.floor((size - extent) / 2) : roundHalfEven((extent - size) / 2);
}

/** torchvision's `center_crop`. */
export function centerCrop(view: View, size: number): View {
  return crop(view, centerStart(view.width, size), centerStart(view.height, size), size, size);
}

/** torchxrayvision's `XRayCenterCrop`: the largest square around the centre. */
export function centerSquare(view: View): View {
  const size = Math.min(view.width, view.height);
  const half = Math.floor(size / 2);
  return crop(view, Math.floor(view.width / 2) - half, Math.floor(view.height / 2) - half, size, size);
}

/** The samples of an image with left and right exchanged. */
export function mirrorRows<T extends Uint8Array | Float32Array>({
  width,
  height,
  channels,
  data,
}: {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: T;
}): T {
  const mirrored = data.slice() as T;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + (width - 1 - x)) * channels;
      const to = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) mirrored[to + c] = data[from + c]!;
    }
  }
  return mirrored;
}

/**
 * torchvision's `ten_crop`: the four corners and the centre, then the same crops of the mirrored image.
 *
 * @throws  XrayError `image/too-small` if a crop does not fit.
 */
export function tenCrop(view: View, size: number): View[] {
  if (size > view.width || size > view.height) {
    throw new XrayError(
      "image/too-small",
      `a crop of ${size}×${size} does not fit into an image of ${view.width}×${view.height}; use a larger image, or a preparation that resizes first`,
      { size, width: view.width, height: view.height },
    );
  }
  const five = (from: View): View[] => [
    crop(from, 0, 0, size, size),
    crop(from, from.width - size, 0, size, size),
    crop(from, 0, from.height - size, size, size),
    crop(from, from.width - size, from.height - size, size, size),
    centerCrop(from, size),
  ];
  return [...five(view), ...five({ ...view, data: mirrorRows(view) })];
}
