/**
 * A picture as a viewer shows it: grey levels, the values behind them, the window that was applied, and sizes in
 * millimetres.
 *
 * Pipeline:   bytes → decoded image and its values → **picture for a viewer**
 * Knows:      samples and numbers. Not canvases or models.
 */

/** A linear window: the value `center` is shown mid-grey; `center ± width / 2` are shown black and white. */
export interface ViewerWindow {
  /** In units of `ViewerPicture.values`. */
  readonly center: number;
  /** In the same units; above 0. */
  readonly width: number;
  /**
   * Whether the window gives `shown`, to one grey level. If false, the picture's own curve is not linear (a VOI LUT, a
   * sigmoid, equalisation), and this window only spans the same range of values.
   */
  readonly exact: boolean;
}

/** Distance between the centres of neighbouring pixels, in millimetres. */
export interface Spacing {
  /** Between rows, that is, downwards. */
  readonly row: number;
  /** Between columns, that is, to the right. */
  readonly column: number;
  /**
   * The attribute that says so. `PixelSpacing` is calibrated to the patient, if the file says no more about it.
   * `ImagerPixelSpacing` is measured at the detector, where everything appears larger than it is.
   */
  readonly source: "PixelSpacing" | "ImagerPixelSpacing";
  /** Whether lengths are those at the detector rather than in the patient. */
  readonly isAtDetector: boolean;
}

/** A picture for a viewer. */
export interface ViewerPicture {
  readonly width: number;
  readonly height: number;
  /** 3 only if some pixel is coloured. */
  readonly channels: 1 | 3;
  /** H·W·channels samples of 8 bits, interleaved: the picture that the preparation starts from (`data image` writes it). */
  readonly shown: Uint8Array;
  /**
   * H·W values to window, for grey pictures only: 16-bit samples, or the values of a DICOM file after its modality LUT or
   * rescale. Undefined if `shown` is all there is.
   */
  readonly values?: Uint16Array | Int16Array | Float32Array;
  /** The window that `shown` was made with. Undefined without `values`. */
  readonly window?: ViewerWindow;
  /** Whether high values are shown dark: MONOCHROME1, or a Presentation LUT Shape of INVERSE. `shown` is inverted already. */
  readonly inverted: boolean;
  /** What the values are, if the file says so: Rescale Type (0028,1054), such as `HU` or `US` for unspecified. */
  readonly unit?: string;
  /** Undefined if the file does not say, or says 0. */
  readonly spacing?: Spacing;
}
