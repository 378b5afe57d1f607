/**
 * How the samples of a DICOM picture are stored, as its header says.
 *
 * Reference:  DICOM PS3.3 C.7.6.3 (Image Pixel), C.7.6.6 (Multi-frame).
 */

/** The image pixel module. */
export interface PixelDescription {
  readonly rows: number;
  readonly columns: number;
  /** 1 or 3. */
  readonly samplesPerPixel: number;
  /** `MONOCHROME1`, `MONOCHROME2`, `PALETTE COLOR`, `RGB`, `YBR_FULL`, … */
  readonly photometricInterpretation: string;
  /** Whether all samples of a colour come before those of the next, instead of pixel by pixel. */
  readonly isPlanar: boolean;
  /** 8, 16 or 32; 1 is refused. */
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly isSigned: boolean;
  readonly frames: number;
}
