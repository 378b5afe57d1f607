/**
 * Image files to pixels and back. The only import of sharp.
 *
 * Pipeline:   bytes → **decode** → 8 bits → colour → resize → crop → normalise
 * Knows:      sharp (libvips). Not models or findings.
 *
 * Colour profiles and gamma chunks are left alone, as PIL leaves them; alpha is dropped; EXIF rotation is
 * applied, as `ImageOps.exif_transpose` does.
 */

import { createRequire } from "node:module";
import type { Sharp, default as SharpModule } from "sharp";
import { XrayError } from "../errors.ts";
import { explainKind, type FileKind, identify } from "../formats/identify.ts";
import { cutLeftOver, mendJpeg } from "../formats/pictures/jpeg.ts";
import type { Mended } from "../formats/pictures/mended.ts";
import { findPngDamage, mendPng } from "../formats/pictures/png.ts";
import { mendTiff } from "../formats/pictures/tiff-mend.ts";
import { widenTwelve } from "../formats/pictures/tiff-twelve.ts";
import { cmykToRgb } from "../image/colour.ts";
import type { DecodedImage, ReadingOptions } from "../image/prepare.ts";
import { GLANCE, type Glance } from "../image/same-picture.ts";
import { choosePicture, PICTURE_KINDS, type PictureKind } from "./chosen-picture.ts";
import { decodeAlone, decodeAmongOthers } from "./decoder-gate.ts";
import { decoderReason } from "./decoder-words.ts";

// Required, not imported: Node takes twice as long to import a CommonJS package.
const sharp = createRequire(import.meta.url)("sharp") as typeof SharpModule;

// One image is one task; the cores are kept busy by several images.
sharp.concurrency(1);
sharp.cache(false);

/** Larger images are refused; an X-ray has 4 to 16 megapixels. */
const MAX_PIXELS = 64_000_000;
const MAX_DECODED_BYTES = 256_000_000;
const MAX_SIDE_RATIO = 20;

/** Scans that bytes may be left over behind; more are not tried. */
const MAX_TRIES = 8;

/** Before anything is said of it. */
type StrictImage = Omit<DecodedImage, "notes">;

const isReadable = (kind: FileKind): kind is PictureKind => PICTURE_KINDS.has(kind);

function checkKind(bytes: Uint8Array): PictureKind {
  const kind = identify(bytes);
  if (isReadable(kind)) return kind;
  const words = explainKind(kind) ?? "no image of a known format; PNG, JPEG, TIFF and WebP are read";
  throw new XrayError("raster/not-an-image", words, { kind });
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: string;
  readonly space: string;
  readonly orientation: number;
  readonly hasAlpha: boolean;
  readonly bits: number;
  readonly isPalette: boolean;
}

/** Refuse before decoding what would not fit into memory, or is no picture of a chest. */
function checkSize(width: number, height: number, decodedBytes: number): void {
  const details = { width, height };
  if (width * height > MAX_PIXELS || decodedBytes > MAX_DECODED_BYTES) {
    const limits = `${MAX_PIXELS / 1e6} megapixels (half as many with 16 bits a channel) are read`;
    throw new XrayError(
      "raster/too-large",
      `${width}×${height} pixels; at most ${limits}. Shrink it first`,
      details,
    );
  }
  if (Math.max(width, height) > MAX_SIDE_RATIO * Math.min(width, height)) {
    const message = `${width}×${height} pixels; one side may be at most ${MAX_SIDE_RATIO} times the other`;
    throw new XrayError("raster/elongated", message, details);
  }
}

async function readHeader(bytes: Uint8Array): Promise<Header> {
  const found = await sharp(bytes, { limitInputPixels: false, failOn: "none" }).metadata();
  const { width, height, channels, depth } = found;
  checkSize(width, height, width * height * Math.min(channels, 4) * (depth === "ushort" ? 2 : 1));
  return {
    width,
    height,
    channels: found.channels,
    depth: found.depth,
    space: found.space,
    orientation: found.orientation ?? 1,
    hasAlpha: found.hasAlpha,
    bits: found.bitsPerSample ?? (found.depth === "ushort" ? 16 : 8),
    isPalette: found.isPalette ?? false,
  };
}

/** `grey8`, `rgba8`, `palette4`, `cmyk8`: what the file holds. */
function describeSamples({ channels, space, hasAlpha, bits, isPalette }: Header): string {
  if (isPalette) return `palette${bits}`;
  const colour = space === "cmyk" ? "cmyk" : channels - (hasAlpha ? 1 : 0) >= 3 ? "rgb" : "grey";
  return `${colour}${hasAlpha ? "a" : ""}${bits}`;
}

const TURNS: Readonly<Record<number, string>> = {
  2: "mirror",
  3: "rotate 180",
  4: "mirror, rotate 180",
  5: "mirror, rotate 270",
  6: "rotate 90",
  7: "mirror, rotate 90",
  8: "rotate 270",
};

function pipeline(bytes: Uint8Array, header: Header): { image: Sharp; channels: 1 | 3 | 4 } {
  const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: "warning", ignoreIcc: true })
    .autoOrient()
    .removeAlpha();
  const isColour = header.channels - (header.hasAlpha ? 1 : 0) >= 3;
  if (header.space === "cmyk") {
    return { image: image.pipelineColourspace("cmyk").toColourspace("cmyk").raw(), channels: 4 };
  }
  if (header.depth === "ushort") {
    const deep = isColour
      ? image.pipelineColourspace("rgb16").toColourspace("rgb16")
      : image.toColourspace("grey16");
    return { image: deep.raw({ depth: "ushort" }), channels: isColour ? 3 : 1 };
  }
  if (header.depth !== "uchar") {
    throw new XrayError("raster/unsupported", `its samples are ${header.depth}; 8 and 16 bits are read`, {
      depth: header.depth,
    });
  }
  return { image: (isColour ? image : image.toColourspace("b-w")).raw(), channels: isColour ? 3 : 1 };
}

/** Decode a file of which the decoder has nothing to complain. Throws what libvips throws. */
async function decodeStrictly(kind: PictureKind, bytes: Uint8Array): Promise<StrictImage> {
  const header = await readHeader(bytes);
  const { image, channels } = pipeline(bytes, header);
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  if (info.channels !== channels) {
    throw new XrayError("raster/unsupported", `it decodes to ${info.channels} channels, not ${channels}`, {});
  }
  const samples =
    header.depth === "ushort"
      ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const steps = [`decode ${kind} ${header.width}x${header.height} ${describeSamples(header)}`];
  const turn = TURNS[header.orientation];
  if (turn !== undefined) steps.push(`exif ${turn}`);
  const { width, height } = info;
  if (channels === 4) return { width, height, channels: 3, data: cmykToRgb(samples as Uint8Array), steps };
  return { width, height, channels, data: samples, steps };
}

/** The same picture without faults that no sample depends on; undefined where none is found. */
function mend(kind: PictureKind, bytes: Uint8Array): Mended | undefined {
  switch (kind) {
    case "jpeg":
      return mendJpeg(bytes);
    case "png":
      return mendPng(bytes);
    case "tiff":
      return mendTiff(bytes);
    case "webp":
      return undefined;
  }
}

/** Decode strictly; undefined where the decoder complains, of whatever: its words are mixed with those about other images. */
async function tryStrictly(kind: PictureKind, bytes: Uint8Array): Promise<StrictImage | undefined> {
  try {
    return await decodeAmongOthers(() => decodeStrictly(kind, bytes));
  } catch (error) {
    if (error instanceof XrayError) throw error;
    return undefined;
  }
}

const noted = (image: StrictImage, faults: readonly string[]): DecodedImage => ({
  ...image,
  notes:
    faults.length === 0 ? [] : [`all samples were read, although the layout is faulty: ${faults.join(", ")}`],
});

/**
 * Decode a file, mended where its layout has faults that no sample depends on.
 *
 * A decoder that only warns fills what is missing with grey; so warnings are errors, and what is harmless is taken out of
 * the file. What the decoder complains of then is damage.
 */
async function decodeMended(kind: PictureKind, bytes: Uint8Array): Promise<DecodedImage> {
  const image = await tryStrictly(kind, bytes);
  if (image !== undefined) return noted(image, []);
  const mended = mend(kind, bytes);
  const second = mended && (await tryStrictly(kind, mended.bytes));
  if (second !== undefined) return noted(second, mended!.faults);
  const { bytes: file, faults } = mended ?? { bytes, faults: [] };
  try {
    return noted(await decodeAlone(() => decodeStrictly(kind, file)), faults);
  } catch (error) {
    let tries = kind === "jpeg" ? MAX_TRIES : 0;
    for (const cut of cutLeftOver(file, decoderReason(error))) {
      if (tries-- <= 0) break;
      const third = await tryStrictly(kind, cut.bytes);
      if (third !== undefined) return noted(third, [...faults, ...cut.faults]);
    }
    throw error;
  }
}

/** A TIFF's only page, shrunk; undefined where it cannot be decoded. */
async function glance(bytes: Uint8Array): Promise<Glance | undefined> {
  try {
    return await decodeAmongOthers(() => shrink(bytes));
  } catch {
    return undefined;
  }
}

async function shrink(bytes: Uint8Array): Promise<Glance> {
  const { width, height } = await readHeader(bytes);
  const data = await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: "error", ignoreIcc: true })
    .removeAlpha()
    .resize(GLANCE, GLANCE, { fit: "fill" })
    .toColourspace("grey16")
    .raw({ depth: "ushort" })
    .toBuffer();
  return { width, height, grey: new Uint16Array(data.buffer, data.byteOffset, GLANCE * GLANCE) };
}

/**
 * Decode an image file.
 *
 * @param bytes    PNG (1 to 16 bits, grey, palette, RGB, with or without alpha), JPEG (also CMYK), TIFF or WebP.
 * @param reading  Which page of a TIFF is read.
 * @returns        Grey or RGB samples of 8 or 16 bits, upright, without alpha; with notes where its layout is faulty, and
 *                 where the file holds other pictures.
 * @throws         XrayError `raster/not-an-image`, `raster/too-large`, `raster/elongated`, `raster/unsupported`,
 *                 `raster/damaged`, `raster/no-such-page`.
 */
export async function decodeRaster(bytes: Uint8Array, reading: ReadingOptions = {}): Promise<DecodedImage> {
  const kind = checkKind(bytes);
  try {
    const chosen = await choosePicture(kind, bytes, reading, glance);
    const wide = kind === "tiff" ? widenTwelve(chosen.bytes) : undefined;
    const image = await decodeMended(kind, wide ?? chosen.bytes);
    const [decoded, ...others] = image.steps;
    return {
      ...image,
      ...(wide === undefined ? {} : { bits: 12 }),
      steps: [
        wide === undefined ? decoded! : decoded!.replace("grey16", "grey12"),
        ...chosen.steps,
        ...others,
      ],
      notes: [...chosen.notes, ...image.notes],
    };
  } catch (error) {
    if (error instanceof XrayError) throw error;
    const reason = (kind === "png" ? findPngDamage(bytes) : undefined) ?? decoderReason(error);
    throw new XrayError("raster/damaged", `the ${kind} image cannot be decoded (${reason})`, { kind }, error);
  }
}

/** Encode interleaved RGB samples as JPEG at quality 92 without chroma subsampling. */
export async function encodeJpeg(width: number, height: number, data: Uint8Array): Promise<Uint8Array> {
  const options = { quality: 92, chromaSubsampling: "4:4:4", optimiseCoding: false };
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .jpeg(options)
    .toBuffer();
}

/**
 * Encode grey samples as PNG of 8 bits, without a date or a profile: the same samples give the same bytes.
 *
 * Level 2 writes twice as fast as the usual 6 and a tenth larger.
 */
export async function encodeGreyPng(width: number, height: number, data: Uint8Array): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace("b-w")
    .png({ compressionLevel: 2, adaptiveFiltering: false })
    .toBuffer();
}
