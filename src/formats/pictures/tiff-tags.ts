/**
 * TIFF's tags, by name.
 *
 * Knows:      numbers.
 * Reference:  Adobe, TIFF Revision 6.0, appendix A; TIFF Technical Note 2.
 */
export const TAG = {
  /** NewSubfileType: a reduced version, a page, or a mask. */
  subfile: 254,
  /** SubfileType, its predecessor. */
  oldSubfile: 255,
  width: 256,
  height: 257,
  /** BitsPerSample. */
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  /** SamplesPerPixel. */
  samples: 277,
  /** RowsPerStrip. */
  rows: 278,
  stripCounts: 279,
  planar: 284,
  tileOffsets: 324,
  tileCounts: 325,
  extraSamples: 338,
} as const;
