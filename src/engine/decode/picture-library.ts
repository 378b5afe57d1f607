/**
 * The interface to libvips, since there is one binding for Node and another one for browsers.
 *
 * Knows: libvips' names for samples. Not which binding it is: `node/raster.ts` has sharp, `browser/raster.ts`
 * wasm-vips.
 */

export { MAX_PIXELS } from "../../formats/limits.ts";

/** What a file's header says about its picture, in libvips' terms. */
export interface PictureHeader {
  /** Before EXIF rotation. */
  readonly width: number;
  readonly height: number;
  /** Includes alpha. */
  readonly channels: number;
  /** `uchar`, `ushort`, `float`, … */
  readonly depth: string;
  /** `b-w`, `srgb`, `grey16`, `rgb16`, `cmyk`, … */
  readonly space: string;
  /** As in EXIF, 1 to 8; 1 if there is none. */
  readonly orientation: number;
  readonly hasAlpha: boolean;
  /** Bits per sample in the file, if known. */
  readonly bits: number | undefined;
  readonly isPalette: boolean;
}

/** The form of the samples to return: their colour space, and the number of bits per sample. */
export type SampleForm = "grey8" | "rgb8" | "grey16" | "rgb16" | "cmyk8";

/** Samples row by row, interleaved. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** A Uint16Array if 16 bits were requested. */
  readonly data: Uint8Array | Uint16Array;
}

/**
 * A binding to libvips. It ignores colour profiles and gamma chunks.
 *
 * Its errors carry libvips' own words, one cause per line; `decoder-words.ts` translates them.
 */
export interface PictureLibrary {
  /** Read a header. This does not report what is wrong with the file. */
  header(bytes: Uint8Array): Promise<PictureHeader>;
  /** Decode strictly, with warnings as errors. The result is upright and without alpha. */
  samples(bytes: Uint8Array, form: SampleForm, header: PictureHeader): Promise<Samples>;
  /** Shrink to `size` by `size` grey samples of 16 bits, ignoring proportions and warnings. */
  shrink(bytes: Uint8Array, size: number): Promise<Uint16Array>;
  /** Decode while others may do so too. Errors may carry messages about their pictures. */
  amongOthers<T>(work: () => Promise<T>): Promise<T>;
  /** Decode while nobody else does, so that errors are about this picture. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}
