/**
 * Colour pictures as interleaved 8-bit RGB.
 *
 * Knows:      samples. Not files.
 * Reference:  DICOM PS3.3 C.7.6.3.1.2 (YBR_FULL, YBR_FULL_422), C.7.6.3.1.3 (planar configuration); pydicom
 *             `convert_color_space`.
 */

/** Put three planes, one after another, together pixel by pixel. */
export function interleave<T extends Uint8Array | Uint16Array>(planar: T): T {
  const out = planar.slice() as T;
  const size = planar.length / 3;
  for (let i = 0, at = 0; i < size; i++) {
    out[at++] = planar[i]!;
    out[at++] = planar[i + size]!;
    out[at++] = planar[i + 2 * size]!;
  }
  return out;
}

/** Repeat the colour of each pair of pixels: Y Y Cb Cr becomes Y Cb Cr, Y Cb Cr. */
export function widenPairs(pairs: Uint8Array): Uint8Array {
  const out = new Uint8Array((pairs.length >> 2) * 6);
  for (let from = 0, to = 0; from + 3 < pairs.length; from += 4, to += 6) {
    const [blue, red] = [pairs[from + 2]!, pairs[from + 3]!];
    out[to] = pairs[from]!;
    out[to + 1] = blue;
    out[to + 2] = red;
    out[to + 3] = pairs[from + 1]!;
    out[to + 4] = blue;
    out[to + 5] = red;
  }
  return out;
}

const level = (value: number): number => Math.min(255, Math.max(0, Math.floor(value + 0.5)));

/** Convert interleaved YBR_FULL to RGB. */
export function ybrToRgb(ybr: Uint8Array): Uint8Array {
  const out = new Uint8Array(ybr.length);
  const [toGreenFromBlue, toGreenFromRed] = [(-0.114 * 1.772) / 0.587, (-0.299 * 1.402) / 0.587];
  for (let i = 0; i < out.length; i += 3) {
    const luma = ybr[i]!;
    const [blue, red] = [ybr[i + 1]! - 128, ybr[i + 2]! - 128];
    out[i] = level(luma + 1.402 * red);
    out[i + 1] = level(luma + toGreenFromBlue * blue + toGreenFromRed * red);
    out[i + 2] = level(luma + 1.772 * blue);
  }
  return out;
}
