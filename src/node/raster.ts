/**
 * libvips through sharp: image files to samples, and samples to files. The only import of sharp.
 *
 * Pipeline:   bytes → **samples** → `engine/decode/` → 8 bits → colour → resize → crop → normalise
 * Knows:      sharp. Not what is decoded or why, which `engine/decode/` decides.
 */

import { createRequire } from "node:module";
import type { Sharp, default as SharpModule } from "sharp";
import { pictureDecoder } from "../engine/decode/decode-picture.ts";
import { MAX_PIXELS, type PictureLibrary, type SampleForm } from "../engine/decode/picture-library.ts";
import { useNativeChecksum } from "./checksum.ts";
import { decodeAlone, decodeAmongOthers } from "./decoder-gate.ts";

// Required, not imported, because Node takes twice as long to import a CommonJS package.
const sharp = createRequire(import.meta.url)("sharp") as typeof SharpModule;

useNativeChecksum();

// One image is one task, and several images keep the cores busy.
sharp.concurrency(1);
sharp.cache(false);

/** How to get raw samples of each form from a picture. */
const RAW: Readonly<Record<SampleForm, (image: Sharp) => Sharp>> = {
  grey8: (image) => image.toColourspace("b-w").raw(),
  rgb8: (image) => image.raw(),
  grey16: (image) => image.toColourspace("grey16").raw({ depth: "ushort" }),
  rgb16: (image) => image.pipelineColourspace("rgb16").toColourspace("rgb16").raw({ depth: "ushort" }),
  cmyk8: (image) => image.pipelineColourspace("cmyk").toColourspace("cmyk").raw(),
};

const words = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint16Array =>
  new Uint16Array(buffer, byteOffset, byteLength / 2);

const SHARP: PictureLibrary = {
  async header(bytes) {
    const found = await sharp(bytes, { limitInputPixels: false, failOn: "none" }).metadata();
    const { width, height, channels, depth, space, hasAlpha, orientation = 1 } = found;
    const { bitsPerSample: bits, isPalette = false } = found;
    return { width, height, channels, depth, space, orientation, hasAlpha, bits, isPalette };
  },
  async samples(bytes, form) {
    const options = { limitInputPixels: MAX_PIXELS, failOn: "warning", ignoreIcc: true } as const;
    const image = sharp(bytes, options).autoOrient().removeAlpha();
    const { data, info } = await RAW[form](image).toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    return {
      width,
      height,
      channels,
      data: form.endsWith("16") ? words(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    };
  },
  async shrink(bytes, size) {
    const data = await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: "error", ignoreIcc: true })
      .removeAlpha()
      .resize(size, size, { fit: "fill" })
      .toColourspace("grey16")
      .raw({ depth: "ushort" })
      .toBuffer();
    return words(data);
  },
  amongOthers: decodeAmongOthers,
  alone: decodeAlone,
};

/** Decode an image file; see `pictureDecoder`. */
export const decodeRaster = pictureDecoder(SHARP);

/** Encode interleaved RGB samples as JPEG at quality 92 without chroma subsampling. */
export async function encodeJpeg(width: number, height: number, data: Uint8Array): Promise<Uint8Array> {
  const options = { quality: 92, chromaSubsampling: "4:4:4", optimiseCoding: false };
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .jpeg(options)
    .toBuffer();
}

/**
 * Encode grey samples as an 8-bit PNG without date or profile, so that the same samples give the same bytes.
 *
 * Level 2 is twice as fast as the usual 6, and the file is a tenth larger.
 */
export async function encodeGreyPng(width: number, height: number, data: Uint8Array): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace("b-w")
    .png({ compressionLevel: 2, adaptiveFiltering: false })
    .toBuffer();
}
