/**
 * A picture as a viewer shows it: grey levels, the values behind them, the window that was applied, and sizes in
 * millimetres.
 *
 * Pipeline:   image decoded for a viewer → 8 bits → **picture for a viewer**
 * Knows:      samples and numbers. Not canvases or models.
 */

import { type ViewerWindow, windowBetween } from "../image/display/viewer-values.ts";
import type { DecodedImage, EightBitImage, ReadingOptions } from "../image/prepare.ts";

export type { ViewerWindow } from "../image/display/viewer-values.ts";

/** Distance between the centres of neighbouring pixels, in millimetres. */
export interface Spacing {
  /** Between rows, that is, downwards. */
  readonly row: number;
  /** Between columns, that is, to the right. */
  readonly column: number;
  /** The attribute that says so: Pixel Spacing (0028,0030) or Imager Pixel Spacing (0018,1164). */
  readonly source: "PixelSpacing" | "ImagerPixelSpacing";
  /**
   * Whether lengths are those at the detector, where everything appears larger than it is in the patient. That is so for
   * `ImagerPixelSpacing`, and for a `PixelSpacing` that repeats it without a calibration (PS3.3 10.7.1.3).
   */
  readonly isAtDetector: boolean;
}

/** What a decoder knows about a grey picture beside its grey levels. */
export interface GreyFacts {
  readonly values?: Uint16Array | Int16Array | Float32Array;
  readonly window?: ViewerWindow;
  readonly padding?: { readonly low: number; readonly high: number };
  readonly inverted?: boolean;
  readonly unit?: string;
  readonly spacing?: Spacing;
}

/** An image decoded for a viewer. */
export interface ViewerImage {
  readonly image: DecodedImage;
  /** Of a DICOM file. */
  readonly facts?: GreyFacts;
}

/** Decodes an image file for a viewer. Throws XrayError `raster/…`, `dicom/…`. */
export type ViewerDecoder = (bytes: Uint8Array, reading: ReadingOptions) => Promise<ViewerImage>;

/** A picture for a viewer. */
export interface ViewerPicture {
  readonly width: number;
  readonly height: number;
  /** 3 only if some pixel is coloured. */
  readonly channels: 1 | 3;
  /** H·W·channels samples of 8 bits, interleaved: the picture that the preparation starts from, with colours kept. */
  readonly shown: Uint8Array;
  /**
   * H·W values to window, for grey pictures only: 16-bit samples, or the values of a DICOM file after its modality LUT or
   * rescale. Undefined if `shown` is all there is.
   */
  readonly values?: Uint16Array | Int16Array | Float32Array;
  /** The window that `shown` was made with. Undefined without `values`, or if all of these are equal. */
  readonly window?: ViewerWindow;
  /** Values from `low` to `high` belong to no picture, and are black in every window, also inverted. */
  readonly padding?: { readonly low: number; readonly high: number };
  /** Whether high values are shown dark: MONOCHROME1, or a Presentation LUT Shape of INVERSE. `shown` is inverted already. */
  readonly inverted: boolean;
  /** What the values are, if the file says so: Rescale Type (0028,1054), such as `HU`. */
  readonly unit?: string;
  /** Undefined if the file does not say. */
  readonly spacing?: Spacing;
}

/** The values of a grey picture of more than 8 bits, with the window by which they become 8. */
function sampleValues({ image, eight }: EightBitImage): GreyFacts {
  if (image.channels !== 1 || !(image.data instanceof Uint16Array)) return {};
  const window = windowBetween(0, 2 ** eight.bits - 1)!;
  return { values: image.data, window };
}

/**
 * Make a picture for a viewer.
 *
 * @param from   The image, converted to 8 bits as a model's preparation says.
 * @param facts  What the decoder of a DICOM file knows beside.
 */
export function viewerPicture(from: EightBitImage, facts?: GreyFacts): ViewerPicture {
  const { width, height, channels, data } = from.raster;
  return { width, height, channels, shown: data, inverted: false, ...(facts ?? sampleValues(from)) };
}
