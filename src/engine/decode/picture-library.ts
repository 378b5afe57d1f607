/**
 * What the decoder asks of libvips: an interface, for there is one binding to it in Node and another in a browser.
 *
 * Knows: samples as libvips names them. Not which binding it is: `node/raster.ts` has sharp, `browser/raster.ts` wasm-vips.
 */

/** Larger images are refused; an X-ray has 4 to 16 megapixels. */
export const MAX_PIXELS = 64_000_000;

/** What the header of a file says of its picture, in libvips' words. */
export interface PictureHeader {
  /** Before it is turned as EXIF says. */
  readonly width: number;
  readonly height: number;
  /** Alpha is among them. */
  readonly channels: number;
  /** `uchar`, `ushort`, `float`, … */
  readonly depth: string;
  /** `b-w`, `srgb`, `grey16`, `rgb16`, `cmyk`, … */
  readonly space: string;
  /** EXIF's, 1 to 8; 1 where there is none. */
  readonly orientation: number;
  readonly hasAlpha: boolean;
  /** Bits a sample has in the file, where they are known. */
  readonly bits: number | undefined;
  readonly isPalette: boolean;
}

/** The samples that are wanted of a picture: their colour space, and how many bits each has. */
export type SampleForm = "grey8" | "rgb8" | "grey16" | "rgb16" | "cmyk8";

/** Samples row by row, interleaved. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** A Uint16Array where 16 bits are wanted. */
  readonly data: Uint8Array | Uint16Array;
}

/**
 * A binding to libvips. Profiles and gamma chunks are left alone.
 *
 * What it throws carries libvips' own words, a cause a line; `decoder-words.ts` puts them into ours.
 */
export interface PictureLibrary {
  /** Read a header; of what is wrong with the file, nothing is said yet. */
  header(bytes: Uint8Array): Promise<PictureHeader>;
  /** Decode strictly: a warning is an error. Upright, without alpha. */
  samples(bytes: Uint8Array, form: SampleForm, header: PictureHeader): Promise<Samples>;
  /** Shrink to `size` by `size` grey samples of 16 bits, whatever the proportions; warnings are no errors. */
  shrink(bytes: Uint8Array, size: number): Promise<Uint16Array>;
  /** Decode while others may do so too: what is thrown may have words about their pictures. */
  amongOthers<T>(work: () => Promise<T>): Promise<T>;
  /** Decode while nobody else does: what is thrown is about this picture. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}
