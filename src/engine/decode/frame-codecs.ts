/**
 * The interface to the decoders of compressed DICOM frames, since they are loaded differently in Node and in a browser.
 *
 * Knows: transfer syntaxes and samples. Not files: `engine/decode/decode-dicom.ts` knows those.
 */

import type { PixelDescription } from "../../formats/dicom/pixel-description.ts";

/** The samples of one frame, as stored: before any lookup table, interleaved if there are several per pixel. */
export interface StoredFrame {
  /** H·W·samples, rows from the top; signed if the samples are. */
  readonly samples: Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;
  /** The photometric interpretation after decoding, since decoders may convert colours: `RGB` of `YBR_FULL_422`. */
  readonly photometricInterpretation: string;
  /** Bits of a sample in the stream. */
  readonly bits: number;
}

/** Decodes compressed frames. */
export interface FrameCodecs {
  /**
   * Decode one frame.
   *
   * @param bytes            The whole compressed frame.
   * @param transferSyntax   A UID that `isCompressed` knows.
   * @param description      What the header says about the samples.
   * @throws                 XrayError `dicom/damaged`, `dicom/unsupported`, `dicom/no-codec`.
   */
  decode(bytes: Uint8Array, transferSyntax: string, description: PixelDescription): Promise<StoredFrame>;
}
