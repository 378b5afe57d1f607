/**
 * WebP files as chunks, and how many frames they hold.
 *
 * Knows:      chunks. Not pixels.
 * Reference:  RFC 9649.
 */

import { startsWith } from "../bytes.ts";

/** How many frames a WebP holds: several in an animation, otherwise 1. */
export function webpFrames(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frames = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    if (startsWith(bytes, "ANMF", at)) frames += 1;
    const size = view.getUint32(at + 4, true);
    at += 8 + size + (size % 2);
  }
  return Math.max(1, frames);
}
