/**
 * Decodes a picture whose layout has no faults: checks its header, reads its samples, and describes them for the
 * receipt.
 *
 * Pipeline:   bytes → **header → samples** → colour → resize → crop → normalise
 * Knows:      libvips' names for samples. Not files with faults or with several pictures.
 */

import { XrayError } from "../../errors.ts";
import { cmykToRgb } from "../../image/colour.ts";
import type { DecodedImage } from "../../image/prepare.ts";
import { GLANCE, type Glance } from "../../image/same-picture.ts";
import type { PictureKind } from "./chosen-picture.ts";
import { MAX_PIXELS, type PictureHeader, type PictureLibrary, type SampleForm } from "./picture-library.ts";

const MAX_DECODED_BYTES = 256_000_000;
const MAX_SIDE_RATIO = 20;

/** A decoded image, without notes. */
export type StrictImage = Omit<DecodedImage, "notes">;

/** Refuse, before decoding, what would not fit into memory or cannot be a chest X-ray. */
function checkSize(width: number, height: number, decodedBytes: number): void {
  const details = { width, height };
  if (width * height > MAX_PIXELS || decodedBytes > MAX_DECODED_BYTES) {
    const limits = `${MAX_PIXELS / 1e6} megapixels (half as many with 16 bits a channel) are read`;
    throw new XrayError(
      "raster/too-large",
      `it has ${width}×${height} pixels, but at most ${limits}; shrink it first`,
      details,
    );
  }
  if (Math.max(width, height) > MAX_SIDE_RATIO * Math.min(width, height)) {
    const message = `it has ${width}×${height} pixels, but one side may be at most ${MAX_SIDE_RATIO} times the other; crop it to the X-ray`;
    throw new XrayError("raster/elongated", message, details);
  }
}

async function readHeader(library: PictureLibrary, bytes: Uint8Array): Promise<PictureHeader> {
  const header = await library.header(bytes);
  const { width, height, channels, depth } = header;
  checkSize(width, height, width * height * Math.min(channels, 4) * (depth === "ushort" ? 2 : 1));
  return header;
}

const isColour = ({ channels, hasAlpha }: PictureHeader): boolean => channels - (hasAlpha ? 1 : 0) >= 3;

/** A short description of the file's samples: `grey8`, `rgba8`, `palette4`, `cmyk8`. */
function describeSamples(header: PictureHeader): string {
  const { depth, space, hasAlpha, isPalette, bits = depth === "ushort" ? 16 : 8 } = header;
  if (isPalette) return `palette${bits}`;
  const colour = space === "cmyk" ? "cmyk" : isColour(header) ? "rgb" : "grey";
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

/** The form in which to read the samples of a picture. */
function formOf(header: PictureHeader): SampleForm {
  const { depth, space } = header;
  if (space === "cmyk") return "cmyk8";
  if (depth === "ushort") return isColour(header) ? "rgb16" : "grey16";
  if (depth === "uchar") return isColour(header) ? "rgb8" : "grey8";
  throw new XrayError(
    "raster/unsupported",
    `its samples are ${depth}, but only 8 and 16 bits are read; convert it`,
    { depth },
  );
}

const CHANNELS: Readonly<Record<SampleForm, number>> = { grey8: 1, grey16: 1, rgb8: 3, rgb16: 3, cmyk8: 4 };

/** Decode a file without any complaint from the decoder. Throws XrayError `raster/…`, or what the library throws. */
export async function decodeStrictly(
  library: PictureLibrary,
  kind: PictureKind,
  bytes: Uint8Array,
): Promise<StrictImage> {
  const header = await readHeader(library, bytes);
  const form = formOf(header);
  const { width, height, channels, data } = await library.samples(bytes, form, header);
  if (channels !== CHANNELS[form]) {
    throw new XrayError(
      "raster/unsupported",
      `it decodes to ${channels} channels, not ${CHANNELS[form]}; convert it to grey or RGB`,
      {},
    );
  }
  const steps = [`decode ${kind} ${header.width}x${header.height} ${describeSamples(header)}`];
  const turn = TURNS[header.orientation];
  if (turn !== undefined) steps.push(`exif ${turn}`);
  if (form === "cmyk8") return { width, height, channels: 3, data: cmykToRgb(data as Uint8Array), steps };
  return { width, height, channels: channels as 1 | 3, data, steps };
}

/** The only page of a TIFF, shrunk; undefined if it cannot be decoded. */
export async function glanceAt(library: PictureLibrary, bytes: Uint8Array): Promise<Glance | undefined> {
  try {
    return await library.amongOthers(async () => {
      const { width, height } = await readHeader(library, bytes);
      return { width, height, grey: await library.shrink(bytes, GLANCE) };
    });
  } catch {
    return undefined;
  }
}
