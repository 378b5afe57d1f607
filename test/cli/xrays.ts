/** Small synthetic pictures in place of X-rays. */

import { fileURLToPath } from "node:url";
import sharp from "sharp";

/** A smooth pattern from 0 to 1 that is not symmetric. */
function pattern(width: number, height: number): number[] {
  return Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) / width, Math.floor(i / width) / height];
    return 0.5 + 0.4 * Math.sin(7 * x + 3 * y * y) * Math.cos(4 * y - x);
  });
}

/** 8-bit grey. */
export function greyPng(width = 60, height = 50): Promise<Buffer> {
  const data = Uint8Array.from(pattern(width, height), (value) => Math.round(value * 255));
  return sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace("b-w")
    .png()
    .toBuffer();
}

/** The same picture in three equal channels, under an alpha that falls from left to right. */
export function rgbaPng(width = 60, height = 50): Promise<Buffer> {
  const data = new Uint8Array(width * height * 4);
  for (const [i, value] of pattern(width, height).entries()) {
    const grey = Math.round(value * 255);
    data.set([grey, grey, grey, 255 - Math.floor((200 * (i % width)) / width)], i * 4);
  }
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}

/** The same picture in 16 bits: the 8-bit value in both bytes. */
export function deepPng(width = 60, height = 50): Promise<Buffer> {
  const data = Uint16Array.from(pattern(width, height), (value) => Math.round(value * 255) * 257);
  return sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace("grey16")
    .png()
    .toBuffer();
}

/** The same picture in the low bits of 16: what becomes its 8-bit values again by value · 255/(2^bits − 1). */
export function lowPng(bits: number, width = 60, height = 50): Promise<Buffer> {
  const most = 2 ** bits - 1;
  const eight = Array.from(pattern(width, height), (value) => Math.round(value * 255));
  const data = Uint16Array.from(eight, (value) => Math.round((value * most) / 255));
  return sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace("grey16")
    .png()
    .toBuffer();
}

/** An example of the package in another size: the input checks pass it, so that nothing of theirs is on stderr. */
export const phantomPng = (width = 60, height = 50): Promise<Buffer> =>
  sharp(fileURLToPath(new URL("../../examples/images/00000001_000.png", import.meta.url)))
    .resize(width, height, { fit: "fill" })
    .png()
    .toBuffer();
