/**
 * Sample depth and colour.
 *
 * Pipeline:   decode → **8 bits → grey** → resize → crop → normalise
 * Knows:      samples. Not files.
 */

/**
 * Convert samples of up to 16 bits to 8 bits: value · 255/(2^bits − 1), rounded, so that the largest becomes 255. For
 * 16 bits that is value/257.
 *
 * PIL's own conversion of 16-bit images clips them at 255, which leaves a white picture.
 *
 * @param bits  8 to 16. Values that do not fit in so many bits become 255.
 */
export function toEightBits(data: Uint16Array, bits = 16): Uint8Array {
  const largest = 2 ** bits - 1;
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) out[i] = Math.min(255, Math.round((data[i]! * 255) / largest));
  return out;
}

/**
 * One channel of an RGB image whose channels are all equal, like the X-rays in ChestX-ray14 that are stored as RGBA.
 *
 * @param data  Interleaved RGB.
 * @returns     The channel, or undefined if any pixel is not grey.
 */
export function commonChannel(data: Uint8Array): Uint8Array | undefined {
  for (let i = 0; i < data.length; i += 3) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return undefined;
  }
  const out = new Uint8Array(data.length / 3);
  for (let i = 0, at = 0; i < out.length; i++, at += 3) out[i] = data[at]!;
  return out;
}

/**
 * Convert RGB to grey.
 *
 * @param data  Interleaved RGB.
 * @returns     ITU-R 601-2 luma in 16-bit fixed point, as PIL's `convert("L")` computes it.
 */
export function luma(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length / 3);
  for (let i = 0, at = 0; i < out.length; i++, at += 3) {
    out[i] = (data[at]! * 19595 + data[at + 1]! * 38470 + data[at + 2]! * 7471 + 0x8000) >> 16;
  }
  return out;
}

/**
 * Convert CMYK to RGB without a colour profile, as PIL's `convert("RGB")` does.
 *
 * @param data  Interleaved; 255 is full ink.
 * @returns     Interleaved RGB: (255 − K) − X·(255 − K)/255, with Pillow's rounding of the product.
 */
export function cmykToRgb(data: Uint8Array): Uint8Array {
  const out = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    const light = 255 - data[from + 3]!;
    for (let c = 0; c < 3; c++) {
      const product = data[from + c]! * light + 128;
      out[to++] = light - (((product >> 8) + product) >> 8);
    }
  }
  return out;
}
